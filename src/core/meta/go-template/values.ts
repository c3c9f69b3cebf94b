/**
 * Values as Go's templates see them. Decoded JSON stands for itself: a whole number for int64, any other for float64. What a
 * template makes itself has a type of its own. `undefined` is reflect's invalid value, which prints `<no value>`.
 */
import { isInteger } from '../json';
import { isObject } from '../objects';

/** A number of one of Go's types. */
export class GoNumber {
  constructor(
    readonly type: 'int' | 'int64' | 'uint8' | 'float64',
    readonly value: bigint | number,
  ) {}
}

export class GoComplex {
  constructor(
    readonly re: number,
    readonly im: number,
  ) {}
}

/** An element of a map or list, whose static type is interface {}; `null` within is a nil interface. */
export class Interface {
  constructor(readonly value: unknown) {}
}

export const int = (value: number): GoNumber => new GoNumber('int', BigInt(value));

/** What an interface holds; nothing for a nil one. */
export function unwrap(value: unknown): unknown {
  const inner = value instanceof Interface ? value.value : value;
  return inner === null ? undefined : inner;
}

/** A number with its type; nothing for anything else. */
export function numberOf(value: unknown): GoNumber | undefined {
  if (value instanceof GoNumber) return value;
  if (typeof value === 'bigint') return new GoNumber('int64', value);
  if (typeof value !== 'number') return undefined;
  // By its text: a number stands for the integer that it prints as, which may not be the one it rounds to.
  return isInteger(value) ? new GoNumber('int64', BigInt(String(value))) : new GoNumber('float64', value);
}

/** The value of a whole number; nothing for anything else. */
export function integerOf(value: unknown): bigint | undefined {
  const number = numberOf(value)?.value;
  return typeof number === 'bigint' ? number : undefined;
}

/** Go's name of the type of a concrete value. */
export function typeName(value: unknown): string {
  if (value instanceof Interface) return 'interface {}';
  if (value instanceof GoComplex) return 'complex128';
  const number = numberOf(value);
  if (number) return number.type;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return '[]interface {}';
  return value === null || value === undefined ? '<nil>' : 'map[string]interface {}';
}

/** Whether `if` takes the value for true: it is not the zero of its type. */
export function truth(value: unknown): boolean {
  const inner = unwrap(value);
  if (inner instanceof GoComplex) return inner.re !== 0 || inner.im !== 0;
  const number = numberOf(inner);
  if (number) return number.type === 'float64' ? number.value !== 0 : number.value !== 0n;
  if (Array.isArray(inner)) return inner.length > 0;
  if (isMap(inner)) return Object.keys(inner).length > 0;
  return Boolean(inner);
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !(value instanceof GoNumber || value instanceof GoComplex || value instanceof Interface);
