/**
 * Remembers, for large lists, in which words each object was last written or read. Objects never change in place, so an
 * object that is still there needs no second encoding: a save costs what changed.
 */
import type { JsonObject } from './codec';
import type { WrittenShape } from './codec-shapes';

export interface Memo {
  readonly shape: WrittenShape;
  /** The texts of the row's values: `"web-0",7`. */
  readonly values: string;
}

/** Smaller lists are written anew, in their most compact form. */
const WORTHWHILE = 1000;
/** At most about so many shapes of a list are taken over; the objects of smaller ones find a new shape together. */
const MAX_ADOPTED = 64;

export class LineMemory {
  private readonly lists = new Map<string, Map<JsonObject, Memo>>();
  /** Makes what is to be remembered of a list that was read, once something is saved: most commands save nothing. */
  private readonly unused = new Map<string, () => Map<JsonObject, Memo>>();

  static isWorthwhile(items: readonly unknown[]): boolean {
    return items.length >= WORTHWHILE;
  }

  rememberRead(list: string, memos: () => Map<JsonObject, Memo>): void {
    this.unused.set(list, memos);
  }

  /** Remembers the words in which objects of a list were just written, beside what is known of the others. */
  remember(list: string, items: readonly JsonObject[], memos: readonly (Memo | undefined)[]): void {
    if (!LineMemory.isWorthwhile(items)) return;
    const known = this.lists.get(list);
    if (known === undefined) this.unused.set(list, () => note(items, memos, new Map()));
    else this.lists.set(list, note(items, memos, known.size < 2 * items.length ? known : only(items, known)));
  }

  /** What is known of each of a list's objects, except for those whose shape is hardly used any more. */
  recall(list: string, items: readonly JsonObject[]): readonly (Memo | undefined)[] | undefined {
    const known = this.known(list);
    if (known === undefined || !LineMemory.isWorthwhile(items)) return undefined;
    const counts = new Map<WrittenShape, number>();
    const memos = items.map((item) => {
      const memo = known.get(item);
      if (memo) counts.set(memo.shape, (counts.get(memo.shape) ?? 0) + 1);
      return memo;
    });
    const enough = items.length / MAX_ADOPTED;
    const rare = new Set<WrittenShape>();
    for (const [shape, count] of counts) if (count < enough) rare.add(shape);
    return rare.size === 0 ? memos : memos.map((memo) => (memo && rare.has(memo.shape) ? undefined : memo));
  }

  private known(list: string): Map<JsonObject, Memo> | undefined {
    const make = this.unused.get(list);
    if (make) {
      this.unused.delete(list);
      this.lists.set(list, make());
    }
    return this.lists.get(list);
  }
}

function note(
  items: readonly JsonObject[],
  memos: readonly (Memo | undefined)[],
  into: Map<JsonObject, Memo>,
): Map<JsonObject, Memo> {
  for (const [i, memo] of memos.entries()) if (memo) into.set(items[i], memo);
  return into;
}

/** What is known of these objects, without those that are gone. */
function only(items: readonly JsonObject[], known: ReadonlyMap<JsonObject, Memo>): Map<JsonObject, Memo> {
  const memos = items.map((item) => known.get(item));
  return note(items, memos, new Map());
}
