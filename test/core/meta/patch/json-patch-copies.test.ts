import { expect, test } from 'vitest';
import { applyJsonPatch } from '../../../../src/core/meta/patch/json-patch';

const doubled = (times: number) => Array.from({ length: times }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));

test('copies that double a document end at the limit of the API server', () => {
  // 103 bytes at first; each copy makes twice as many and a comma of it.
  const bytes = (times: number) => 104 * (2 ** times - 1) - times;
  expect(() => applyJsonPatch({ a: ['x'.repeat(99)] }, doubled(40))).toThrow(
    `Unable to complete the copy, the accumulated size increase of copy is ${bytes(15)}, exceeding the limit 3145728`,
  );
  expect(bytes(14)).toBeLessThan(3145728);
  expect(JSON.stringify(applyJsonPatch({ a: ['x'.repeat(99)] }, doubled(14))).length).toBe(
    104 * 2 ** 14 - 1 + '{"a":}'.length,
  );
});

test('a copy is independent of what it was copied from', () => {
  const patch = [
    { op: 'copy', from: '/a', path: '/b' },
    { op: 'add', path: '/b/c', value: 1 },
  ];
  expect(applyJsonPatch({ a: {} }, patch)).toEqual({ a: {}, b: { c: 1 } });
});
