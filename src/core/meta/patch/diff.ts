/** Computing strategic merge patches, as diffMaps of k8s.io/apimachinery/pkg/util/strategicpatch. */

import { deepEqual } from '../equal';
import { goValue } from '../gofmt';
import { get, has, isObject, type JsonObject, put } from '../objects';
import { compareText } from '../text';
import { holdsObjects, keyOf, type List, sortedLike, withoutRepetition } from './lists';
import {
  DELETE_FROM,
  DIRECTIVE,
  isUnknown,
  lookUp,
  type PatchField,
  type PatchSchema,
  RETAIN_KEYS,
  retainsKeys,
  SET_ORDER,
  strategyOf,
} from './schema';

/** Which half of the difference goes into the patch. */
export interface DiffOptions {
  /** What is new or different in the modified object. */
  readonly additions: boolean;
  /** What is missing from the modified object. */
  readonly deletions: boolean;
}

/** The patch from one object to the other; with `retain`, the keys that shall stay are listed in it. */
export function diffObjects(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema | undefined,
  options: DiffOptions,
  retain = false,
): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(modified)) {
    const from = get(original, key);
    const to = get(modified, key);
    if (!has(original, key)) {
      if (options.additions) put(patch, key, to);
    } else if (key === DIRECTIVE) {
      if (from !== to) put(patch, key, to);
    } else if (isUnknown(schema, key) && deepEqual(from, to)) {
      // What the type does not have is no mistake as long as it stays as it is.
    } else if (isObject(from) && isObject(to)) {
      diffField(patch, key, from, to, lookUp(schema, key), options);
    } else if (Array.isArray(from) && Array.isArray(to) && strategyOf(lookUp(schema, key)) === 'merge') {
      diffList(patch, key, from, to, schema?.field(key), options);
    } else if (options.additions && !deepEqual(from, to)) put(patch, key, to);
  }
  if (options.deletions) {
    for (const key of Object.keys(original)) if (!has(modified, key)) put(patch, key, null);
  }
  const retained = retain ? Object.keys(modified).filter((key) => get(modified, key) !== null) : [];
  if (retained.length > 0 && (Object.keys(patch).length > 0 || hasMore(original, modified))) {
    patch[RETAIN_KEYS] = retained.sort(compareText);
  }
  return patch;
}

function diffField(
  patch: JsonObject,
  key: string,
  from: JsonObject,
  to: JsonObject,
  field: PatchField | undefined,
  options: DiffOptions,
): void {
  if (strategyOf(field) === 'replace') {
    if (options.additions) put(patch, key, to);
    return;
  }
  const inner = diffObjects(from, to, field?.item, options, retainsKeys(field));
  if (Object.keys(inner).length > 0) put(patch, key, inner);
}

function diffList(
  patch: JsonObject,
  key: string,
  from: List,
  to: List,
  field: PatchField | undefined,
  options: DiffOptions,
): void {
  if (from.length === 0) {
    if (to.length > 0 && options.additions) put(patch, key, to);
    return;
  }
  if (holdsObjects(from, to)) diffObjectList(patch, key, from, to, field, options);
  else diffPrimitiveList(patch, key, from, to, options);
}

function diffObjectList(
  patch: JsonObject,
  key: string,
  from: List,
  to: List,
  field: PatchField | undefined,
  options: DiffOptions,
): void {
  const mergeKey = field?.mergeKey ?? '';
  const before = byKey(from, mergeKey);
  const after = byKey(to, mergeKey);
  const changes: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  let left = 0;
  let right = 0;
  // Both lists in key order, side by side: items that share a key, such as one port for two protocols, pair up in turn.
  while (left < before.length || right < after.length) {
    const [oldName, old] = before[left] ?? [];
    const [newName, item] = after[right] ?? [];
    const order = oldName === undefined ? 1 : newName === undefined ? -1 : compareText(oldName, newName);
    if (order <= 0) left++;
    if (order >= 0) right++;
    if (order === 0) {
      const inner = diffObjects(old!, item!, field?.item, options, retainsKeys(field));
      if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: get(item!, mergeKey) });
    } else if (order > 0) {
      if (options.additions) changes.push(item!);
    } else if (options.deletions) deletions.push({ [mergeKey]: get(old!, mergeKey), [DIRECTIVE]: 'delete' });
  }
  const items = [...sortedLike(changes, to, mergeKey), ...deletions];
  const sameOrder =
    from.length === to.length && to.every((item, index) => keyOf(from[index], mergeKey) === keyOf(item, mergeKey));
  if (items.length > 0) put(patch, key, items);
  const ordered = (options.additions && (items.length > 0 || !sameOrder)) || (options.deletions && items.length > 0);
  if (ordered && to.length > 0) {
    put(
      patch,
      `${SET_ORDER}/${key}`,
      to.map((item) => ({ [mergeKey]: keyOf(item, mergeKey) })),
    );
  }
}

function diffPrimitiveList(patch: JsonObject, key: string, from: List, to: List, options: DiffOptions): void {
  const sorted = inTextOrder(from);
  const [additions, deletions] = compareSorted(sorted, inTextOrder(to));
  if (options.additions && additions.length > 0) put(patch, key, sortedLike(additions, to, undefined));
  if (options.deletions && deletions.length > 0) put(patch, `${DELETE_FROM}/${key}`, withoutRepetition(deletions));
  // Upstream sorts the first list where it stands before it compares the order: what is not in text order is sent every time.
  const ordered = (options.deletions && deletions.length > 0) || (options.additions && !deepEqual(sorted, to));
  if (ordered && to.length > 0) put(patch, `${SET_ORDER}/${key}`, to);
}

/** What the second sorted list has more than the first, and the other way round; repetitions count. */
function compareSorted(from: List, to: List): [unknown[], unknown[]] {
  const additions: unknown[] = [];
  const deletions: unknown[] = [];
  let left = 0;
  let right = 0;
  while (left < from.length || right < to.length) {
    const order =
      left >= from.length ? 1 : right >= to.length ? -1 : compareText(goValue(from[left]), goValue(to[right]));
    if (order === 0) {
      left++;
      right++;
    } else if (order > 0) additions.push(to[right++]);
    else deletions.push(from[left++]);
  }
  return [additions, deletions];
}

function inTextOrder(list: List): unknown[] {
  return [...list].sort((a, b) => compareText(goValue(a), goValue(b)));
}

/** The items by the text of their key; among equal keys the later first, which is how upstream's sort leaves them. */
function byKey(list: List, mergeKey: string): [string, JsonObject][] {
  return [...list]
    .reverse()
    .map((item): [string, JsonObject] => [goValue(keyOf(item, mergeKey)), item as JsonObject])
    .sort(([a], [b]) => compareText(a, b));
}

function hasMore(original: JsonObject, modified: JsonObject): boolean {
  return Object.keys(original).some((key) => get(original, key) !== null && !has(modified, key));
}
