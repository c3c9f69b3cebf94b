/** Path elements: how a field or a list's item is named in a set, their order, and paths as a user reads them. */
import { isNumber, parseJson, stringifyJson } from '../json';
import type { ListShape } from './shape';

export const fieldElement = (name: string): string => `f:${name}`;

/** Thrown for an item of a keyed list that lacks a key. */
export class MissingKeyError extends Error {}

/**
 * The element that names an item of a set or of a keyed list (as listItemToPathElement).
 * @throws MissingKeyError
 */
export function itemElement(list: ListShape, item: unknown): string {
  if (list.relation === 'set') return `v:${stringifyJson(item ?? null)}`;
  const object = typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
  const key: Record<string, unknown> = {};
  for (const { name, fallback } of list.keys) {
    const value = object[name] ?? fallback;
    if (value === undefined)
      throw new MissingKeyError(
        `associative list with keys has an element that omits key field ${JSON.stringify(name)} (and doesn't have default value)`,
      );
    key[name] = value;
  }
  return `k:${stringifyJson(Object.fromEntries(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1))))}`;
}

const RANK: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };

/** The order of elements (as PathElement.Less): names, keys, values, positions. */
export function compareElements(a: string, b: string): number {
  const rank = (RANK[a[0]!] ?? 4) - (RANK[b[0]!] ?? 4);
  if (rank !== 0) return rank;
  if (a.startsWith('f:')) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [parse(a), parse(b)];
  if (!a.startsWith('k:')) return compareValues(left, right);
  const [leftKeys, rightKeys] = [Object.entries(left as object), Object.entries(right as object)];
  for (const [i, [name, value]] of leftKeys.entries()) {
    const other = rightKeys[i];
    if (!other) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    const order = compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return leftKeys.length - rightKeys.length;
}

function parse(element: string): unknown {
  try {
    return parseJson(element.slice(2));
  } catch {
    return {};
  }
}

function compareValues(a: unknown, b: unknown): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [typeof a === 'string' ? a : stringifyJson(a), typeof b === 'string' ? b : stringifyJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `.spec.template.spec.containers[name="nginx"].image` (as Path.String). */
export function pathText(path: readonly string[]): string {
  return path
    .map((element) => {
      if (element.startsWith('f:')) return `.${element.slice(2)}`;
      const value = parse(element);
      if (element.startsWith('v:')) return `[=${stringifyJson(value)}]`;
      if (element.startsWith('i:')) return `[${element.slice(2)}]`;
      const keys = Object.entries(value as object).map(([name, key]) => `${name}=${stringifyJson(key)}`);
      return `[${keys.join(',')}]`;
    })
    .join('');
}
