/** Between brackets and quotes lines may begin anywhere: far out, behind tabs, as many as there are. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/commands/manifests/yaml';
import { runs } from '../../oracle/support/kubectl';

/** White space that means nothing there, and may break the line. */
const gap = fc.constantFrom(' ', ' ', '\n', '\n ', '\n      ', '\n\t', ' # it\'s "a" [comment\n', '\n#\n\n  ');
const inQuotes = fc.constantFrom(' ', '\n', '\n  ', '\n\t', '\n        ');
const word = fc.constantFrom('a', "it's", 'b"c', 'x#y', 'a:b', '-1x', 'long word');

interface Piece {
  readonly text: string;
  readonly value: unknown;
}

const plain = fc.tuple(word, gap, word).map(([a, space, b]): Piece => {
  // A comment ends a plain text.
  const apart = space.includes('#') ? ' ' : space;
  return { text: `${a}${apart}${b}`, value: `${a} ${b}` };
});
const double = fc.tuple(word, inQuotes, word).map(
  ([a, space, b]): Piece => ({
    text: `"${a.replaceAll('"', '\\"')}${space}${b.replaceAll('"', '\\"')}]"`,
    value: `${a} ${b}]`,
  }),
);
const single = fc.tuple(word, inQuotes, word).map(
  ([a, space, b]): Piece => ({
    text: `'${a.replaceAll("'", "''")}${space}}${b.replaceAll("'", "''")}'`,
    value: `${a} }${b}`,
  }),
);

const { value: piece } = fc.letrec<{ value: Piece }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    plain,
    double,
    single,
    fc.tuple(gap, fc.array(fc.tuple(tie('value'), gap, gap), { maxLength: 4 })).map(
      ([first, items]): Piece => ({
        text: `[${first}${items.map(([{ text }, a, b]) => `${text}${a},${b}`).join('')}]`,
        value: items.map(([{ value }]) => value),
      }),
    ),
    fc.tuple(gap, fc.array(fc.tuple(tie('value'), gap, gap), { maxLength: 4 })).map(
      ([first, items]): Piece => ({
        text: `{${first}${items.map(([{ text }, a, b], i) => `k${i}:${a}${text}${b},${a}`).join('')}}`,
        value: Object.fromEntries(items.map(([{ value }], i) => [`k${i}`, value])),
      }),
    ),
  ),
}));
const bracketed = piece.filter(({ text }) => /^["'[{]/.test(text));

test('what lies between them is what it would be in one line', () => {
  fc.assert(
    fc.property(fc.array(bracketed, { minLength: 1, maxLength: 4 }), (pieces) => {
      const lines = pieces.map(({ text }, i) => `    - name: n${i}\n      held: ${text}\n`);
      const value = pieces.map((one, i) => ({ name: `n${i}`, held: one.value }));
      expect(parseYaml(`a:\n  b:\n${lines.join('')}c: d\n`)).toEqual({ a: { b: value }, c: 'd' });
    }),
    runs(400),
  );
});

test.each([
  ['items', `[\n${'1,\n'.repeat(20_000)}]`, 20_000],
  ['items behind tabs', `[\n${'\t1,\n'.repeat(20_000)}]`, 20_000],
  ['maps', `[\n${'{a: "x",\n# no ]\nb: \'y\'},\n'.repeat(5_000)}]`, 5_000],
])('%s by the ten thousand, each on a line of its own', (_, text, length) => {
  const { a } = parseYaml(`a:\n  b: ${text}\n`) as { readonly a: { readonly b: readonly unknown[] } };
  expect(a.b).toHaveLength(length);
});

test('brackets that close one by one, each on a line of its own', () => {
  const depth = 500;
  let { a } = parseYaml(`a:\n  ${'['.repeat(depth)}\n${']\n'.repeat(depth)}b: 1\n`) as { a: unknown };
  let found = 0;
  for (; Array.isArray(a); a = (a as unknown[])[0]) found++;
  expect(found).toBe(depth);
});

test('a text of ten thousand lines, each far out', () => {
  const text = `"${'x\n'.repeat(20_000)}"`;
  expect(parseYaml(`a:\n  b: ${text}\n`)).toEqual({ a: { b: 'x '.repeat(20_000) } });
});
