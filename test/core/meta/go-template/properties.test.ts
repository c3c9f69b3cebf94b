/** What must hold for every template: it ends, it fails with a TemplateError or not at all, and its tree is a template again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoTemplate, TemplateError } from '../../../../src/core/meta/go-template';
import { sprintf } from '../../../../src/core/meta/go-template/printf';
import recorded from '../fixtures/go-template.json';

const RUNS = process.env.STSCTL_TEST_LONG ? 5000 : 400;

const hex = (text: string): string => Buffer.from(text).toString('hex');

type Outcome = { output: string } | { failure: string; printed: string };

function run(template: GoTemplate, value: unknown): Outcome {
  try {
    return { output: template.execute(value) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { failure: error.message.replace(/^template: output:\d+:\d+: /, ''), printed: error.printed };
  }
}

const operand = fc.oneof(
  fc.constantFrom('.', '$', '.spec.i', '.spec.names', '.spec.m', '.spec.nope.x', '.spec.s', '$.kind', '(.spec.deep).a'),
  fc.constantFrom('1', '-2', '1.5', 'true', 'nil', "'x'", '"a b"', '`raw`', '0x1F'),
);
const command = fc
  .tuple(
    fc.constantFrom(
      'print',
      'len',
      'not',
      'and',
      'or',
      'eq',
      'lt',
      'index',
      'slice',
      'html',
      'exists',
      'printf "%v %d"',
    ),
    fc.array(operand, { maxLength: 3 }),
  )
  .map(([name, operands]) => [name, ...operands].join(' '));
const pipe = fc.oneof(
  operand,
  fc
    .tuple(operand, fc.array(command, { minLength: 1, maxLength: 2 }))
    .map(([first, rest]) => [`print ${first}`, ...rest].join(' | ')),
  command,
);

const { template: templates } = fc.letrec<{ template: string; item: string }>((tie) => ({
  template: fc.array(tie('item'), { maxLength: 3 }).map((items) => items.join('')),
  item: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('text ', '\n', '{{/* c */}}', ' {{- "trimmed" -}} '),
    pipe.map((p) => `{{${p}}}`),
    pipe.map((p) => `{{$v := ${p}}}{{$v}}`),
    fc
      .tuple(fc.constantFrom('if', 'with', 'range', 'range $i, $x :='), pipe, tie('template'), tie('template'))
      .map(([keyword, p, body, otherwise]) => `{{${keyword} ${p}}}${body}{{else}}${otherwise}{{end}}`),
  ),
}));

const parses = (text: string): GoTemplate | undefined => {
  try {
    return GoTemplate.parse(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return undefined;
  }
};

describe('every template', () => {
  it('ends, or fails as a template does, whatever its characters', () => {
    const fragment = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{{- ',
        ' -}}',
        '(',
        ')',
        '|',
        '.',
        '$x',
        ':=',
        '=',
        ',',
        '"',
        '`',
        "'",
        '\n',
        ' ',
        '/*',
        '*/',
      ),
      fc.constantFrom(
        'if',
        'else',
        'end',
        'range',
        'with',
        'define',
        'template',
        'block',
        'break',
        'nil',
        '1',
        'len',
        '.a',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 25 }), (fragments) => {
        const parsed = parses(fragments.join(''));
        if (parsed) run(parsed, recorded.object);
      }),
      { numRuns: RUNS },
    );
  });

  it('is printed from its tree as a template that does the same, and prints itself again', () => {
    fc.assert(
      fc.property(templates, (text) => {
        const parsed = parses(text);
        if (!parsed) return;
        const again = GoTemplate.parse(parsed.toString());
        expect(again.toString()).toBe(parsed.toString());
        expect(run(again, recorded.object)).toEqual(run(parsed, recorded.object));
      }),
      { numRuns: RUNS },
    );
  });

  it('prints text without braces as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('{{'));
        expect(GoTemplate.parse(text).execute({})).toBe(text);
      }),
    );
  });

  it('walks a map in the order of its keys in bytes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' })), (keys) => {
        const byBytes = [...keys].sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
        const map = Object.fromEntries(keys.map((key) => [key, key]));
        fc.pre(!keys.includes('__proto__'));
        const printed = GoTemplate.parse('{{range $k, $v := .}}{{printf "%q" $k}};{{end}}').execute(map);
        const expected = byBytes.map((key) => `${sprintf('%q', [key])};`).join('');
        expect(printed).toBe(expected);
      }),
    );
  });

  it('formats whole numbers in every base and width as they read back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(30), (number, width) => {
        expect(sprintf(`%${width}d`, [number])).toBe(String(number).padStart(width));
        expect(sprintf(`%-${width}d`, [number])).toBe(String(number).padEnd(width));
        expect(sprintf('%x', [number])).toBe(number.toString(16));
        expect(sprintf('%b', [number])).toBe(number.toString(2));
        expect(Number(sprintf('%d', [number]))).toBe(number);
      }),
    );
  });

  it('formats floats so that the shortest form reads back, and long ones round as they should', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }), (number) => {
        expect(Number(sprintf('%v', [number]))).toBe(number);
        expect(Number(sprintf('%.17g', [number]))).toBe(number);
        expect(Number(sprintf('%.16e', [number]))).toBe(number);
      }),
    );
  });
});

describe('limits', () => {
  it.each([
    [
      'a template that calls itself',
      '{{define "r"}}{{template "r"}}{{end}}{{template "r"}}',
      /exceeded maximum template depth \(100000\)/,
    ],
    ['a loop without end', '{{range 999999999999}}{{end}}', /takes too many steps/],
    ['doubling text', '{{$x := "0123456789"}}{{range 40}}{{$x = print $x $x}}{{end}}{{$x}}', /too (?:much|long)/],
  ])('%s fails', (_name, text, message) => {
    expect(run(GoTemplate.parse(text), {})).toMatchObject({ failure: expect.stringMatching(message) });
  });

  it('parentheses and blocks deeper than any template has are refused', () => {
    const deep = 20_000;
    expect(() => GoTemplate.parse(`{{${'('.repeat(deep)}1${')'.repeat(deep)}}}`)).toThrow(
      'max expression depth exceeded',
    );
    expect(() => GoTemplate.parse('{{if 1}}'.repeat(deep) + '{{end}}'.repeat(deep))).toThrow(
      'max expression depth exceeded',
    );
  });
});

describe('names that objects inherit', () => {
  it.each([
    ['{{.constructor}}', '<no value>'],
    ['{{index . "__proto__"}}', '<no value>'],
    ['{{exists . "toString"}}', 'false'],
  ])('%s', (text, output) => expect(GoTemplate.parse(text).execute({})).toBe(output));

  it('are no functions and no templates', () => {
    expect(() => GoTemplate.parse('{{toString}}')).toThrow('template: output:1: function "toString" not defined');
    expect(() => GoTemplate.parse('{{template "constructor"}}').execute({})).toThrow(
      'template "constructor" not defined',
    );
  });
});
