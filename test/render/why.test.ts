/** The text of explanations: indented chains, lines broken for a terminal only, nothing that steers it. */
import { expect, test } from 'vitest';
import { renderWhy } from '../../src/render/why';

const reason = {
  rule: 'some-rule',
  message: 'web-1 is not ready: web-2 is created only after it',
  source: 'a document',
  since: 60_000,
  until: 125_500,
  endsAlone: true,
  ends: 'web-1 is ready',
  remedy: ['first --flag', "second 'a b'"],
  because: [
    { rule: 'deeper', message: 'one', source: '', endsAlone: false, ends: '', since: 0 },
    {
      rule: 'deep',
      message: 'two',
      source: '',
      endsAlone: false,
      ends: '',
      because: [{ rule: 'deepest', message: 'three', source: '', endsAlone: false, ends: '' }],
    },
  ],
};
const explanation = {
  subject: { kind: 'StatefulSet', name: 'web' },
  summary: 'two of three',
  reasons: [reason],
  notes: [{ rule: 'note-rule', message: 'by the way', source: '', endsAlone: false, ends: 'never', remedy: ['third'] }],
};
const options = { now: 120_000, program: 'stsctl' };

test('a chain is indented; advice stands in front of it, ready to be copied', () => {
  expect(renderWhy([explanation], options)).toBe(`statefulset/web: two of three
  web-1 is not ready: web-2 is created only after it
    since    1970-01-01T00:01:00Z (60s ago)
    until    1970-01-01T00:02:05Z (in 6s)
    rule     some-rule (a document)
    ends     by itself, when web-1 is ready
    do       stsctl first --flag
             stsctl second 'a b'
    because  one [deeper], for 2m
    because  two [deep]
      because  three [deepest]
  note     by the way [note-rule]
    ends     when never
    do       stsctl third
`);
});

test('lines are broken at the width of a terminal, commands never', () => {
  const long = { ...reason, message: 'word '.repeat(20).trim(), remedy: [`command ${'x'.repeat(60)}`], because: [] };
  const text = renderWhy([{ ...explanation, reasons: [long], notes: [] }], { ...options, columns: 60 });
  expect(text).toBe(`statefulset/web: two of three
  word word word word word word word word word word word
    word word word word word word word word word
    since    1970-01-01T00:01:00Z (60s ago)
    until    1970-01-01T00:02:05Z (in 6s)
    rule     some-rule (a document)
    ends     by itself, when web-1 is ready
    do       stsctl command ${'x'.repeat(60)}
`);
});

test('what objects hold does not steer the terminal', () => {
  const evil = { ...reason, message: 'a\u001b[2Jb\nc\r', remedy: ['x\u001b]0;'], because: [] };
  const text = renderWhy([{ ...explanation, summary: '\u001b[31m', reasons: [evil], notes: [] }], options);
  expect(text).not.toContain('\u001b');
  expect(text.split('\n')[1]).toBe('  a^[[2Jb c\\r');
});

test('marks are put around words, not in place of them', () => {
  const text = renderWhy([explanation], { ...options, mark: (words, style) => `<${style}>${words}</>` });
  expect(text.replaceAll(/<[^>]*>/g, '')).toBe(renderWhy([explanation], options));
  expect(text).toContain('<yellow>web-1 is not ready');
});

test('the first line counts its name: nothing reaches the edge, and the name alone is bold', () => {
  const long = {
    ...explanation,
    summary: '2 of 3 replicas are ready, 1 at the latest revision web-0123456789',
    reasons: [],
  };
  const lines = ['statefulset/web: 2 of 3 replicas are ready, 1 at the latest', '  revision web-0123456789', ''];
  const shown = { ...options, columns: 64 };
  expect(renderWhy([{ ...long, notes: [] }], shown)).toBe(lines.join('\n'));
  const mark = (text: string, style: string) => `<${style}>${text}</>`;
  expect(renderWhy([{ ...long, notes: [] }], { ...shown, mark })).toBe(
    '<bold>statefulset/web:</><green> 2 of 3 replicas are ready, 1 at the latest</>\n  <green>revision web-0123456789</>\n',
  );
});

test('a name never steers the terminal', () => {
  const subject = { kind: 'Pod', name: 'web\u001b[31m\n0' };
  expect(renderWhy([{ subject, summary: 'x', reasons: [], notes: [] }], options)).toBe('pod/web^[[31m 0: x\n');
});
