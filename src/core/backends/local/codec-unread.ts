/**
 * A list of a state file that is kept as its text until somebody asks for its items: the Events, which most commands neither
 * show nor change. Who saves it unread writes the same text again.
 */
import type { JsonObject } from './codec';

/** The list that is written last, and so can be told from the rest of the text. */
export const LAST_LIST = 'events';

const BEFORE = `,\n"${LAST_LIST}":`;
const BEGIN = '{"shapes":[\n';
/** Behind the last list: the end of the lists and of the document. */
const END = '}}\n';

export class UnreadList {
  private items: readonly JsonObject[] | undefined;

  constructor(
    readonly text: string,
    private readonly decode: (text: string) => readonly JsonObject[],
  ) {}

  read(): readonly JsonObject[] {
    this.items ??= this.decode(this.text);
    return this.items;
  }
}

/** The items of a list, read or not; none for what is no list. */
export const itemsOf = (list: unknown): readonly JsonObject[] =>
  list instanceof UnreadList ? list.read() : Array.isArray(list) ? list : [];

/** The text of a document without its last list, and that of the list; undefined where there is none. Only for texts with a good sum. */
export function withoutLastList(text: string): { rest: string; list: string } | undefined {
  const at = text.lastIndexOf(BEFORE + BEGIN);
  if (at < 0 || !text.endsWith(END)) return undefined;
  return { rest: text.slice(0, at) + END, list: text.slice(at + BEFORE.length, -END.length) };
}
