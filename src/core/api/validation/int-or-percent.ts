/** Numbers that may be percentages (as ValidatePositiveIntOrPercent and IsNotMoreThan100Percent). */
import { isValidPercent } from '../../meta/names';
import type { FieldError } from '../status';
import { invalid, invalids, nonNegative } from './errors';

export function validateIntOrPercent(value: unknown, path: string): FieldError[] {
  const errors = typeof value === 'string' ? invalids(path, value, isValidPercent(value)) : nonNegative(path, value);
  const percent = percentOf(value);
  if (percent !== undefined && percent > 100) errors.push(invalid(path, value, 'must not be greater than 100%'));
  return errors;
}

/** 0 and 0% count as zero. */
export const isZero = (value: unknown): boolean => value === 0 || percentOf(value) === 0;

function percentOf(value: unknown): number | undefined {
  return typeof value === 'string' && isValidPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined;
}
