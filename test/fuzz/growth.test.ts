/**
 * Inputs made to be slow, of a size at which anything that grows faster than the input would not end within a test's time: nothing is
 * timed here, an endless test is a failed one.
 */
import { describe, expect, test } from 'vitest';
import { parseDocuments } from '../../src/commands/manifests/documents';
import { parseTranscript } from '../../src/commands/transcript/parse';
import { formatCheck } from '../../src/core/api/custom-resources/formats';
import { validateStructural } from '../../src/core/api/custom-resources/structural';
import { validateAgainst } from '../../src/core/api/custom-resources/validate';
import { expand } from '../../src/core/kubelet/expansion';
import { parseDuration } from '../../src/core/meta/duration';
import { parseFieldSelector } from '../../src/core/meta/fields';
import { GoTemplate } from '../../src/core/meta/go-template';
import { parseJson } from '../../src/core/meta/json';
import { JsonPath } from '../../src/core/meta/jsonpath';
import { parseSelector } from '../../src/core/meta/labels';
import { applyJsonPatch } from '../../src/core/meta/patch/json-patch';
import { mergePatch } from '../../src/core/meta/patch/merge-patch';
import { strategicMerge } from '../../src/core/meta/patch/strategic';
import { Quantity } from '../../src/core/meta/quantity';
import { attempt, isForUser, isRefusal } from './support/fuzz';
import { nested } from './support/mutations';

const MANY = 300_000;

const read = async (text: string): Promise<void> => {
  const { error } = await parseDocuments(new TextEncoder().encode(text));
  if (error) expect(isForUser(error)).toBe(true);
};

describe('manifests', () => {
  test.each([
    ['blanks', ' '.repeat(MANY)],
    ['carriage returns', `${'\r'.repeat(MANY)}#`],
    ['tabs before a bracket', `a: ${'\t'.repeat(20_000)}[\t1]`],
    ['lists in lists', '['.repeat(MANY)],
    ['maps in maps', '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(20_000)],
    ['a question', '? '.repeat(20_000)],
    ['indents', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['anchors', `a: &a [x]\n${'b: *a\n'.repeat(3000)}`],
    [
      'a billion laughs',
      [
        'a0: &a0 [x,x,x,x,x,x,x,x,x]',
        ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
      ].join('\n'),
    ],
    [
      'merges',
      ['a0: &a0 {x: 1}', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}]}`)].join(
        '\n',
      ),
    ],
    ['quotes', '"\\'.repeat(30_000)],
    ['ends of documents', `a\n${'...\n'.repeat(20_000)}`],
    ['documents', '---\n'.repeat(MANY)],
    ['keys', `{${'a,'.repeat(20_000)}}`],
  ])('%s', async (_name, text) => read(text), 60_000);
});

describe('other texts', () => {
  test.each<readonly [string, () => unknown]>([
    ['JSON with an open string', () => parseJson(`[1234567890123456789,"${'\\"'.repeat(MANY)}`)],
    ['a duration of a custom resource', () => formatCheck('duration')?.(`${'1ms'.repeat(2000)}!`)],
    ['a duration', () => parseDuration('1h'.repeat(20_000))],
    ['a quantity', () => Quantity.parse('9'.repeat(MANY))],
    ['selectors', () => parseSelector('a in ('.repeat(20_000))],
    ['labels', () => parseSelector(Array.from({ length: 20_000 }, (_, i) => `a${i}=b`).join(','))],
    ['field selectors', () => parseFieldSelector('a=\\,'.repeat(20_000))],
    ['names in brackets', () => expand('$('.repeat(MANY), () => undefined)],
    ['a transcript', () => parseTranscript('a', `@env${' '.repeat(MANY)}\u2028`)],
    ['a path of brackets', () => JsonPath.parse(`{${'['.repeat(20_000)}`)],
    ['loops that are never ended', () => JsonPath.parse('{range .}'.repeat(60)).execute({})],
    ['a path of dots', () => JsonPath.parse(`{${'.a'.repeat(20_000)}}`).execute({})],
    ['filters in filters', () => JsonPath.parse(`{${'[?('.repeat(5000)}${')]'.repeat(5000)}}`)],
    ['braces', () => GoTemplate.parse('{{'.repeat(20_000))],
    ['parentheses', () => GoTemplate.parse(`{{${'('.repeat(20_000)}1${')'.repeat(20_000)}}}`)],
    [
      'a template in itself',
      () => GoTemplate.parse('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}').execute({}),
    ],
    ['conditions', () => GoTemplate.parse('{{if 1}}'.repeat(5000) + '{{end}}'.repeat(5000)).execute({})],
    ['a wide number', () => GoTemplate.parse('{{printf "%999999999d" 1}}').execute({})],
    ['digits', () => GoTemplate.parse(`{{${'1'.repeat(20_000)}x}}`)],
  ])(
    '%s',
    (_name, work) => {
      attempt(work, (error) => isRefusal(error) || isForUser(error) || error instanceof SyntaxError);
    },
    60_000,
  );
});

describe('values in values', () => {
  test.each([true, false])('are patched as deep as they are read, lists %s', (list) => {
    const deep = nested(900, list);
    const object = { a: deep };
    attempt(() => mergePatch(object, { a: deep }));
    attempt(() => strategicMerge(object, { a: deep }, undefined));
    attempt(() =>
      applyJsonPatch(object, [
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'test', path: '/b', value: deep },
      ]),
    );
  });
});

test('patterns of definitions are matched in one pass', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^((a+)+|(a|aa)*)+$' } } };
  expect(validateStructural(schema, 'schema')).toEqual([]);
  expect(validateAgainst({ a: `${'a'.repeat(3000)}!` }, schema)).toHaveLength(1);
  const refused = { type: 'object', properties: { a: { type: 'string', pattern: '(?=a)(.*)*b' } } };
  expect(validateStructural(refused, 'schema').map(({ field, detail }) => `${field}: ${detail}`)).toEqual([
    "schema.properties[a].pattern: must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
  ]);
});
