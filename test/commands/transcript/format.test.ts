import { describe, expect, test } from 'vitest';
import { headerText, stepText } from '../../../src/commands/transcript/format';
import { parseTranscript } from '../../../src/commands/transcript/parse';
import { quoted, withInput } from '../../../src/commands/transcript/shell-words';

const parse = (text: string) => parseTranscript('x.transcript', text);
const answer = (stdout = '', stderr = '', code = 0) => ({ stdout, stderr, code });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what is written is read again', () => {
  test.each([
    answer(),
    answer('a\nb\n'),
    answer('no newline'),
    answer('\n\n'),
    answer('\n'),
    answer('', 'error: x\n', 1),
    answer('| $ @settle\n', '= 3\n! \n', 130),
    answer('out', 'err', 2),
    answer('tab\t \r\nend \n', ' ', 0),
    answer('ünï\u2028\u0000\u001b[1m\n'),
  ])('%j', (given) => {
    const text = stepText('stsctl get pods\nmore\n', given, { folder: 'a b', at: 61_250, stop: 1_500 });
    const { steps } = parse(`${text}$ next\n`);
    expect(steps[0]).toMatchObject({
      command: 'stsctl get pods\nmore\n',
      answer: given,
      folder: 'a b',
      at: 61_250,
      stop: 1_500,
    });
    expect(steps[1]).toMatchObject({ command: 'next', answer: answer(), folder: '', at: undefined, stop: undefined });
  });

  test('the header', () => {
    const header = {
      clock: 'wall',
      seed: 12,
      start: Date.UTC(2026, 0, 1) + 7,
      state: 'a b.state',
      env: { STSCTL_FEATURE_GATES: 'A=true,B=false' },
    } as const;
    expect(parse(`${headerText(header)}$ x\n`).header).toEqual(header);
    expect(headerText({ env: {} })).toBe(
      '# Recorded by stsctl. "stsctl sim replay" runs it again and shows what differs.\n',
    );
  });
});

test('a recording of a real cluster', () => {
  const { header, steps } = parse(
    '# note\n$ kubectl apply -f x.yaml\n| service/x created\n|\n! Warning: w\n= 1\n\n@settle\n$ kubectl get pods\r\n',
  );
  expect(header).toEqual({ env: {} });
  expect(steps.map(({ line, command, settle, answer }) => ({ line, command, settle, answer }))).toEqual([
    {
      line: 2,
      command: 'kubectl apply -f x.yaml',
      settle: false,
      answer: answer('service/x created\n\n', 'Warning: w\n', 1),
    },
    { line: 8, command: 'stsctl sim clock settle', settle: true, answer: answer() },
    { line: 9, command: 'kubectl get pods', settle: false, answer: answer() },
  ]);
});

describe('what is none is refused with its line', () => {
  const marks = "expected a line that begins with '$ ', '> ', '| ', '! ', '= ', '\\', '@' or '#'";
  test.each([
    ['hello\n', `x.transcript:1: ${marks}`],
    ['$ a\n$b\n', `x.transcript:2: ${marks}`],
    ['\n| out\n', 'x.transcript:2: there is no command that this could belong to'],
    ['$ a\n@settle\n| out\n', 'x.transcript:3: there is no command that this could belong to'],
    ['$ a\n| out\n> b\n', "x.transcript:3: a command's further lines come before its answer"],
    ['$ a\n= one\n', 'x.transcript:2: invalid exit code "one"'],
    ['$ a\n\\\n', 'x.transcript:2: there is no line before this that could lack its newline'],
    ['@seed x\n', 'x.transcript:1: invalid value "x" of @seed'],
    ['@clock sun\n', 'x.transcript:1: invalid value "sun" of @clock'],
    ['@start never\n', 'x.transcript:1: invalid value "never" of @start'],
    ['@env A\n', 'x.transcript:1: invalid value "A" of @env'],
    [
      '$ a\n@seed 1\n',
      'x.transcript:2: @seed comes before the first command: only @settle, @in, @at and @stop may follow one',
    ],
    ['@at soon\n$ a\n', 'x.transcript:1: time: invalid duration "soon"'],
    ['@stop -1s\n$ a\n', 'x.transcript:1: time does not go back: -1s'],
    [
      '@nope\n',
      'x.transcript:1: unknown word @nope: expected @settle, @in, @at, @stop, @clock, @seed, @start, @state or @env',
    ],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('words for a shell', () => {
  test.each([
    ['web-0', 'web-0'],
    ['--from=a,b:c/d.e', '--from=a,b:c/d.e'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", `"it's"`],
    [`it's $HOME`, `'it'\\''s $HOME'`],
    ['{"a": "b"}', `'{"a": "b"}'`],
    ['*', "'*'"],
    ['a\nb', "'a\nb'"],
  ])('%j', (word, text) => expect(quoted(word)).toBe(text));

  test('input of every kind', () => {
    expect(withInput('stsctl apply -f -', bytes('a: 1\n$x\n'))).toBe("stsctl apply -f - <<'EOF'\na: 1\n$x\nEOF");
    expect(withInput('c', bytes('EOF\nEOF1\n'))).toBe("c <<'EOF2'\nEOF\nEOF1\nEOF2");
    expect(withInput('c', bytes("it's"))).toBe(`printf %s "it's" | c`);
    expect(withInput('c', new Uint8Array([0, 255]))).toBe("base64 -d <<'EOF' | c\nAP8=\nEOF");
  });
});
