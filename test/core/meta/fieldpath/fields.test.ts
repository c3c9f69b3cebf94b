/** The algebra of field sets, against sets of paths written out as texts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonical,
  difference,
  type Fields,
  fieldsOf,
  hasPath,
  intersection,
  isEmptySet,
  isFields,
  pathsOf,
  recursiveDifference,
  union,
} from '../../../../src/core/meta/fieldpath/fields';
import { compareElements, pathText } from '../../../../src/core/meta/fieldpath/path';

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:spec',
  'k:{"name":"x"}',
  'k:{"port":80,"protocol":"TCP"}',
  'v:"z"',
  'i:0',
);
const sameSet = (a: Fields, b: Fields): boolean => isEmptySet(difference(a, b)) && isEmptySet(difference(b, a));

const path = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });

const texts = (set: Fields): string[] => [...pathsOf(set, compareElements)].map((p) => p.join(' ')).sort();
const asTexts = (list: readonly string[][]): Set<string> => new Set(list.map((p) => p.join(' ')));
const sorted = (set: Iterable<string>): string[] => [...set].sort();

describe('field sets', () => {
  it('hold exactly the paths they were made of', () => {
    fc.assert(
      fc.property(paths, (list) => {
        const set = fieldsOf(...list);
        expect(texts(set)).toEqual(sorted(asTexts(list)));
        for (const one of list) expect(hasPath(set, one)).toBe(true);
      }),
    );
  });

  it('unite, intersect and differ as sets of paths do', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [fieldsOf(...left), fieldsOf(...right)];
        const [x, y] = [asTexts(left), asTexts(right)];
        expect(texts(union(a, b))).toEqual(sorted(new Set([...x, ...y])));
        expect(texts(intersection(a, b))).toEqual(sorted([...x].filter((t) => y.has(t))));
        expect(texts(difference(a, b))).toEqual(sorted([...x].filter((t) => !y.has(t))));
      }),
    );
  });

  it('differ recursively by everything below a path as well', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const gone = right.map((p) => p.join(' '));
        const kept = [...asTexts(left)].filter((t) => !gone.some((g) => t === g || t.startsWith(`${g} `)));
        expect(texts(recursiveDifference(fieldsOf(...left), fieldsOf(...right)))).toEqual(sorted(kept));
      }),
    );
  });

  it('survive a round trip through JSON and through their canonical form', () => {
    fc.assert(
      fc.property(paths, (list) => {
        const set = fieldsOf(...list);
        const back: unknown = JSON.parse(JSON.stringify(canonical(set, compareElements)));
        expect(isFields(back)).toBe(true);
        expect(sameSet(back as Fields, set)).toBe(true);
        expect(JSON.stringify(canonical(fieldsOf(...[...list].reverse()), compareElements))).toBe(JSON.stringify(back));
      }),
    );
  });

  it('are written as the API writes them', () => {
    const set = fieldsOf(
      ['f:metadata', 'f:labels', 'f:app'],
      ['f:metadata', 'f:labels'],
      ['f:spec', 'f:ports', 'k:{"port":443}', 'f:port'],
      ['f:spec', 'f:ports', 'k:{"port":80}'],
    );
    expect(JSON.stringify(canonical(set, compareElements))).toBe(
      '{"f:metadata":{"f:labels":{".":{},"f:app":{}}},' +
        '"f:spec":{"f:ports":{"k:{\\"port\\":80}":{},"k:{\\"port\\":443}":{"f:port":{}}}}}',
    );
  });

  it('refuses what is no field set', () => {
    for (const value of [null, [], 'f:a', { a: {} }, { 'f:a': 1 }, { 'f:a': null }])
      expect(isFields(value)).toBe(false);
  });
});

describe('paths', () => {
  it('are shown as upstream shows them', () => {
    expect(pathText(['f:spec', 'f:containers', 'k:{"name":"nginx"}', 'f:image'])).toBe(
      '.spec.containers[name="nginx"].image',
    );
    expect(pathText(['f:ports', 'k:{"containerPort":80,"protocol":"TCP"}'])).toBe(
      '.ports[containerPort=80,protocol="TCP"]',
    );
    expect(pathText(['f:finalizers', 'v:"a/b"'])).toBe('.finalizers[="a/b"]');
    expect(pathText(['f:list', 'i:3'])).toBe('.list[3]');
  });

  it('order names before keys, values and positions, numbers by value', () => {
    const elements = ['i:0', 'v:"a"', 'k:{"port":443}', 'k:{"port":80}', 'f:b', 'f:a'];
    expect(elements.sort(compareElements)).toEqual(['f:a', 'f:b', 'k:{"port":80}', 'k:{"port":443}', 'v:"a"', 'i:0']);
  });
});
