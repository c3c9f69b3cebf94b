/** Equality of plain JSON: strict, and "semantic" as the API server compares objects, where empty and absent are the same. */

/** Whether two JSON values are the same; an undefined field equals an absent one, key order does not matter. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && sameItems(a, b, deepEqual);
  }
  return sameFields(a, b, deepEqual);
}

/**
 * Equality as apiequality.Semantic.DeepEqual sees typed objects: an absent field, null, an empty list, an empty object and
 * an empty text are the same field value. Inside lists every item counts.
 */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a, b, semanticEqual);
  if (isObject(a) && isObject(b)) return sameFields(a, b, semanticEqual);
  // An object all of whose fields are empty equals an absent one.
  if (isObject(a) && isEmpty(b)) return sameFields(a, {}, semanticEqual);
  if (isObject(b) && isEmpty(a)) return sameFields(b, {}, semanticEqual);
  return false;
}

type Comparison = (a: unknown, b: unknown) => boolean;

function sameItems(a: readonly unknown[], b: readonly unknown[], same: Comparison): boolean {
  return a.length === b.length && a.every((item, index) => same(item, b[index]));
}

function sameFields(a: object, b: object, same: Comparison): boolean {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(left)) {
    if (!same(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false;
  }
  for (const key of Object.keys(right)) {
    if (!Object.hasOwn(left, key) && !same(undefined, right[key])) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
