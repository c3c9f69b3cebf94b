/** One requirement of a label selector, checked as upstream's NewRequirement checks it. */

import { goQuote } from './gofmt';
import { isLabelValue, isQualifiedName } from './names';

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted and without repetition when parsed; empty for `exists` and `!`. */
  readonly values: readonly string[];
}

/** A requirement that was checked as NewRequirement checks it. Throws Error with all complaints. */
export function newRequirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const errors = isQualifiedName(key);
  const complaints: string[] = errors.length === 0 ? [] : [invalid('key', goQuote(key), errors.join('; '))];
  const list = `[${values.map(goQuote).join(',')}]`;
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) {
        complaints.push(invalid('values', '[]', "for 'in', 'notin' operators, values set can't be empty"));
      }
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) {
        complaints.push(invalid('values', list, 'exact-match compatibility requires one single value'));
      }
      break;
    case 'exists':
    case '!':
      if (values.length !== 0) {
        complaints.push(invalid('values', list, 'values set must be empty for exists and does not exist'));
      }
      break;
    default:
      if (values.length !== 1) {
        complaints.push(invalid('values', list, "for 'Gt', 'Lt' operators, exactly one value is required"));
      }
      for (const [index, value] of values.entries()) {
        if (parseInt64(value) === undefined) {
          const message = "for 'Gt', 'Lt' operators, the value must be an integer";
          complaints.push(invalid(`values[${index}]`, goQuote(value), message));
        }
      }
  }
  for (const [index, value] of values.entries()) {
    const problems = isLabelValue(value);
    if (problems.length > 0) complaints.push(invalid(`values[${index}][${key}]`, goQuote(value), problems.join('; ')));
  }
  const distinct = [...new Set(complaints)];
  if (distinct.length > 0) throw new Error(distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`);
  return { key, operator, values };
}

function invalid(path: string, value: string, message: string): string {
  return `${path}: Invalid value: ${value}: ${message}`;
}

/** A whole decimal number that fits 64 bits, as strconv.ParseInt. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,30}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
