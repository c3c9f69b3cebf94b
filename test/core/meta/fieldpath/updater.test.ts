/** Who owns what after updates and applies: the cases of structured-merge-diff's merge tests that concern us. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepEqual } from '../../../../src/core/meta/equal';
import { faultsOf } from '../../../../src/core/meta/fieldpath/check';
import { compare } from '../../../../src/core/meta/fieldpath/compare';
import { toFieldSet } from '../../../../src/core/meta/fieldpath/field-set';
import { EMPTY_FIELDS, type Fields, fieldsOf } from '../../../../src/core/meta/fieldpath/fields';
import { merge } from '../../../../src/core/meta/fieldpath/merge';
import { removeFields } from '../../../../src/core/meta/fieldpath/remove';
import {
  DEDUCED,
  type ListShape,
  SCALAR,
  type Shape,
  type StructShape,
} from '../../../../src/core/meta/fieldpath/shape';
import {
  applied,
  FieldConflicts,
  type Managers,
  type Rules,
  updated,
} from '../../../../src/core/meta/fieldpath/updater';

const struct = (fields: Record<string, Shape>, atomic = false, zeros: [string, unknown][] = []): StructShape => ({
  kind: 'struct',
  atomic,
  field: (name) => (Object.hasOwn(fields, name) ? { shape: fields[name]! } : undefined),
  zeros: new Map(zeros),
});
const list = (relation: ListShape['relation'], item: Shape, ...keys: string[]): ListShape => ({
  kind: 'list',
  relation,
  keys: keys.map((name) => (name === 'protocol' ? { name, fallback: 'TCP' } : { name })),
  item,
});
const shape = struct({
  string: SCALAR,
  number: SCALAR,
  bool: SCALAR,
  set: list('set', SCALAR),
  atomicList: list('atomic', SCALAR),
  map: { kind: 'map', atomic: false, item: SCALAR },
  whole: struct({ a: SCALAR, b: SCALAR }, true),
  list: list('map', struct({ name: SCALAR, value: SCALAR }), 'name'),
  ports: list('map', struct({ port: SCALAR, protocol: SCALAR, name: SCALAR }), 'port', 'protocol'),
  child: struct({ x: SCALAR, y: SCALAR }),
  open: DEDUCED,
});
const rules: Rules = { shape, ignored: EMPTY_FIELDS, stripped: (fields) => fields, equal: deepEqual };

/** Plays writes one after the other. */
class Scene {
  live: object = {};
  managers: Managers = new Map();

  apply(manager: string, config: object, force = false): this {
    const merged = applied(rules, this.live, config, this.managers, manager, force);
    this.live = merged.object as object;
    this.managers = merged.managers;
    return this;
  }

  update(manager: string, next: object): this {
    this.managers = updated(rules, this.live, next, this.managers, manager);
    this.live = next;
    return this;
  }

  get owners(): Record<string, Fields> {
    return Object.fromEntries([...this.managers].map(([name, { fields }]) => [name, fields]));
  }
}

const conflictsOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof FieldConflicts)) throw error;
    return error.conflicts.map(({ manager, path }) => `${manager} ${path.join(' ')}`);
  }
  return [];
};

describe('apply', () => {
  it('owns what it names, twice the same', () => {
    const scene = new Scene().apply('a', { number: 1, string: 's' }).apply('a', { number: 1, string: 's' });
    expect(scene.owners).toEqual({ a: { 'f:number': {}, 'f:string': {} } });
  });

  it('shares what says the same, and conflicts over what does not', () => {
    const scene = new Scene().apply('a', { number: 1, string: 's' }).apply('b', { number: 1 });
    expect(scene.owners).toEqual({ a: { 'f:number': {}, 'f:string': {} }, b: { 'f:number': {} } });
    expect(conflictsOf(() => scene.apply('b', { number: 2, string: 'x' }))).toEqual(['a f:number', 'a f:string']);
    expect(scene.live).toEqual({ number: 1, string: 's' });
    scene.apply('b', { number: 2 }, true);
    expect(scene.live).toEqual({ number: 2, string: 's' });
    expect(scene.owners).toEqual({ a: { 'f:string': {} }, b: { 'f:number': {} } });
  });

  it('takes away what it no longer names, unless another applier does', () => {
    const scene = new Scene()
      .apply('a', { number: 1, list: [{ name: 'x', value: 1 }, { name: 'y' }] })
      .apply('b', { list: [{ name: 'y' }] })
      .apply('a', { number: 1 });
    expect(scene.live).toEqual({ number: 1, list: [{ name: 'y' }] });
    expect(Object.keys(scene.owners)).toEqual(['a', 'b']);
    scene.apply('b', {});
    expect(scene.live).toEqual({ number: 1 });
  });

  it('keeps what an updater added next to it', () => {
    const scene = new Scene()
      .apply('a', { list: [{ name: 'x', value: 1 }] })
      .update('u', {
        list: [
          { name: 'x', value: 1 },
          { name: 'z', value: 3 },
        ],
        number: 4,
      })
      .apply('a', {});
    expect(scene.live).toEqual({ list: [{ name: 'z', value: 3 }], number: 4 });
  });

  it('leaves an item to the updater who wrote into it', () => {
    const scene = new Scene()
      .apply('a', { child: { x: 1 } })
      .update('u', { child: { x: 1, y: 2 } })
      .apply('a', {});
    expect(scene.live).toEqual({ child: { y: 2 } });
  });

  it('removes a value of a set and only that', () => {
    const scene = new Scene()
      .apply('a', { set: ['x', 'y'] })
      .apply('b', { set: ['z'] })
      .apply('a', { set: ['x'] });
    expect(scene.live).toEqual({ set: ['x', 'z'] });
  });

  it('owns atomic lists and structs as a whole', () => {
    const scene = new Scene().apply('a', { atomicList: [1, 2], whole: { a: 1 } });
    expect(scene.owners).toEqual({ a: { 'f:atomicList': {}, 'f:whole': {} } });
    expect(conflictsOf(() => scene.apply('b', { atomicList: [1], whole: { b: 1 } }))).toEqual([
      'a f:atomicList',
      'a f:whole',
    ]);
    scene.apply('b', { whole: { b: 1 } }, true);
    expect(scene.live).toEqual({ atomicList: [1, 2], whole: { b: 1 } });
  });

  it('fills in a key that has a default', () => {
    const scene = new Scene()
      .apply('a', { ports: [{ port: 80 }] })
      .apply('b', { ports: [{ port: 80, protocol: 'TCP' }] });
    expect(scene.live).toEqual({ ports: [{ port: 80, protocol: 'TCP' }] });
    expect(Object.keys(scene.owners.a!['f:ports']!)).toEqual(['k:{"port":80,"protocol":"TCP"}']);
  });

  it('puts the items in the order of the configuration', () => {
    const items = (names: string): object => ({ list: [...names].map((name) => ({ name })) });
    const order = (live: string, config: string): string =>
      (merge(shape, items(live), items(config)) as { list: { name: string }[] }).list.map(({ name }) => name).join('');
    expect(order('abc', 'cba')).toBe('cba');
    expect(order('abc', 'ca')).toBe('bca');
    expect(order('ab', 'xb')).toBe('axb');
    expect(order('abcd', 'dxb')).toBe('acdxb');
    expect(order('', 'ba')).toBe('ba');
    expect(order('ab', '')).toBe('ab');
  });
});

describe('update', () => {
  it('takes what it changes and loses what it removes', () => {
    const scene = new Scene()
      .update('a', { number: 1, string: 's', map: { k: 'v' } })
      .update('b', { number: 2, map: { k: 'v', l: 'w' } });
    expect(scene.owners).toEqual({
      a: { 'f:map': { '.': {}, 'f:k': {} } },
      b: { 'f:map': { 'f:l': {} }, 'f:number': {} },
    });
  });

  it('takes fields from an applier, who gets them back only by force', () => {
    const scene = new Scene().apply('a', { number: 1 }).update('u', { number: 2 });
    expect(scene.owners).toEqual({ u: { 'f:number': {} } });
    expect(conflictsOf(() => scene.apply('a', { number: 1 }))).toEqual(['u f:number']);
  });

  it('changes nothing where nothing changed', () => {
    const scene = new Scene().apply('a', { number: 1 });
    const before = scene.owners;
    expect(scene.update('u', { number: 1 }).owners).toEqual(before);
  });
});

describe('comparison', () => {
  it('counts what Go would write anyway as there', () => {
    const inner = struct({ x: SCALAR, list: list('set', SCALAR) }, false, [['list', null]]);
    const outer = struct({ inner, gone: inner }, false, [['inner', {}]]);
    const { added, modified } = compare(outer, {}, { inner: { x: 1, list: ['v'] }, gone: { x: 1 } }, deepEqual);
    expect(modified).toEqual({});
    expect(added).toEqual({
      'f:inner': { 'f:x': {}, 'f:list': { 'v:"v"': {} } },
      'f:gone': { '.': {}, 'f:x': {}, 'f:list': {} },
    });
  });

  const value = fc.record(
    {
      string: fc.constantFrom('a', 'b'),
      number: fc.nat(3),
      set: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }),
      atomicList: fc.array(fc.nat(2), { minLength: 1 }),
      map: fc.dictionary(fc.constantFrom('k', 'l', 'm'), fc.nat(2), { minKeys: 1 }),
      list: fc.uniqueArray(fc.record({ name: fc.constantFrom('p', 'q', 'r'), value: fc.nat(2) }), {
        selector: ({ name }) => name,
        minLength: 1,
      }),
      child: fc.record({ x: fc.nat(2), y: fc.nat(2) }),
    },
    { requiredKeys: [] },
  );

  it('finds nothing between equals, and the reverse the other way round', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(compare(shape, a, a, deepEqual)).toEqual({ added: {}, removed: {}, modified: {} });
        const [there, back] = [compare(shape, a, b, deepEqual), compare(shape, b, a, deepEqual)];
        expect(there.added).toEqual(back.removed);
        expect(there.removed).toEqual(back.added);
      }),
    );
  });

  it('merged with itself or with nothing a value stays as it is; without its fields nothing is left', () => {
    fc.assert(
      fc.property(value, (a) => {
        expect(merge(shape, a, a)).toEqual(a);
        expect(merge(shape, a, {})).toEqual(a);
        expect(merge(shape, {}, a)).toEqual(a);
        const scene = new Scene().apply('m', a).apply('m', {});
        expect(scene.live).toEqual({});
        expect(scene.owners).toEqual({});
        expect(removeFields(shape, a, EMPTY_FIELDS)).toEqual(a);
      }),
    );
  });

  it('an apply of one manager makes the object hold the configuration, whoever wrote before', () => {
    fc.assert(
      fc.property(value, value, value, (first, other, config) => {
        const scene = new Scene()
          .apply('m', first)
          .update('u', merge(shape, first, other) as object)
          .apply('m', config, true);
        expect(merge(shape, scene.live, config)).toEqual(scene.live);
        expect(scene.owners.m ?? {}).toEqual(toFieldSet(shape, config));
      }),
    );
  });
});

describe('check', () => {
  it('names fields that do not exist, items without key and doubled ones', () => {
    const config = { nope: 1, child: { z: 1 }, ports: [{ name: 'p' }], list: [{ name: 'x' }, { name: 'x' }], map: [] };
    expect(faultsOf(shape, config)).toEqual([
      '.nope: field not declared in schema',
      '.child.z: field not declared in schema',
      `.ports: element 0: associative list with keys has an element that omits key field "port" (and doesn't have default value)`,
      '.list: duplicate entries for key [name="x"]',
      '.map: expected map, got &{[]}',
    ]);
  });

  it('lets an open part be anything', () => {
    expect(faultsOf(shape, { open: { any: ['thing'] }, whole: null })).toEqual([]);
    expect(toFieldSet(shape, { open: { a: [1], b: {} } })).toEqual(fieldsOf(['f:open', 'f:a'], ['f:open', 'f:b']));
  });
});
