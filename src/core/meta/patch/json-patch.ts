/**
 * JSON patches (RFC 6902) as the API server's library applies them (evanphx/json-patch), which is a little more lenient than the
 * standard: indices may count from the end, a missing value is null, and a missing field equals null and is copied as null.
 */

import { deepEqual } from '../equal';
import { goQuote } from '../gofmt';
import { stringifyJson } from '../json';
import { get, has, isObject, type JsonObject, put } from '../objects';

/** The patch does not apply: an operation is malformed, a path does not exist, or a test failed. In the library's words. */
export class JsonPatchError extends Error {
  override name = 'JsonPatchError';
}

/** The API server's limit on what `copy` may add, all operations of a patch together, bytes: each could double the document. */
const MOST_COPIED = 3 * 1024 * 1024;

/** The document with all operations applied in order, or none: throws JsonPatchError. Neither argument is changed. */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw undecodable(operations, 'Patch');
  for (const operation of operations) {
    if (operation !== null && !isObject(operation)) throw undecodable(operation, 'Operation');
  }
  const copies = { bytes: 0 };
  return operations.reduce(
    (result: unknown, operation: JsonObject | null) => apply(result, operation ?? {}, copies),
    copy(document),
  );
}

/** What the operations so far have copied. */
interface Copies {
  bytes: number;
}

/** The document after the operation, which changes it in place. */
function apply(document: unknown, operation: JsonObject, copies: Copies): unknown {
  const op = get(operation, 'op');
  const value = copy(get(operation, 'value') ?? null);
  switch (op) {
    case 'add': {
      const { place, path } = existing(document, operation, op, (gone) => `doc is missing path: "${gone}"`);
      explained(`error in add for path: '${path}'`, () => add(place, value));
      return document;
    }
    case 'remove': {
      const { place, path } = existing(document, operation, op, (gone) => `doc is missing path: "${gone}"`);
      explained(`error in remove for path: '${path}'`, () => remove(place));
      return document;
    }
    case 'replace':
      return replace(document, operation, value);
    case 'test':
      test(document, operation, value);
      return document;
    case 'move':
    case 'copy':
      transfer(document, operation, op, copies);
      return document;
    default:
      throw new JsonPatchError(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

function replace(document: unknown, operation: JsonObject, value: unknown): unknown {
  if (get(operation, 'path') === '') {
    // The library wraps an error that is none.
    if (typeof value === 'object' && value !== null) return value;
    throw new JsonPatchError('replace operation value must be object or array: %!w(<nil>)');
  }
  const { place, path } = existing(document, operation, 'replace', (gone) => `doc is missing path: ${gone}`);
  const { container, key } = place;
  if (!Array.isArray(container)) put(container, key, value);
  else {
    const index = wholeNumber(key);
    const position = typeof index === 'number' ? fromStart(index, container.length) : undefined;
    if (position === undefined) throw missing(`replace operation does not apply: doc is missing key: ${path}`);
    container[position] = value;
  }
  return document;
}

function test(document: unknown, operation: JsonObject, value: unknown): void {
  const failed = (path: string) => new JsonPatchError(`testing value ${path} failed: test failed`);
  if (get(operation, 'path') === '') {
    if (!deepEqual(document, value)) throw failed('');
    return;
  }
  const { place, path } = existing(document, operation, 'test', (gone) => `is missing path: ${gone}`);
  const found = explained(`error in test for path: '${path}'`, () => valueAt(place));
  if (!deepEqual(found ?? null, value)) throw failed(path);
}

function transfer(document: unknown, operation: JsonObject, op: 'move' | 'copy', copies: Copies): void {
  const from = get(operation, 'from');
  if (typeof from !== 'string') {
    throw missing(`${op} operation failed to decode from: operation, missing from field`);
  }
  const source = find(document, from);
  if (!source) throw missing(`${op} operation does not apply: doc is missing from path: ${from}`);
  const where = op === 'move' ? `error in move for path: '${source.key}'` : `error in copy for from: '${from}'`;
  const value = explained(where, () => valueAt(source) ?? null);
  if (op === 'move') explained(where, () => remove(source));
  const { place, path } = existing(document, operation, op, (gone) => `doc is missing destination path: ${gone}`);
  const adding = op === 'move' ? `error in move for path: '${path}'` : 'error while adding value during copy';
  if (op === 'copy') copies.bytes += new TextEncoder().encode(stringifyJson(value)).length;
  if (copies.bytes > MOST_COPIED)
    throw new JsonPatchError(
      `Unable to complete the copy, the accumulated size increase of copy is ${copies.bytes}, exceeding the limit ${MOST_COPIED}`,
    );
  explained(adding, () => add(place, copy(value)));
}

/** A member of an object or an item of a list, which may be there or not. */
interface Place {
  readonly container: JsonObject | unknown[];
  readonly key: string;
}

/** Where the operation's path leads. Throws JsonPatchError when what would hold it is not there. */
function existing(
  document: unknown,
  operation: JsonObject,
  op: string,
  words: (path: string) => string,
): { place: Place; path: string } {
  const path = get(operation, 'path');
  if (typeof path !== 'string') throw missing(`${op} operation failed to decode path`);
  const place = find(document, path);
  if (!place) throw missing(`${op} operation does not apply: ${words(path)}`);
  return { place, path };
}

/** What precedes the first slash is ignored. */
function find(document: unknown, path: string): Place | undefined {
  const keys = path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = keys.pop();
  let container = document;
  for (const step of keys) {
    if (Array.isArray(container)) {
      const index = wholeNumber(step);
      const position = typeof index === 'number' ? fromStart(index, container.length) : undefined;
      container = position === undefined ? undefined : container[position];
    } else container = isObject(container) ? get(container, step) : undefined;
  }
  if (key === undefined || !(isObject(container) || Array.isArray(container))) return undefined;
  return { container, key };
}

/** Undefined where an object has no such member. */
function valueAt({ container, key }: Place): unknown {
  return Array.isArray(container) ? container[position(key, container.length)] : get(container, key);
}

function add({ container, key }: Place, value: unknown): void {
  if (!Array.isArray(container)) put(container, key, value);
  else if (key === '-') container.push(value);
  else {
    const wrong = `value was not a proper array index: '${key}'`;
    const index = explained(typeof wholeNumber(key) === 'number' ? undefined : wrong, () =>
      position(key, container.length + 1),
    );
    container.splice(index, 0, value);
  }
}

function remove({ container, key }: Place): void {
  if (Array.isArray(container)) container.splice(position(key, container.length), 1);
  else if (has(container, key)) delete container[key];
  else throw missing(`Unable to remove nonexistent key: ${key}`);
}

/** The key as a position in a list of that length; negative ones count from its end. Throws JsonPatchError. */
function position(key: string, length: number): number {
  const index = wholeNumber(key);
  if (typeof index === 'string') throw new JsonPatchError(`strconv.Atoi: parsing ${goQuote(key)}: ${index}`);
  const found = fromStart(index, length);
  if (found === undefined) {
    throw new JsonPatchError(`Unable to access invalid index: ${BigInt(key)}: invalid index referenced`);
  }
  return found;
}

const fromStart = (index: number, length: number): number | undefined =>
  index >= length || index < -length ? undefined : index < 0 ? index + length : index;

/** The number, or in words why it is none, as strconv.Atoi. */
function wholeNumber(text: string): number | string {
  if (!/^[+-]?[0-9]+$/.test(text)) return 'invalid syntax';
  const value = Number(text);
  return Math.abs(value) >= 2 ** 63 ? 'value out of range' : value;
}

const missing = (words: string): JsonPatchError => new JsonPatchError(`${words}: missing value`);

/** Does it; puts the words, if any, in front of a refusal. */
function explained<T>(words: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (words === undefined || !(error instanceof JsonPatchError)) throw error;
    throw new JsonPatchError(`${words}: ${error.message}`);
  }
}

function undecodable(value: unknown, type: string): JsonPatchError {
  const name = typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? 'array' : typeof value;
  return new JsonPatchError(`json: cannot unmarshal ${name} into Go value of type jsonpatch.${type}`);
}

/** The value with objects and lists of its own. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const made: JsonObject = {};
  for (const key of Object.keys(value)) put(made, key, copy(get(value, key)));
  return made;
}
