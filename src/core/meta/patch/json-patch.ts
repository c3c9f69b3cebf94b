/**
 * JSON patches (RFC 6902) as the API server applies them, which is a little more lenient than the standard. Load this module
 * only when a patch of that type has to be applied: its library is not small.
 */

import * as library from 'fast-json-patch';
import { get, has, isObject, type JsonObject } from '../objects';

/** The patch does not apply: an operation is malformed, a path does not exist, or a test failed. */
export class JsonPatchError extends Error {
  override name = 'JsonPatchError';
}

/**
 * The document with all operations applied in order, or none: throws JsonPatchError. Neither argument is changed. Paths
 * through `__proto__` and `constructor/prototype` are refused.
 */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) throw new JsonPatchError('a JSON patch must be a list of operations');
  // The library changes the document and the operations' values in place: it gets its own.
  let result: unknown = copy(document);
  for (const operation of copy(operations) as unknown[]) {
    if (!isObject(operation)) throw new JsonPatchError('an operation of a JSON patch must be an object');
    const standard = standardise(operation, result);
    if (standard === undefined) continue;
    try {
      result = applyPatch()(result, [standard], true, true, true).newDocument;
    } catch (error) {
      // Its messages go on with the whole document from the second line.
      throw new JsonPatchError(String((error as Error).message).split('\n')[0]);
    }
  }
  return result;
}

/**
 * The same operation in the standard's terms: the API server's library counts negative indices from the end, sets a missing
 * field on `replace`, takes a missing value for null, and finds that a missing field equals null.
 */
function standardise(operation: JsonObject, document: unknown): library.Operation | undefined {
  const op = get(operation, 'op');
  const path = pointer(get(operation, 'path'), document, op === 'add' || op === 'move' || op === 'copy');
  const value = get(operation, 'value') ?? null;
  const missing = path.parent !== undefined && !has(path.parent, path.key);
  if (op === 'test' && missing && value === null) return undefined;
  if (op === 'move' || op === 'copy') {
    return { op, from: pointer(get(operation, 'from'), document, false).text, path: path.text };
  }
  return { op: op === 'replace' && missing ? 'add' : op, path: path.text, value } as library.Operation;
}

interface Pointer {
  readonly text: string;
  /** The object that has, or would have, the last key; undefined when there is none or it is a list. */
  readonly parent: JsonObject | undefined;
  readonly key: string;
}

function pointer(path: unknown, document: unknown, inserts: boolean): Pointer {
  if (typeof path !== 'string') throw new JsonPatchError('an operation of a JSON patch needs a path');
  // What precedes the first slash is ignored.
  const parts = path.split('/').slice(1);
  let parent: unknown;
  let node = document;
  for (const [index, part] of parts.entries()) {
    parent = node;
    if (Array.isArray(node) && /^-?[0-9]{1,9}$/.test(part)) {
      const extra = inserts && index === parts.length - 1 ? 1 : 0;
      const position = Number(part) < 0 ? Number(part) + node.length + extra : Number(part);
      if (position < 0) throw new JsonPatchError(`Unable to access invalid index: ${part}`);
      parts[index] = String(position);
      node = node[position];
    } else node = isObject(node) ? get(node, unescapePart(part)) : undefined;
  }
  const text = parts.map((part) => `/${part}`).join('');
  return { text, parent: isObject(parent) ? parent : undefined, key: unescapePart(parts.at(-1) ?? '') };
}

function unescapePart(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function copy(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The library is CommonJS: bundlers expose its functions by name, Node under the default export. */
function applyPatch(): typeof library.applyPatch {
  return library.applyPatch ?? (library as unknown as { default: typeof library }).default.applyPatch;
}
