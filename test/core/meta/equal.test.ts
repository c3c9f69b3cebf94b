import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deepEqual, semanticEqual } from '../../../src/core/meta/equal';

test('an absent, null or empty field is the same field, semantically only', () => {
  for (const empty of [undefined, null, '', [], {}, { b: [] }]) {
    expect(semanticEqual({ a: empty, x: 1 }, { x: 1 })).toBe(true);
    expect(semanticEqual({ x: 1 }, { a: empty, x: 1 })).toBe(true);
  }
  expect(deepEqual({ a: null }, {})).toBe(false);
  expect(deepEqual({ a: undefined }, {})).toBe(true);
});

test.each([
  [{ a: 0 }, {}],
  [{ a: false }, {}],
  [{ a: [{}] }, {}],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: '1' }, { a: 1 }],
  [{ a: [1] }, { a: { 0: 1 } }],
  [{ a: { b: 1 } }, {}],
])('%j and %j differ', (a, b) => {
  expect([deepEqual(a, b), deepEqual(b, a), semanticEqual(a, b), semanticEqual(b, a)]).toEqual(Array(4).fill(false));
});

test('key order does not matter, inherited keys are not seen', () => {
  expect(deepEqual({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(deepEqual(JSON.parse('{"constructor":1}'), {})).toBe(false);
  expect(semanticEqual(JSON.parse('{"__proto__":1}'), {})).toBe(false);
});

test('agrees with comparing sorted text; equal implies semantically equal', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(deepEqual(a, JSON.parse(JSON.stringify(a)))).toBe(
        JSON.stringify(a) === JSON.stringify(JSON.parse(JSON.stringify(a))),
      );
      if (deepEqual(a, b)) expect(semanticEqual(a, b)).toBe(true);
      expect(semanticEqual(a, b)).toBe(semanticEqual(b, a));
    }),
  );
});
