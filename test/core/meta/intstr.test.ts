import { expect, test } from 'vitest';
import { scaledValue } from '../../../src/core/meta/intstr';

test.each([
  [3, 10, true, 3],
  ['25%', 10, true, 3],
  ['25%', 10, false, 2],
  ['100%', 7, false, 7],
  ['0%', 7, true, 0],
  ['-50%', 3, false, -2],
  ['150%', 2, false, 3],
])('%s of %d, up %s, is %d', (value, total, up, expected) => {
  expect(scaledValue(value, total, up)).toBe(expected);
});

test.each([
  ['3', 'invalid value for IntOrString: invalid type: string is not a percentage'],
  ['', 'invalid value for IntOrString: invalid type: string is not a percentage'],
  ['a%', 'invalid value for IntOrString: invalid value "a%": strconv.Atoi: parsing "a": invalid syntax'],
  ['1.5%', 'invalid value for IntOrString: invalid value "1.5%": strconv.Atoi: parsing "1.5": invalid syntax'],
])('%s is refused', (value, message) => {
  expect(() => scaledValue(value, 10, true)).toThrow(new Error(message));
});
