/**
 * Applying a strategic merge patch, as mergeMap of k8s.io/apimachinery/pkg/util/strategicpatch. The same walk also lays one
 * patch over another, which is how apply joins additions and deletions into one patch.
 */

import { deepEqual } from '../equal';
import { goValue } from '../gofmt';
import { get, has, isObject, type JsonObject, put } from '../objects';
import { diffObjects } from './diff';
import {
  discardNulls,
  holdsObjects,
  identityOf,
  inOrder,
  isDeletion,
  keyOf,
  type List,
  withoutDirectives,
  withoutRepetition,
  wrongType,
} from './lists';
import {
  DELETE_FROM,
  DIRECTIVE,
  lookUp,
  PatchError,
  type PatchField,
  type PatchSchema,
  RETAIN_KEYS,
  SET_ORDER,
  strategyOf,
} from './schema';

export type { PatchField, PatchSchema, PatchStrategy } from './schema';
export { PatchError } from './schema';

/**
 * The object with a strategic merge patch applied, as StrategicMergePatch; neither is changed. Throws PatchError with
 * upstream's words for a patch that contradicts itself or the schema.
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, schema: PatchSchema | undefined): JsonObject {
  return mergeObjects(original, patch, schema, 'apply');
}

/** The patch that turns `original` into `modified`, with its directives, as CreateTwoWayMergePatch. */
export function createTwoWayStrategic(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema | undefined,
): JsonObject {
  return diffObjects(original, modified, schema, { additions: true, deletions: true });
}

/** 'apply' carries directives out; 'join' keeps them, because the target is a patch itself. */
export type Mode = 'apply' | 'join';

export function mergeObjects(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema | undefined,
  mode: Mode,
): JsonObject {
  if (has(patch, DIRECTIVE)) return carryOutDirective(patch);
  const merged: JsonObject = { ...original };
  const rest: JsonObject = { ...patch };
  retainKeys(merged, rest, mode);
  mergeOrderedLists(merged, rest, schema, mode);
  // What is deleted from a list goes last, wherever the patch has it.
  const names = Object.keys(rest).sort((a, b) => Number(a.startsWith(DELETE_FROM)) - Number(b.startsWith(DELETE_FROM)));
  for (const name of names) {
    const value = get(rest, name);
    const deletes = name.startsWith(DELETE_FROM);
    if (deletes && mode === 'join') {
      put(merged, name, value);
      continue;
    }
    const key = deletes ? targetOf(name, DELETE_FROM) : name;
    if (value === null) {
      delete merged[key];
      if (mode === 'apply') continue;
    }
    const current = get(merged, key);
    if (has(merged, key) && isObject(current) && isObject(value)) {
      const field = lookUp(schema, key);
      put(merged, key, strategyOf(field) === 'replace' ? value : mergeObjects(current, value, field?.item, mode));
    } else if (has(merged, key) && Array.isArray(current) && Array.isArray(value)) {
      put(merged, key, mergeLists(current, value, lookUp(schema, key), mode, deletes));
    } else if (!deletes) {
      const taken = withoutDirectives(mode === 'apply' ? discardNulls(value) : value);
      if (taken === undefined) delete merged[key];
      else put(merged, key, taken);
    }
  }
  return merged;
}

function carryOutDirective(patch: JsonObject): JsonObject {
  const directive = get(patch, DIRECTIVE);
  if (directive === 'delete') return {};
  if (directive !== 'replace') {
    throw new PatchError(`unknown patch type: ${goValue(directive)} in map: ${goValue(patch)}`);
  }
  const { [DIRECTIVE]: _, ...replacement } = patch;
  return replacement;
}

function retainKeys(merged: JsonObject, patch: JsonObject, mode: Mode): void {
  if (!has(patch, RETAIN_KEYS)) return;
  const keys = get(patch, RETAIN_KEYS);
  delete patch[RETAIN_KEYS];
  if (mode === 'join') {
    if (has(merged, RETAIN_KEYS) && !deepEqual(get(merged, RETAIN_KEYS), keys)) {
      const both = `${goValue(get(merged, RETAIN_KEYS))} and ${goValue(keys)}`;
      throw new PatchError(`${both} are not deep equal: this may happen when calculating the 3-way diff patch`);
    }
    put(merged, RETAIN_KEYS, keys);
    return;
  }
  const bad = `invalid patch format of retainKeys`;
  if (!Array.isArray(keys)) throw new PatchError(bad);
  const retained = new Set<unknown>(keys);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)) continue;
    if (!retained.has(key)) throw new PatchError(bad);
  }
  for (const key of Object.keys(merged)) if (!retained.has(key)) delete merged[key];
}

/** Lists that come with a $setElementOrder are merged first and taken out of the patch (mergePatchIntoOriginal). */
function mergeOrderedLists(merged: JsonObject, patch: JsonObject, schema: PatchSchema | undefined, mode: Mode): void {
  for (const name of Object.keys(patch).filter((key) => key.startsWith(SET_ORDER))) {
    const order = get(patch, name);
    delete patch[name];
    if (mode === 'join') {
      if (has(merged, name) && !deepEqual(get(merged, name), order)) throw new PatchError(BAD_ORDER);
      put(merged, name, order);
    }
    const wanted = listOf(order);
    const key = targetOf(name, SET_ORDER);
    const live = has(merged, key) ? listOf(get(merged, key)) : undefined;
    const patched = has(patch, key) ? listOf(get(patch, key)) : undefined;
    const field = lookUp(schema, key);
    checkOrder(patched ?? [], wanted, field?.mergeKey);
    if (live === undefined && patched === undefined) continue;
    const items =
      live === undefined
        ? (withoutDirectives(patched) as unknown[])
        : patched === undefined
          ? live
          : mergeLists(live, patched, field, mode, false);
    if (holdsObjects(live ?? [], patched ?? []) && field?.mergeKey === undefined) {
      // Objects without a key can't be put into an order.
      for (const item of [...wanted, ...(live ?? [])]) keyOf(item, '');
    }
    put(merged, key, inOrder(items, wanted, overwritten(live ?? [], patched ?? [], field), field?.mergeKey));
    delete patch[key];
  }
}

/**
 * The live list as merging leaves it, whose order then counts: upstream deletes from it and adds to it in place as far as it
 * reaches, so what a deletion makes room for counts as being there.
 */
function overwritten(live: List, patched: List, field: PatchField | undefined): List {
  const { mergeKey } = field ?? {};
  if (strategyOf(field) !== 'merge' || mergeKey === undefined || !patched.some(isDeletion)) return live;
  const keyAt = (index: number) => get(left[index] as JsonObject, mergeKey);
  const left = [...live];
  let length = left.length;
  for (const item of patched.filter(isDeletion) as JsonObject[]) {
    for (let index = 0; index < length; ) {
      if (keyAt(index) === get(item, mergeKey)) left.copyWithin(index, index + 1, length--);
      else index++;
    }
  }
  const added = (patched as JsonObject[]).filter((item) => !has(item, DIRECTIVE));
  if (patched.some((item) => get(item as JsonObject, DIRECTIVE) === 'replace')) return left;
  for (const item of added) {
    const known = left.slice(0, length).some((_, index) => keyAt(index) === get(item, mergeKey));
    if (!known && length < left.length) left[length++] = item;
  }
  return left;
}

/** The patched items must be among those that the order names, in that order (validatePatchWithSetOrderList). */
function checkOrder(patched: List, wanted: List, mergeKey: string | undefined): void {
  if (patched.length === 0 || wanted.length === 0) return;
  const items = mergeKey === undefined ? patched : patched.filter((item) => !isDeletion(item));
  let next = 0;
  let index = 0;
  while (next < items.length && index < wanted.length) {
    const item = items[next];
    if (isObject(item) && has(item, DIRECTIVE)) next++;
    else if (identityOf(item, mergeKey) === identityOf(wanted[index++], mergeKey)) next++;
  }
  if (next < items.length && index >= wanted.length) {
    throw new PatchError(
      `The order in patch list:\n${goValue(patched)}\n doesn't match ${SET_ORDER} list:\n${goValue(wanted)}\n`,
    );
  }
}

function mergeLists(original: List, patch: List, field: PatchField | undefined, mode: Mode, deletes: boolean): List {
  // What is to be taken out of a list is taken out whatever its strategy.
  if (strategyOf(field) !== 'merge' && !deletes) return patch;
  if (original.length === 0 && patch.length === 0) return original;
  const { mergeKey } = field ?? {};
  if (!holdsObjects(original, patch)) {
    if (deletes) return original.filter((item) => !patch.includes(item));
    return inOrder(withoutRepetition([...original, ...patch]), patch, original, undefined);
  }
  if (mergeKey === undefined) throw new PatchError('cannot merge lists without merge key for struct');
  const { kept, additions } = carryOutListDirectives(original, patch, mergeKey);
  const merged: unknown[] = [...kept];
  for (const item of additions as JsonObject[]) {
    const key = keyOf(item, mergeKey);
    const index = merged.findIndex((candidate) => isObject(candidate) && get(candidate, mergeKey) === key);
    if (index < 0) merged.push(item);
    else merged[index] = mergeObjects(merged[index] as JsonObject, item, field?.item, mode);
  }
  return inOrder(merged, additions, kept, mergeKey);
}

/** What is left of the list, and of the patch, once items with $patch are carried out (mergeSliceWithSpecialElements). */
function carryOutListDirectives(original: List, patch: List, mergeKey: string): { kept: List; additions: List } {
  let kept = original;
  let replaces = false;
  const additions: unknown[] = [];
  for (const item of patch as JsonObject[]) {
    if (!has(item, DIRECTIVE)) {
      additions.push(item);
      continue;
    }
    const directive = get(item, DIRECTIVE);
    if (directive === 'delete') {
      const key = keyOf(item, mergeKey);
      kept = kept.filter((candidate) => !isObject(candidate) || get(candidate, mergeKey) !== key);
    } else if (directive === 'replace') replaces = true;
    else if (directive === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw new PatchError(`unknown patch type: ${goValue(directive)} in map: ${goValue(item)}`);
  }
  return replaces ? { kept: additions, additions: [] } : { kept, additions };
}

const BAD_ORDER = 'invalid patch format of setElementOrder list';

function listOf(value: unknown): List {
  if (!Array.isArray(value)) throw wrongType('[]interface {}', value);
  return value;
}

/** The list that a parallel list such as `$setElementOrder/containers` speaks of. */
function targetOf(name: string, prefix: string): string {
  if (!name.startsWith(`${prefix}/`)) {
    throw new PatchError(prefix === SET_ORDER ? BAD_ORDER : 'invalid patch format of primitive list');
  }
  return name.slice(prefix.length + 1);
}
