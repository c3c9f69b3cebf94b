/** Bounds of numbers and patterns of texts in a custom resource's schema. */
import { goRegExpMatches } from '../../meta/go-regexp';
import { isInteger, isNumber } from '../../meta/json';
import type { FieldError } from '../status';
import { invalid } from '../validation/errors';
import { numericFormat } from './formats';
import { type CustomSchema, typesOf } from './schema';
import { place } from './validate';

/** multipleOf, maximum and minimum, in that order. */
export function numberErrors(value: number | bigint, schema: CustomSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const say = (what: string, limit: number): void => {
    const shown = isInteger(value) ? Math.trunc(limit) : float(limit);
    errors.push(invalid(place(path), value, `${path} in body should be ${what} ${shown}`));
  };
  const { multipleOf, maximum, minimum } = schema;
  errors.push(...beyondFormat('Checked', value, schema, path));
  errors.push(...beyondFormat('MultipleOf', multipleOf, schema, path));
  if (typeof multipleOf === 'number' && multipleOf > 0 && !isMultiple(value, multipleOf)) {
    const shown = isInteger(value) ? multipleOf : float(multipleOf);
    errors.push(invalid(place(path), value, `${path} in body should be a multiple of ${shown}`));
  }
  errors.push(...beyondFormat('Maximum boundary', maximum, schema, path));
  if (typeof maximum === 'number') {
    const exclusive = schema.exclusiveMaximum === true;
    if (exclusive ? value >= maximum : value > maximum) say(exclusive ? 'less than' : 'less than or equal to', maximum);
  }
  errors.push(...beyondFormat('Minimum boundary', minimum, schema, path));
  if (typeof minimum === 'number') {
    const exclusive = schema.exclusiveMinimum === true;
    const what = exclusive ? 'greater than' : 'greater than or equal to';
    if (exclusive ? value <= minimum : value < minimum) say(what, minimum);
  }
  return errors;
}

/**
 * A number that the format of the schema cannot hold; a bound can be one as well (as IsValueValidAgainstRange). The error has
 * no place: upstream tells it in the words alone.
 */
function beyondFormat(what: string, value: unknown, schema: CustomSchema, path: string): FieldError[] {
  const format = numericFormat(schema);
  if (!isNumber(value) || format === undefined || holds(format, value)) return [];
  const why = `${what} value must be of type ${typesOf(schema)[0]} with format ${format} in ${path}`;
  return [invalid('<nil>', '', why)];
}

function holds(format: string, value: number | bigint): boolean {
  switch (format) {
    case 'int32':
      return isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
    case 'int64':
      return isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
    case 'float':
      return Number.isFinite(Math.fround(Number(value)));
    default:
      return true;
  }
}

const isMultiple = (value: number | bigint, of: number): boolean =>
  typeof value === 'bigint' && Number.isInteger(of) ? value % BigInt(of) === 0n : Number.isInteger(Number(value) / of);

/** As Go prints a float64 with %v: an exponent from a million on. */
function float(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) < 1e6) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e+');
  return `${mantissa}e+${exponent.padStart(2, '0')}`;
}

/** Whether the text matches somewhere. A pattern that Go can't read, which no definition may have, matches everything. */
export const matchesPattern = (pattern: string, text: string): boolean => goRegExpMatches(pattern, text) ?? true;
