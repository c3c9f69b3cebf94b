import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml, YamlError } from '../../../src/commands/manifests/yaml';
import { exactInteger } from '../../../src/core/meta/json';
import { toYaml } from '../../../src/render/yaml';

const key = fc.string({ maxLength: 200 }).filter((name) => name !== '__proto__' && name !== '<<');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'ab01 \n\t:-#\'"\\,[]{}é😀'), maxLength: 120 }),
);
/** What JSON of the API may hold: no half characters. Breaks that only Unicode knows do not survive kubectl's emitter. */
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      text.filter((t) => !/[\ud800-\udfff\u0085\u2028\u2029]/u.test(t)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exactInteger),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;

test.each<[string, unknown]>([
  ['a: {\n  b: 1\n}\nc: [\n1,\n\t2\n]\n', { a: { b: 1 }, c: [1, 2] }],
  ['l:\n- {\n  b: [\n  ]\n}\n- c: "x\ny"\n', { l: [{ b: [] }, { c: 'x y' }] }],
  ['k:\nv: [\tx\n]\n', { k: null, v: ['x'] }],
  ['s: "a\n  b \\\nc"\n', { s: 'a b c' }],
  ['t: |\n  {\n  }\nu: {\n}\n', { t: '{\n}\n', u: {} }],
])('brackets and quotes may go on left of their block: %j', (yaml, read) => expect(parseYaml(yaml)).toEqual(read));

// js-yaml alone would read each of these, and some of them as other data than kubectl.
test.each([
  ['a: {b:}\n', "found ':' in front of ',' or a bracket, which must be in quotes or have a space behind it"],
  ['a: [x:,y]\n', "found ':' in front of ',' or a bracket, which must be in quotes or have a space behind it"],
  ['a:\n- [b?c]\n', "line 1: did not find expected ',' or ']'"],
  ['a: [:b]\n', 'did not find expected node content'],
  ['a: "b\\\n\n  c"\n', 'found a blank line behind an escaped line break'],
  ['a: "\\U00110000"\n', 'found invalid Unicode character escape code'],
  ['a: "\\ud83d\\ude00"\n', 'found invalid Unicode character escape code'],
  ['a: "\\/"\n', 'found unknown escape character'],
  ['a: &x b: 1\n', 'mapping values are not allowed in this context'],
  ['a:\n- ""b: 1\n', 'line 1: did not find expected key'],
  ['a: &b.c 1\n', 'did not find expected alphabetic or numeric character'],
  ['b: 1\na: x\u2028y\n', 'line 2: found the separator U+2028, which must be written as an escape'],
])('YAML 1.1 has no %j', (yaml, problem) =>
  expect(() => parseYaml(yaml)).toThrow(`error converting YAML to JSON: yaml: ${problem}`),
);

test.each([
  ['many lines left of their block', `a: "${'x\n'.repeat(20_000)}\n`],
  ['many ends', `# c\n${'...\n'.repeat(200_000)}a: [`],
  ['many keys', `${'k:\n'.repeat(100_000)}- ""b: 1\n`],
  ['many brackets', '['.repeat(1_000_000)],
  ['many properties', Array.from({ length: 200 }, (_, i) => `v:\n${' '.repeat(i + 1)}!t &a${i} `).join('')],
])('%s are refused in no time', (_, yaml) => {
  expect(() => parseYaml(yaml)).toThrow(YamlError);
});

test('what -o yaml prints is read back the same', () => {
  fc.assert(
    fc.property(value, (written) => {
      expect(parseYaml(toYaml({ v: written }))).toEqual({ v: written });
    }),
    { numRuns: 2000 },
  );
});

test('so is JSON, whose numbers keep every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.string(), (integer, name) => {
      const plain = JSON.stringify(`x${name}`);
      if (/\\u|[^ -~]/.test(plain)) return;
      expect(parseYaml(`{${plain}: [${integer}]}`)).toEqual({ [`x${name}`]: [exactInteger(integer)] });
    }),
  );
});
