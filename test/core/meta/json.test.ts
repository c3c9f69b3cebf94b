import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactInteger, isInteger, parseJson, stringifyJson } from '../../../src/core/meta/json';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** JSON values as Go would hold them: floats, and integers of 64 bits in our two forms. */
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      int64.map(exactInteger),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
      fc.string(),
      fc.boolean(),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('parseJson', () => {
  test.each<[string, unknown]>([
    ['9007199254740993', 9007199254740993n],
    [' -9007199254740993 ', -9007199254740993n],
    ['9007199254740992', 9007199254740992],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', 2 ** 63],
    ['-9223372036854775809', -(2 ** 63)],
    ['99999999999999999999', 1e20],
    ['1152921504606846976', 1152921504606846976n],
    ['1152921504606847000', 2 ** 60],
    ['9007199254740993.0', 9007199254740992],
    ['9007199254740993e0', 9007199254740992],
    ['0.9007199254740993', 0.9007199254740993],
    ['1e9007199254740993', Number.POSITIVE_INFINITY],
    ['"9007199254740993"', '9007199254740993'],
    ['"a\\":9007199254740993,"', 'a":9007199254740993,'],
    ['["#",9007199254740993,"##"]', ['#', 9007199254740993n, '##']],
    [
      '{"9007199254740993":[{"a":9007199254740993,"b":"x"}]}',
      { '9007199254740993': [{ a: 9007199254740993n, b: 'x' }] },
    ],
    ['{"a":9007199254740993,"a":9007199254740995}', { a: 9007199254740995n }],
  ])('%s', (text, expected) => expect(parseJson(text)).toEqual(expected));

  test.each([
    '09007199254740993',
    '--9007199254740993',
    '[9007199254740993',
    '+9007199254740993',
    '{9007199254740993:1}',
  ])('%s is refused as JSON.parse refuses it', (text) => {
    const message = (parse: (text: string) => unknown): string => {
      try {
        return `read: ${parse(text)}`;
      } catch (e) {
        return String(e);
      }
    };
    expect(message(parseJson)).toBe(message(JSON.parse));
  });

  test('an own field called __proto__ stays one', () => {
    const read = parseJson('{"__proto__":9007199254740993,"a":{"__proto__":{"b":9007199254740995}}}');
    expect(stringifyJson(read)).toBe('{"__proto__":9007199254740993,"a":{"__proto__":{"b":9007199254740995}}}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test('what is written is read back the same, and writes the same', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), fc.constantFrom('', '\t'), (written, indent, before) => {
        const text = stringifyJson(written, { indent, before });
        const read = parseJson(text);
        expect(stringifyJson(read, { indent, before })).toBe(text);
        expect(stringifyJson(read)).toBe(stringifyJson(written));
      }),
    );
  });

  test('no integer of 64 bits changes', () => {
    fc.assert(fc.property(int64, (integer) => stringifyJson(parseJson(`{"a":[${integer}]}`)) === `{"a":[${integer}]}`));
  });
});

describe('stringifyJson', () => {
  test('as JSON.stringify, with and without large integers', () => {
    const plain = { a: undefined, b: [1, undefined, { c: '"\n' }, [], {}], d: null, e: { f: undefined } };
    for (const indent of [0, 2, 4]) {
      const text = JSON.stringify({ ...plain, n: 0 }, undefined, indent);
      expect(stringifyJson({ ...plain, n: 0 }, { indent })).toBe(text);
      expect(stringifyJson({ ...plain, n: 2n ** 60n }, { indent })).toBe(
        text.replace(/0(?=\s*\}$)/, '1152921504606846976').replace('{}\n}', '{}\n}'),
      );
    }
  });

  test('a cycle is an error', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => stringifyJson(cycle)).toThrow();
  });
});

test('isInteger is what an int64 holds', () => {
  expect([0, -1, 2 ** 53, 2n ** 62n, 1e18].map(isInteger)).toEqual([true, true, true, true, true]);
  expect([1.5, 2 ** 63, -(2 ** 63), Number.NaN, '1', null].map(isInteger)).toEqual(Array(6).fill(false));
});
