/** Builds field errors with upstream's words (as k8s.io/apimachinery/pkg/util/validation/field). */

import { goQuote } from '../../meta/gofmt';
import { isNumber, stringifyJson } from '../../meta/json';
import type { FieldError } from '../status';

export const required = (field: string, detail = ''): FieldError => ({ type: 'Required value', field, detail });

export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'Invalid value',
  field,
  value,
  detail,
});

export const forbidden = (field: string, detail: string): FieldError => ({ type: 'Forbidden', field, detail });

export const duplicate = (field: string, value: unknown, detail?: string): FieldError =>
  detail === undefined ? { type: 'Duplicate value', field, value } : { type: 'Duplicate value', field, value, detail };

export const notFound = (field: string, value: unknown, detail?: string): FieldError =>
  detail === undefined ? { type: 'Not found', field, value } : { type: 'Not found', field, value, detail };

export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'Unsupported value',
  field,
  value,
  detail: `supported values: ${supported.map(goQuote).join(', ')}`,
});

export const tooLong = (field: string, maxBytes: number): FieldError => ({
  type: 'Too long',
  field,
  detail: `may not be more than ${maxBytes} byte${maxBytes === 1 ? '' : 's'}`,
});

export const tooMany = (field: string, count: number, most: number): FieldError => ({
  type: 'Too many',
  field,
  value: count,
  detail: `must have at most ${most} item${most === 1 ? '' : 's'}`,
});

/** One Invalid error for each message about a value. */
export const invalids = (field: string, value: unknown, messages: readonly string[]): FieldError[] =>
  messages.map((message) => invalid(field, value, message));

export const NEGATIVE = 'must be greater than or equal to 0';
export const IMMUTABLE = 'field is immutable';

/** As ValidateNonnegativeField; absent counts as zero. */
export const nonNegative = (field: string, value: unknown): FieldError[] =>
  isNumber(value) && value < 0 ? [invalid(field, value, NEGATIVE)] : [];

/** One of the words; required where it is absent or empty. */
export function oneOf(value: unknown, supported: readonly string[], path: string): FieldError[] {
  if (typeof value !== 'string' || value === '') return [required(path)];
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** One of the words where it is set; the empty text is none of them. */
export const optionalOneOf = (value: unknown, supported: readonly string[], path: string): FieldError[] =>
  typeof value === 'string' && !supported.includes(value) ? [notSupported(path, value, supported)] : [];

/** `spec.containers[name]`, as field.Path.Key. */
export const key = (field: string, name: string): string => `${field}[${name}]`;

/** Each error once, as ErrorList.ToAggregate. */
export function unique(errors: readonly FieldError[]): FieldError[] {
  if (errors.length < 2) return [...errors];
  const seen = new Set<string>();
  return errors.filter((error) => {
    const text = stringifyJson([error.type, error.field, error.value, error.detail]);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
