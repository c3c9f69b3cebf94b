/**
 * The patches of `kubectl apply`: the difference from the live object to the wanted one without deletions, plus the deletions
 * from the last applied configuration to the wanted one. Fields that apply never wrote stay as they are.
 */

import { get, has, isObject, type JsonObject, put } from '../objects';
import { diffObjects } from './diff';
import { createMergePatch, mergePatch } from './merge-patch';
import { PatchError, type PatchSchema } from './schema';
import { mergeObjects } from './strategic';

export { PatchError } from './schema';

/** The strategic merge patch for `current`, as CreateThreeWayMergePatch with overwriting. {} when nothing changes. */
export function threeWayStrategic(
  lastApplied: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: PatchSchema | undefined,
): JsonObject {
  const additions = diffObjects(current, modified, schema, { additions: true, deletions: false });
  const deletions = diffObjects(lastApplied, modified, schema, { additions: false, deletions: true });
  return mergeObjects(deletions, additions, schema, 'join');
}

/** The JSON merge patch for `current`, which apply uses for custom resources (CreateThreeWayJSONMergePatch). */
export function threeWayJsonMerge(lastApplied: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
  const additions = keepAdditions(createMergePatch(current, modified));
  const deletions = keepDeletions(createMergePatch(lastApplied, modified));
  if (conflict(additions, deletions)) throw new PatchError('patch conflict between additions and deletions');
  return mergePatch(deletions, additions) as JsonObject;
}

/** The patch without its nulls. An object that was set to {} is a value. */
function keepAdditions(patch: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) continue;
    const inner = isObject(value) && Object.keys(value).length > 0 ? keepAdditions(value) : value;
    if (!isObject(inner) || inner === value || Object.keys(inner).length > 0) put(kept, key, inner);
  }
  return kept;
}

/** Only the nulls of the patch. */
function keepDeletions(patch: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) put(kept, key, null);
    else if (isObject(value)) {
      const inner = keepDeletions(value);
      if (Object.keys(inner).length > 0) put(kept, key, inner);
    }
  }
  return kept;
}

function conflict(additions: JsonObject, deletions: JsonObject): boolean {
  return Object.keys(additions).some((key) => {
    if (!has(deletions, key)) return false;
    const left = get(additions, key);
    const right = get(deletions, key);
    return isObject(left) && isObject(right) ? conflict(left, right) : left !== right;
  });
}
