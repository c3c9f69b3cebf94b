/** Lists in strategic merges: finding items by merge key, and putting merged items into upstream's order. */

import { goType, goValue } from '../gofmt';
import { get, has, isObject, type JsonObject } from '../objects';
import { DIRECTIVE, PatchError } from './schema';

export type List = readonly unknown[];

/** Whether the lists hold objects. Throws PatchError for lists of lists and for mixed lists, as sliceElementType. */
export function holdsObjects(...lists: List[]): boolean {
  let kind: string | undefined;
  for (const item of lists.flat(1) as unknown[]) {
    const current = Array.isArray(item) ? 'list' : item === null ? 'null' : typeof item;
    if (current === 'list') throw new PatchError('lists of lists are not supported');
    if (kind !== undefined && kind !== current) {
      throw new PatchError(`list element types are not identical: ${goValue(lists)}`);
    }
    kind = current;
  }
  if (kind === undefined) throw new PatchError('no elements in any of the given slices');
  return kind === 'object';
}

/** The item's merge key value. Throws PatchError when the item is no object or has none. */
export function keyOf(item: unknown, mergeKey: string): unknown {
  if (!isObject(item)) throw wrongType('map[string]interface {}', item);
  if (!has(item, mergeKey)) {
    throw new PatchError(`map: ${goValue(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return get(item, mergeKey);
}

/** The complaint about a value that is not of the type that the schema or a directive asks for, as ErrBadArgType. */
export function wrongType(expected: string, value: unknown): PatchError {
  // null has no type: upstream's format verb for texts says so in its own way.
  return new PatchError(`expected a ${expected}, but received a ${value === null ? '%!s(<nil>)' : goType(value)}`);
}

/** What identifies an item: its merge key's value, or the primitive itself. */
export function identityOf(item: unknown, mergeKey: string | undefined): unknown {
  return mergeKey === undefined ? item : keyOf(item, mergeKey);
}

export function isDeletion(item: unknown): boolean {
  return isObject(item) && get(item, DIRECTIVE) === 'delete';
}

/** Repetitions removed by moving the last item into the gap, which is upstream's order (deduplicateScalars). */
export function withoutRepetition(list: List): unknown[] {
  const items = [...list];
  for (let index = 0; index < items.length - 1; index++) {
    for (let other = index + 1; other < items.length; other++) {
      if (items[index] === items[other]) {
        items[other] = items[items.length - 1];
        items.pop();
        other--;
      }
    }
  }
  return items;
}

/**
 * The merged items in order: those that `wanted` names as it orders them, the others as `live` orders them, woven together so
 * that a foreign item stays in front of what it preceded in `live`. As normalizeElementOrder and mergeSortedSlice.
 */
export function inOrder(merged: List, wanted: List, live: List, mergeKey: string | undefined): unknown[] {
  if (mergeKey !== undefined) checkObjects(merged, wanted, mergeKey);
  const wantedRank = ranks(wanted, mergeKey);
  const liveRank = ranks(live, mergeKey);
  const isWanted = (item: unknown) => wantedRank.has(identityOf(item, mergeKey));
  const listed = sortedLike(merged.filter(isWanted), wanted, mergeKey);
  const foreign = sortedLike(
    merged.filter((item) => !isWanted(item)),
    live,
    mergeKey,
  );
  const woven: unknown[] = [];
  let next = 0;
  for (const item of listed) {
    const rank = liveRank.get(identityOf(item, mergeKey));
    while (next < foreign.length && rank !== undefined) {
      const foreignRank = liveRank.get(identityOf(foreign[next], mergeKey));
      if (foreignRank === undefined || foreignRank >= rank) break;
      woven.push(foreign[next++]);
    }
    woven.push(item);
  }
  return [...woven, ...foreign.slice(next)];
}

/** Each item is looked for in the order: whatever is met before it is found must be an object (findMapInSliceBasedOnKeyValue). */
function checkObjects(merged: List, wanted: List, mergeKey: string): void {
  const wrong = wanted.findIndex((item) => !isObject(item));
  if (wrong < 0) return;
  const before = new Set(wanted.slice(0, wrong).map((item) => get(item as JsonObject, mergeKey)));
  if (merged.some((item) => !before.has(keyOf(item, mergeKey)))) {
    throw new PatchError(`value for key ${wrong} is not a map`);
  }
}

/** The list in the order that `order` gives, deletion directives last, as normalizeSliceOrder. */
export function sortedLike(list: List, order: List, mergeKey: string | undefined): unknown[] {
  const rank = ranks(order, mergeKey);
  const deletions = list.filter(isDeletion);
  return [
    ...sortedBy(
      list.filter((item) => !isDeletion(item)),
      rank,
      mergeKey,
    ),
    ...deletions,
  ];
}

/**
 * By rank. What has none goes in front of all that it meets, so several come out in reverse: upstream's comparison calls them
 * less than anything, and its stable sort inserts one item after the other.
 */
function sortedBy(list: List, rank: ReadonlyMap<unknown, number>, mergeKey: string | undefined): unknown[] {
  const sorted: { item: unknown; rank: number | undefined }[] = [];
  for (const item of list) {
    const own = rank.get(identityOf(item, mergeKey));
    let index = sorted.length;
    for (; index > 0; index--) {
      const other = sorted[index - 1]!.rank;
      if (own !== undefined && other !== undefined && own >= other) break;
    }
    sorted.splice(index, 0, { item, rank: own });
  }
  return sorted.map(({ item }) => item);
}

function ranks(list: List, mergeKey: string | undefined): Map<unknown, number> {
  const rank = new Map<unknown, number>();
  for (const [index, item] of list.entries()) {
    const identity = identityOf(item, mergeKey);
    if (!rank.has(identity)) rank.set(identity, index);
  }
  return rank;
}

/** Fields whose value is null dropped at every depth (discardNullValuesFromPatch). */
export function discardNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(discardNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, discardNulls(field)]),
  );
}

/** The value without the objects in it that carry a $patch directive; undefined when it is one itself (removeDirectives). */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (has(value, DIRECTIVE)) return undefined;
  const kept: [string, unknown][] = Object.entries(value).map(([key, field]) => [key, withoutDirectives(field)]);
  return Object.fromEntries(kept.filter(([, field]) => field !== undefined)) as JsonObject;
}
