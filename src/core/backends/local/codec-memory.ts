/**
 * Remembers, for large lists, in which words each object was last written or read. Objects never change in place, so an
 * object that is still there needs no second encoding: a save costs what changed.
 */
import type { JsonObject } from './codec';
import type { WrittenShape } from './codec-shapes';

export interface Memo {
  readonly shape: WrittenShape;
  /** The row's text after its shape's number: `,"web-0",…]`. */
  readonly tail: string;
}

/** Smaller lists are written anew, in their most compact form. */
const WORTHWHILE = 1000;
/** At most about so many shapes of a list are taken over; the objects of smaller ones find a new shape together. */
const MAX_ADOPTED = 64;

export class LineMemory {
  private readonly lists = new Map<string, Map<JsonObject, Memo>>();

  static isWorthwhile(items: readonly unknown[]): boolean {
    return items.length >= WORTHWHILE;
  }

  remember(list: string, memos: Map<JsonObject, Memo>): void {
    this.lists.set(list, memos);
  }

  /** What is known of a list's objects, except for those whose shape is hardly used any more. */
  recall(list: string, items: readonly JsonObject[]): ReadonlyMap<JsonObject, Memo> | undefined {
    const known = this.lists.get(list);
    if (known === undefined || !LineMemory.isWorthwhile(items)) return undefined;
    const counts = new Map<WrittenShape, number>();
    for (const item of items) {
      const memo = known.get(item);
      if (memo) counts.set(memo.shape, (counts.get(memo.shape) ?? 0) + 1);
    }
    const enough = items.length / MAX_ADOPTED;
    const kept = new Map<JsonObject, Memo>();
    for (const item of items) {
      const memo = known.get(item);
      if (memo && (counts.get(memo.shape) ?? 0) >= enough) kept.set(item, memo);
    }
    return kept;
  }
}
