/** The small languages of flags: selectors, paths, templates, quantities, durations. Each answers or refuses, whatever it is given. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/core/meta/duration';
import { parseFieldSelector } from '../../src/core/meta/fields';
import { GoTemplate } from '../../src/core/meta/go-template';
import { JsonPath, relaxedJsonPath } from '../../src/core/meta/jsonpath';
import {
  formatSelector,
  fromLabelSelector,
  type LabelSelectorLike,
  matches,
  parseSelector,
} from '../../src/core/meta/labels';
import { Quantity } from '../../src/core/meta/quantity';
import { fromTime } from '../../src/core/meta/time';
import { formatFieldSelector } from '../support/field-selector';
import { attempt, frozen, guardAgainstHanging, runs } from './support/fuzz';
import { textsLike, valuesLike } from './support/mutations';
import { OBJECTS } from './support/objects';

guardAgainstHanging();

const objects = valuesLike(fc.constantFrom<unknown>(...OBJECTS), 2);

describe('label selectors', () => {
  const WORDS = ['app', 'a.b/c', '=', '==', '!=', ' in ', ' notin ', '(', ')', ',', '!', '>', '<', '5', 'x_y'];
  const texts = textsLike(
    fc.constantFrom('app=web', 'app in (a,b),!old', 'tier notin (x),a.b/c', 'n>5,m<7', 'a!=b, c==d', '!gone', ''),
    WORDS,
  );

  test('are read back as they were printed, or refused', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { value: selector } = attempt(() => parseSelector(text));
        if (!selector) return;
        expect(parseSelector(formatSelector(selector)).map(({ key }) => key)).toEqual(selector.map(({ key }) => key));
        for (const labels of [undefined, {}, { app: 'web' }, JSON.parse('{"__proto__":"a"}') as Record<string, string>])
          expect(typeof matches(selector, labels)).toBe('boolean');
      }),
      runs(200),
    );
  });

  test('of objects, too', () => {
    const examples = fc.constantFrom<unknown>(
      { matchLabels: { app: 'web' } },
      {
        matchExpressions: [
          { key: 'a', operator: 'In', values: ['b'] },
          { key: 'c', operator: 'Exists' },
        ],
      },
    );
    fc.assert(
      fc.property(valuesLike(examples, 1), (value) => {
        // The API's decoder has seen to the types.
        if (!isSelector(value)) return;
        attempt(() => matches(fromLabelSelector(frozen(value)), { app: 'web' }));
      }),
      runs(200),
    );
  });
});

function isSelector(value: unknown): value is LabelSelectorLike {
  const { matchLabels = {}, matchExpressions = [] } = (value ?? {}) as Record<string, unknown>;
  const isMap = typeof matchLabels === 'object' && matchLabels !== null && !Array.isArray(matchLabels);
  const texts = (list: unknown): boolean => Array.isArray(list) && list.every((item) => typeof item === 'string');
  return (
    isMap &&
    Object.values(matchLabels).every((label) => typeof label === 'string') &&
    Array.isArray(matchExpressions) &&
    matchExpressions.every(
      (item) =>
        typeof item?.key === 'string' &&
        typeof item.operator === 'string' &&
        (item.values === undefined || texts(item.values)),
    )
  );
}

test('field selectors', () => {
  const texts = textsLike(
    fc.constantFrom('status.phase=Running', 'metadata.name!=web-0,a==b', 'a=\\,b\\=c\\\\', 'a='),
    [
      'metadata.name',
      '=',
      '!=',
      '==',
      ',',
      '\\',
      '\\,', // biome-ignore format: words
    ],
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { value } = attempt(() => parseFieldSelector(text));
      if (!value) return;
      const once = attempt(() => parseFieldSelector(formatFieldSelector(value)));
      if (once.value) expect(once.value).toHaveLength(value.length);
    }),
    runs(200),
  );
});

test('JSONPath', () => {
  const examples = fc.constantFrom(
    '{.items[*].metadata.name}',
    '{range .items[*]}{.metadata.name}{"\\t"}{end}',
    '{..name}',
    '{.spec.containers[?(@.name=="nginx")].image}',
    "{.metadata.labels['app','tier']}",
    '{.items[-1:0:-2]}{.items[0,1]}',
    "{.metadata.annotations.a\\.b/c}{@.kind}{$.kind}{'text'}{3}{-1.5}",
    '{.items[?(@.spec.replicas>2)]}{.items[?(@..a)]}',
    'plain {.kind} text',
  );
  const words = [
    '{',
    '}',
    '{range .}',
    '{end}',
    '..',
    '[*]',
    '[?(',
    ')]',
    '@',
    '==',
    '"',
    "'",
    '[0:1:0]',
    '[-1]',
    '.a',
    '*',
    ',',
    '\\.',
    '$',
  ];
  fc.assert(
    fc.property(textsLike(examples, words), objects, fc.boolean(), (text, object, allowMissingKeys) => {
      frozen(object);
      const { value: path } = attempt(() => JsonPath.parse(text, { allowMissingKeys }));
      if (path) {
        expect(attempt(() => path.execute(object)).value ?? '').toBeTypeOf('string');
        attempt(() => path.executeAsJson(object));
      }
      attempt(() => JsonPath.parse(relaxedJsonPath(text)).findResults(object));
    }),
    runs(250),
  );
});

test('Go templates', () => {
  const examples = fc.constantFrom(
    '{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}',
    '{{with $x := .metadata}}{{$x.name}}{{else}}none{{end}}',
    '{{if and (eq .kind "Pod") (not .spec)}}a{{else if gt 1 2}}b{{end}}',
    '{{printf "%-5s|%d|%v|%q|%T|%x|%6.2f" .kind 3 .metadata "a" . "b" 1.5}}',
    '{{index .items 0 "metadata"}}{{len .kind}}{{slice .kind 1 2}}{{.kind | js | html | urlquery}}',
    '{{define "t"}}{{.}}{{end}}{{template "t" .kind}}{{block "b" .}}{{end}}',
    '{{- /* c */ -}} {{break}}{{base64decode "YQ=="}}{{exists . "a"}}{{0x1p-2}}{{1i}}{{\'a\'}}{{`raw`}}{{1_000}}',
    '{{range $i, $e := .items}}{{if $i}},{{end}}{{continue}}{{$e}}{{end}}{{call .kind}}',
  );
  const words = ['{{', '}}', '{{-', '-}}', '.', '$', ':=', '=', '|', '(', ')', '{{end}}', '{{else}}', 'range', 'if', 'with', 'template "t"', 'define "t"', 'printf', '%', '%[3]*.[2]*[1]f', '%999999999d', '"', '`', 'nil', 'len', 'index', '{{break}}', '1e9']; // biome-ignore format: words
  fc.assert(
    fc.property(textsLike(examples, words), objects, fc.boolean(), (text, object, allowMissingKeys) => {
      frozen(object);
      const { value: template } = attempt(() => GoTemplate.parse(text));
      if (!template) return;
      attempt(() => template.execute(object, { allowMissingKeys }));
      // What was read can be printed, and read again.
      const shown = template.toString();
      expect(GoTemplate.parse(shown).toString()).toBe(shown);
    }),
    runs(250),
  );
});

test('quantities', () => {
  const texts = textsLike(
    fc.constantFrom('1500m', '1.5Gi', '12e6', '-.5', '0', '1E', '+1.Ki', '100000000000000000000n', '1e-3'),
    [
      '1',
      '0',
      '.',
      'e',
      'E',
      'm',
      'Ki',
      'Ei',
      '-',
      '+',
      '999',
      '0000', // biome-ignore format: words
    ],
  );
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const a = attempt(() => Quantity.parse(one)).value;
      const b = attempt(() => Quantity.parse(other)).value;
      if (!a) return;
      expect(Quantity.parse(a.toString()).compare(a)).toBe(0);
      if (b) expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) || 0);
    }),
    runs(200),
  );
});

test('durations and times', () => {
  const texts = textsLike(
    fc.constantFrom(
      '1m30s',
      '1.5h',
      '-3us',
      '0',
      '9223372036s',
      '2026-01-01T00:00:00Z',
      '2026-02-30T25:00:00.123+02:00',
    ),
    ['1', '.', 'h', 'm', 's', 'ms', 'µs', 'ns', '-', '+', 'T', 'Z', ':', '999999'],
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { value } = attempt(() => parseDuration(text));
      if (value !== undefined) expect(Number.isFinite(value)).toBe(true);
      expect(attempt(() => fromTime(text)).value ?? 0).toBeTypeOf('number');
    }),
    runs(200),
  );
});
