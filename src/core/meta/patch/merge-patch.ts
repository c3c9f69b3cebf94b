/** JSON merge patches (RFC 7386): null deletes, objects merge, everything else replaces. */

import { deepEqual } from '../equal';
import { get, has, isObject, type JsonObject, put } from '../objects';

/** The target with the patch applied; neither is changed. A patch that is no object replaces the target. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  // The API server's library looks for nulls only where the patch does not take an object's place.
  if (!isObject(patch)) return isObject(target) ? patch : withoutNulls(patch);
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const key of Object.keys(patch)) {
    const value = get(patch, key);
    if (value === null) delete merged[key];
    else put(merged, key, mergePatch(get(merged, key), value));
  }
  return merged;
}

/** The smallest merge patch that turns `before` into `after`. Lists are replaced as a whole. */
export function createMergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(after)) {
    const from = get(before, key);
    const to = get(after, key);
    if (!has(before, key)) put(patch, key, to);
    else if (isObject(from) && isObject(to)) {
      const inner = createMergePatch(from, to);
      if (Object.keys(inner).length > 0) put(patch, key, inner);
    } else if (!deepEqual(from, to)) put(patch, key, to);
  }
  for (const key of Object.keys(before)) if (!has(after, key)) put(patch, key, null);
  return patch;
}

/** Inside lists a null field of an object is dropped too, as the API server's library does. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isObject(value) ? mergePatch({}, value) : value;
}
