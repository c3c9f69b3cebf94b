/** Reading fields of objects whose shape our types do not spell out, with Go's zero values for what is absent. */

export type Json = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The maps of a list; anything else in it is left out. */
export const asMaps = (value: unknown): readonly Json[] =>
  asList(value).filter((item): item is Json => asMap(item) !== undefined);

export const asStrings = (value: unknown): readonly string[] => asList(value).map((item) => asText(item));

/** A scalar as text; absent is empty. */
export const asText = (value: unknown): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);

/** The nearest number, to count with; what is to be shown is asText's. */
export const asNumber = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;

/** String maps: labels, annotations, capacities. */
export function asStringMap(value: unknown): Readonly<Record<string, string>> {
  const map = asMap(value) ?? {};
  return Object.fromEntries(Object.entries(map).map(([key, text]) => [key, asText(text)]));
}

/** The value at a path of field names. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const field of path) here = asMap(here)?.[field];
  return here;
}

/** Go's %v of a list of strings: `[a b]`. */
export const goList = (value: unknown): string => `[${asStrings(value).join(' ')}]`;
