import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/core/api/types';
import {
  decodeDocument,
  encodeBytes,
  encodeDocument,
  type JsonObject,
} from '../../../../src/core/backends/local/codec';
import { LineMemory } from '../../../../src/core/backends/local/codec-memory';
import { exactInteger } from '../../../../src/core/meta/json';
import { pods } from './fixtures';

const roundTrip = (document: JsonObject) => decodeDocument(encodeDocument(document));

/** What JSON itself keeps of a value. */
const asJson = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value));

describe('the memory of large lists', () => {
  test('whatever changes between two writings, the document comes back equal', () => {
    const change = fc.record({ at: fc.nat(1499), how: fc.constantFrom('phase', 'drop', 'extra', 'name') });
    fc.assert(
      fc.property(
        fc.array(fc.array(change, { maxLength: 30 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (rounds, reread) => {
          const memory = new LineMemory();
          let objects: KubeObject[] = pods(1500);
          encodeDocument({ objects }, memory);
          for (const changes of rounds) {
            for (const { at, how } of changes) objects = changed(objects, at % objects.length, how);
            const text = encodeDocument({ objects }, memory);
            const back = decodeDocument(text, reread ? memory : undefined);
            expect(back).toEqual({ objects });
            if (reread) objects = back.objects as KubeObject[];
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('an object that did not change keeps its words', () => {
    const memory = new LineMemory();
    const objects = decodeDocument(encodeDocument({ objects: pods(2000) }), memory).objects as KubeObject[];
    const before = encodeDocument({ objects }).split('\n');
    const after = encodeDocument({ objects: changed(objects, 7, 'extra') }, memory).split('\n');
    expect(after.filter((line) => !before.includes(line))).toHaveLength(1);
  });

  test('what is left of a list keeps its words when most of it is gone', () => {
    const memory = new LineMemory();
    let objects = pods(4000) as KubeObject[];
    for (const count of [4000, 3999, 1200]) encodeDocument({ objects: objects.slice(0, count) }, memory);
    objects = objects.slice(0, 1200);
    const before = encodeDocument({ objects }, memory);
    expect(decodeDocument(before)).toEqual({ objects });
    expect(encodeDocument({ objects: changed(objects, 7, 'drop') }, memory).split('\n')).toHaveLength(
      before.split('\n').length - 1,
    );
    expect(memory.recall('objects', objects)?.filter((memo) => memo === undefined)).toEqual([]);
  });
});

test('the bytes are those of the text, however odd the values', () => {
  const odd = [
    '',
    '"',
    '\\',
    '\u0007',
    '\n',
    '\u2028',
    '\ud800',
    '\udfff',
    'é',
    '\ufeff',
    '😀',
    7,
    -0,
    null,
    true,
    [1],
    { a: '"' },
  ];
  const objects = odd.map((value, i) => ({ kind: 'A', metadata: { name: `a${i}` }, value, text: `${i}` }));
  const texts = odd.filter((value) => typeof value === 'string').map((value) => ({ kind: 'B', metadata: {}, value }));
  for (const document of [{ objects, texts }, { schema: 1, objects, texts, clock: 'é😀' }, { schema: 'é' }]) {
    const text = encodeDocument(document);
    expect(Buffer.concat(encodeBytes(document))).toEqual(Buffer.from(text));
    expect(decodeDocument(text)).toEqual(JSON.parse(JSON.stringify(document)));
    expect(JSON.parse(text)).toBeDefined();
  }
});

function changed(objects: readonly KubeObject[], at: number, how: string): KubeObject[] {
  const object = objects[at];
  const put = (next: KubeObject) => objects.map((o, i) => (i === at ? next : o));
  switch (how) {
    case 'drop':
      return objects.filter((_, i) => i !== at);
    case 'phase':
      return put({ ...object, status: { phase: 'Failed' } });
    case 'name':
      return put({ ...object, metadata: { ...object.metadata, name: 'odd', labels: {} } });
    default:
      return put({ ...object, extra: { at: [at, null, { deep: 'x' }] } });
  }
}

describe('the compact form', () => {
  test('random documents come back equal', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const item = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('kind', 'metadata', '__proto__', 'a/b~c')), value);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('objects', 'timeline', 'clock', '__proto__'), fc.oneof(fc.array(item), value)),
        (d) => {
          const document = asJson(d);
          expect(JSON.stringify(sorted(roundTrip(document)))).toBe(JSON.stringify(sorted(document)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('random objects of a few shapes come back equal, in their order', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('web-1', '1', 'www-web-1', ''),
    );
    const shapes = [
      fc.record({
        kind: fc.constant('Pod'),
        metadata: fc.record({ name: leaf, uid: leaf, labels: fc.record({ app: leaf, 'x.io/y': leaf }) }),
        list: fc.tuple(leaf, leaf),
      }),
      fc.record({ kind: fc.constant('Pod'), metadata: fc.record({ name: leaf, uid: leaf }) }),
      fc.record({
        kind: fc.constant('Event'),
        metadata: fc.record({ name: leaf }),
        reason: leaf,
        nested: fc.record({ a: fc.record({ b: leaf }) }),
      }),
      fc.record({ kind: fc.constant('Odd'), metadata: leaf, empty: fc.constantFrom([], {}, [[]], [{}]) }),
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(...shapes), { minLength: 1, maxLength: 40 }), (objects) => {
        const document = asJson({ objects });
        expect(roundTrip(document)).toEqual(document);
      }),
      { numRuns: 500 },
    );
  });

  test('integers beyond 2^53 come back exact, in rows, in whole objects and outside of lists', () => {
    const objects = [1n, 2n, 3n].map((n) => ({
      kind: 'A',
      metadata: { name: `a${n}` },
      x: 2n ** 60n + n,
      same: 2n ** 60n,
    }));
    const document = { clock: { now: 9007199254740993n }, objects: [...objects, { kind: 'B', y: [-(2n ** 63n)] }] };
    const text = encodeDocument(document);
    expect(roundTrip(document)).toEqual(document);
    expect(encodeDocument(decodeDocument(text))).toBe(text);
    // Other tools read it too, and nothing else makes a reader look twice.
    expect(JSON.parse(text)).toMatchObject({ clock: { now: 9007199254740992 } });
    expect(text.match(/\t/g)).toHaveLength(7);
    expect(encodeDocument({ objects: [{ kind: 'A', text: 'a\tb 9007199254740993' }] })).not.toContain('\t');
  });

  test('the memory of large lists keeps them, too', () => {
    const objects = Array.from({ length: 1500 }, (_, i) => ({
      kind: 'A',
      metadata: { name: `a${i}` },
      x: exactInteger(2n ** 60n + BigInt(i)),
    }));
    const memory = new LineMemory();
    const first = decodeDocument(encodeDocument({ objects }), memory);
    expect(decodeDocument(encodeDocument(first, memory))).toEqual({ objects });
  });

  test('absent fields that are spelled undefined are absent', () => {
    const objects = [
      { kind: 'A', metadata: { name: 'a', labels: undefined }, x: 1 },
      { kind: 'A', metadata: { name: 'b' }, x: 2, y: undefined },
    ];
    expect(roundTrip({ objects, gone: undefined })).toEqual({
      objects: [
        { kind: 'A', metadata: { name: 'a' }, x: 1 },
        { kind: 'A', metadata: { name: 'b' }, x: 2 },
      ],
    });
  });

  test('what objects have in common is one object after reading', () => {
    const { objects } = roundTrip({ objects: pods(3) }) as { objects: { spec: { containers: unknown } }[] };
    expect(objects[0].spec.containers).toBe(objects[2].spec.containers);
  });

  test('one line an object, in JSON that any tool reads', () => {
    const text = encodeDocument({ schema: 1, clock: { now: 5 }, objects: pods(3) });
    expect(JSON.parse(text)).toMatchObject({ schema: 1, clock: { now: 5 } });
    expect(text.split('\n').filter((line) => /^\[0,/.test(line))).toHaveLength(3);
  });

  test('a thousand pods take less than 300 bytes each', () => {
    expect(encodeDocument({ objects: pods(1000) }).length / 1000).toBeLessThan(300);
  });

  test('the same document gives the same text, also after reading it', () => {
    const text = encodeDocument({ objects: pods(20) });
    expect(encodeDocument(decodeDocument(text))).toBe(text);
  });

  test('damage is named', () => {
    const good = encodeDocument({ objects: pods(3) });
    expect(() => decodeDocument('')).toThrow('it is empty');
    expect(() => decodeDocument('[]')).toThrow('it is no JSON object');
    expect(() => decodeDocument('{}')).toThrow('it has no "lists"');
    expect(() => decodeDocument(good.replace(/^\[0,/m, '[9,'))).toThrow(
      'line 1 of "objects" names shape 9, which does not exist',
    );
    expect(() => decodeDocument(good.replace(/^\[0,/m, '[0,1,'))).toThrow(
      /line 1 of "objects" has \d+ values, its shape \d+ columns/,
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, item]) => [key, sorted(item)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
