/** index, slice, len and kubectl's exists. They throw Error with Go's words. */
import { get, has } from '../objects';
import { utf8Length } from '../text';
import { GoNumber, Interface, int, integerOf, isMap, typeName, unwrap } from './values';

export function indexInto(container: unknown, indexes: readonly unknown[]): unknown {
  let item: unknown = unwrap(container);
  if (item === undefined) throw new Error('index of untyped nil');
  for (const raw of indexes) {
    const index = unwrap(raw);
    const inner = unwrap(item);
    if (inner === undefined) throw new Error('index of nil pointer');
    if (isMap(inner)) {
      if (index === undefined) throw new Error('value is nil; should be of type string');
      if (typeof index !== 'string') throw new Error(`value has type ${typeName(index)}; should be string`);
      item = new Interface(has(inner, index) ? get(inner, index) : null);
    } else if (Array.isArray(inner)) {
      const at = position(index, inner.length);
      if (at === inner.length) throw new Error('reflect: slice index out of range');
      item = new Interface(inner[at]);
    } else if (typeof inner === 'string') {
      const bytes = new TextEncoder().encode(inner);
      const at = position(index, bytes.length);
      if (at === bytes.length) throw new Error('reflect: string index out of range');
      item = new GoNumber('uint8', BigInt(bytes[at]!));
    } else throw new Error(`can't index item of type ${typeName(inner)}`);
  }
  return item;
}

/** An index up to `limit`, inclusive. */
function position(index: unknown, limit: number): number {
  if (index === undefined) throw new Error('cannot index slice/array with nil');
  const value = integerOf(index);
  if (value === undefined) throw new Error(`cannot index slice/array with type ${typeName(index)}`);
  if (value < 0n || value > BigInt(limit)) throw new Error(`index out of range: ${value}`);
  return Number(value);
}

export function sliceOf(container: unknown, indexes: readonly unknown[]): unknown {
  const item = unwrap(container);
  if (item === undefined) throw new Error('slice of untyped nil');
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  if (typeof item === 'string' && indexes.length === 3) throw new Error('cannot 3-index slice a string');
  if (typeof item !== 'string' && !Array.isArray(item)) throw new Error(`can't slice item of type ${typeName(item)}`);
  const whole = typeof item === 'string' ? new TextEncoder().encode(item) : item;
  const at = [0, whole.length, whole.length];
  indexes.forEach((index, i) => {
    // Upstream looks into what is sliced, but not into the indexes: a field of an object is none.
    at[i] = position(index, whole.length);
  });
  const [from, to, end] = at as [number, number, number];
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`);
  if (to > end) throw new Error(`invalid slice index: ${to} > ${end}`);
  if (whole instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole.slice(from, to));
  return whole.slice(from, to);
}

export function lengthOf(value: unknown): GoNumber {
  const item = unwrap(value);
  if (item === undefined)
    throw new Error(value === undefined ? 'reflect: call of reflect.Value.Type on zero Value' : 'len of nil pointer');
  if (typeof item === 'string') return int(utf8Length(item));
  if (Array.isArray(item)) return int(item.length);
  if (isMap(item)) return int(Object.keys(item).length);
  throw new Error(`len of type ${typeName(item)}`);
}

/** Whether the path leads to something that is not nil. */
export function exists(root: unknown, path: readonly unknown[]): boolean {
  let item: unknown = unwrap(root);
  for (const raw of path) {
    const index = unwrap(raw);
    if (isMap(item)) {
      if (index !== undefined && typeof index !== 'string') return false;
      item = unwrap(get(item, index ?? ''));
    } else if (Array.isArray(item) || typeof item === 'string') {
      const at = integerOf(index);
      const length = typeof item === 'string' ? utf8Length(item) : item.length;
      if (at === undefined || at < 0n || at >= BigInt(length)) return false;
      item = typeof item === 'string' ? 0 : unwrap(item[Number(at)]);
    } else return false;
    if (item === undefined) return false;
  }
  return true;
}
