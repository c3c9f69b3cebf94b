/**
 * The document form of the state file: JSON in which every array of objects is a list of lines. Objects of one shape are
 * stored as one base and a row each with what differs (docs/state-file.md). decode(encode(x)) equals x.
 */
import { decodeJson, encodeJson } from './codec-json';
import { LineMemory, type Memo } from './codec-memory';
import { buildRows } from './codec-rows';
import { chooseShapes, SEPARATOR, type WrittenShape } from './codec-shapes';
import { hasSum, isIntact, sealed, sealedBytes } from './codec-sum';
import { LAST_LIST, UnreadList, withoutLastList } from './codec-unread';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** Fields of the document that the codec writes in lines; every other field stays plain JSON. */
const isList = (value: unknown): value is readonly JsonObject[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));

/** A list in its written form: `shapes` that rows refer to by number, and a line an item. */
interface WrittenList {
  readonly shapes: readonly unknown[];
  readonly lines: readonly unknown[];
}

const LISTS = 'lists';
const SUM = 'sum';

/**
 * The text of a document: one line a shape, one line an item. Fields that are undefined are left out, as JSON does. With
 * the memory of an earlier reading or writing, only new items are encoded. A document with a schema gets a sum.
 */
export function encodeDocument(document: JsonObject, memory?: LineMemory): string {
  const { head, body } = written(document, memory);
  return head === undefined ? `{${body}` : sealed(head, body);
}

/** The bytes of the same text, in pieces that follow one another. */
export function encodeBytes(document: JsonObject, memory?: LineMemory): readonly Uint8Array[] {
  const { head, body } = written(document, memory);
  return head === undefined ? [new TextEncoder().encode(`{${body}`)] : sealedBytes(head, body);
}

/** The text without its sum: the line before that, where the document has a schema, and what follows. */
function written({ schema, ...document }: JsonObject, memory: LineMemory | undefined) {
  for (const name of [LISTS, SUM]) if (name in document) throw new Error(`a state field may not be called "${name}"`);
  const plain: string[] = [];
  const lists: string[] = [];
  const { [LAST_LIST]: last, ...others } = document;
  for (const [key, value] of [...Object.entries(others), [LAST_LIST, last] as const]) {
    if (value === undefined) continue;
    if (value instanceof UnreadList) lists.push(`${JSON.stringify(key)}:${value.text}`);
    else if (isList(value)) lists.push(`${JSON.stringify(key)}:${encodeList(key, value, memory)}`);
    else plain.push(`${JSON.stringify(key)}:${encodeJson(value)}`);
  }
  plain.push(`"${LISTS}":{${together(lists)}}`);
  const body = `${together(plain)}}\n`;
  return { head: schema === undefined ? undefined : `{"schema":${encodeJson(schema)},\n`, body };
}

/** Texts one after another: what is added is copied only once it is used, however often it is added; `join` copies at once. */
const together = (texts: readonly string[]): string =>
  texts.reduce((all, text, i) => (i > 0 ? all + SEPARATOR + text : text), '');

function encodeList(key: string, items: readonly JsonObject[], memory: LineMemory | undefined): string {
  const { shapes, lines, memos } = chooseShapes(items, memory?.recall(key, items));
  memory?.remember(key, items, memos);
  return `{"shapes":[\n${shapes.map((shape) => encodeJson(shape)).join(SEPARATOR)}],"lines":[\n${lines}]}`;
}

/** A text that makes sense, and is not the one that was written. */
export class ChangedText extends Error {
  constructor() {
    super(`it is not what was saved (its content and its line "${SUM}" differ)`);
  }
}

/** The reverse. Items of one shape share what they have in common. Throws Error with what is wrong. */
export function decodeDocument(text: string, memory?: LineMemory): JsonObject {
  if (text.trim() === '') throw new Error('it is empty');
  return decodeText(text, () => isIntact(text), memory);
}

/** Like decodeDocument; of a document with a good sum, the last list is an UnreadList. */
export function openDocument(text: string, memory?: LineMemory): JsonObject {
  const isGood = hasSum(text) && isIntact(text);
  const parts = isGood ? withoutLastList(text) : undefined;
  if (!parts) return decodeDocument(text, memory);
  const read = (list: string) => decodeList(LAST_LIST, decodeJson(list), memory);
  return { ...decodeText(parts.rest, () => isGood, memory), [LAST_LIST]: new UnreadList(parts.list, read) };
}

function decodeText(text: string, isIntact: () => boolean, memory: LineMemory | undefined): JsonObject {
  const parsed = decodeJson(text);
  if (!isObject(parsed)) throw new Error('it is no JSON object');
  const { [LISTS]: lists, [SUM]: sum, ...plain } = parsed;
  if (sum !== undefined && !isIntact()) throw new ChangedText();
  if (!isObject(lists)) throw new Error(`it has no "${LISTS}"`);
  const document: Record<string, unknown> = plain;
  for (const [key, list] of Object.entries(lists)) {
    const value = decodeList(key, list, memory);
    Object.defineProperty(document, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return document;
}

function decodeList(key: string, list: unknown, memory: LineMemory | undefined): readonly JsonObject[] {
  if (!isWrittenList(list)) throw new Error(`"${key}" has no shapes and lines`);
  const items = buildRows(list.shapes, list.lines, key);
  if (memory && LineMemory.isWorthwhile(items)) memory.rememberRead(key, () => memosOf(list, items));
  return items;
}

/** The words of the rows that were just read. */
function memosOf({ shapes, lines }: WrittenList, items: readonly JsonObject[]): Map<JsonObject, Memo> {
  const memos = new Map<JsonObject, Memo>();
  for (const [i, line] of lines.entries()) {
    if (!Array.isArray(line)) continue;
    memos.set(items[i], new ReadMemo(shapes[line[0]] as WrittenShape, line));
  }
  return memos;
}

/** Makes the text of a row only when it is written again. */
class ReadMemo implements Memo {
  constructor(
    readonly shape: WrittenShape,
    private readonly row: readonly unknown[],
  ) {}

  get values(): string {
    const text = encodeJson(this.row);
    const comma = text.indexOf(',');
    return comma < 0 ? '' : text.slice(comma + 1, -1);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWrittenList(value: unknown): value is WrittenList {
  return isObject(value) && Array.isArray(value.shapes) && Array.isArray(value.lines);
}
