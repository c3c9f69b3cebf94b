import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/core/meta/objects';
import { applyJsonPatch, JsonPatchError } from '../../../../src/core/meta/patch/json-patch';
import { createMergePatch, mergePatch } from '../../../../src/core/meta/patch/merge-patch';
import { strategicMerge } from '../../../../src/core/meta/patch/strategic';

/** The examples of RFC 7386, appendix A. */
describe('RFC 7386', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

const leaf = fc.oneof(fc.boolean(), fc.nat(3), fc.constantFrom('x', 'y'), fc.array(fc.nat(2), { maxLength: 2 }));
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const { object } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('object')),
  object: fc
    .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 3, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries)),
}));

test('the computed patch leads from one object to the other, and is empty between equals', () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      const [before, after] = [from as JsonObject, to as JsonObject];
      expect(mergePatch(before, createMergePatch(before, after))).toEqual(after);
      expect(createMergePatch(before, before)).toEqual({});
    }),
  );
});

describe('keys that reach prototypes', () => {
  const hostile = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  test.each<[string, (patch: JsonObject) => unknown]>([
    ['merge', (patch) => mergePatch({}, patch)],
    ['merge into the same keys', (patch) => mergePatch(JSON.parse(hostile), patch)],
    ['strategic', (patch) => strategicMerge({}, patch, undefined)],
    ['strategic into the same keys', (patch) => strategicMerge(JSON.parse(hostile), patch, undefined)],
  ])('%s patches keep them as plain data', (_, apply) => {
    const result = apply(JSON.parse(hostile)) as JsonObject;
    expect(JSON.stringify(result)).toBe(hostile);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  test('JSON patches refuse them', () => {
    for (const path of ['/__proto__/polluted', '/constructor/prototype/polluted']) {
      expect(() => applyJsonPatch({}, [{ op: 'add', path, value: true }])).toThrow(JsonPatchError);
    }
    expect(({} as JsonObject).polluted).toBeUndefined();
  });
});

/** What the API server's library does where the standard says otherwise, seen with kubectl 1.36. */
describe('lenient JSON patches', () => {
  const document = { l: [1, 2, 3], a: { b: null } };
  test.each([
    [[{ op: 'replace', path: '/a/zz', value: 1 }], { l: [1, 2, 3], a: { b: null, zz: 1 } }],
    [[{ op: 'remove', path: '/l/-1' }], { l: [1, 2], a: { b: null } }],
    [[{ op: 'add', path: '/l/-1', value: 9 }], { l: [1, 2, 3, 9], a: { b: null } }],
    [[{ op: 'replace', path: '/l/-1', value: 9 }], { l: [1, 2, 9], a: { b: null } }],
    [[{ op: 'test', path: '/a/zz', value: null }], document],
    [[{ op: 'add', path: '/a/q' }], { l: [1, 2, 3], a: { b: null, q: null } }],
    [[{ op: 'copy', from: '/l/-1', path: '/c' }], { l: [1, 2, 3], a: { b: null }, c: 3 }],
    [[{ op: 'add', path: '/l/01', value: 4 }], { l: [1, 4, 2, 3], a: { b: null } }],
    [[{ op: 'add', path: 'l/x', value: 4 }], { l: [1, 2, 3], a: { b: null }, x: 4 }],
    [[{ op: 'move', from: '/l/0', path: '/l/2' }], { l: [2, 3, 1], a: { b: null } }],
  ])('%j', (operations, result) => {
    expect(applyJsonPatch(document, operations)).toEqual(result);
  });

  test.each([
    [[{ op: 'replace', path: '/zz/a', value: 1 }]],
    [[{ op: 'replace', path: '/l/7', value: 1 }]],
    [[{ op: 'test', path: '/a/zz', value: 1 }]],
    [[{ op: 'remove', path: '/l/-4' }]],
    [{ op: 'add' }],
    [[1]],
    [[{ path: '/a', value: 1 }]],
    [
      [
        { op: 'add', path: '/a', value: 1 },
        { op: 'add', path: '/a/b', value: 1 },
      ],
    ],
  ])('%j is refused', (operations) => {
    expect(() => applyJsonPatch(document, operations)).toThrow(JsonPatchError);
  });
});
