/** Helpers for reading and rebuilding plain JSON without mutating it. */

export type Json = Readonly<Record<string, unknown>>;

/** The object, or an empty one for anything else. */
export const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

/** The list's elements as objects, or none for anything else. */
export const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asObject) : []);

export const asStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

export const asString = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The nearest number; none is zero. */
export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;

export const isSet = (value: unknown): boolean => value !== undefined && value !== null;

/** A string map with its keys in order, as Go prints maps. */
export const entriesOf = (value: unknown): [string, string][] =>
  Object.entries(asObject(value))
    .map(([key, item]): [string, string] => [key, typeof item === 'string' ? item : String(item)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** The object with each absent field of `values` added; the same object when nothing is absent. */
export function withAbsent(object: Json, values: Json): Json {
  let complete: Record<string, unknown> | undefined;
  for (const key of Object.keys(values)) {
    if (values[key] === undefined || isSet(object[key])) continue;
    complete ??= { ...object };
    complete[key] = values[key];
  }
  return complete ?? object;
}

/** The object with a field rebuilt where it is set. */
export function mapField(object: Json, field: string, change: (value: Json) => Json): Json {
  const value = object[field];
  if (!isSet(value)) return object;
  const changed = change(asObject(value));
  return changed === value ? object : { ...object, [field]: changed };
}

/** The object with each element of a list rebuilt where the list is set. */
export function mapList(object: Json, field: string, change: (value: Json) => Json): Json {
  const value = object[field];
  if (!Array.isArray(value) || value.length === 0) return object;
  const changed = value.map((item) => change(asObject(item)));
  return changed.every((item, index) => item === value[index]) ? object : { ...object, [field]: changed };
}
