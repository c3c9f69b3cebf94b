import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readManifests } from '../../../src/commands/manifests/read';
import { PlainError } from '../../../src/core/client/errors';
import { goStringify } from '../../../src/core/meta/gojson';

/** One file, and what kubectl printed for it: an object with the label x=y for each document, and its error. */
interface Recorded {
  readonly text?: string;
  readonly base64?: string;
  readonly out?: readonly string[];
  readonly err?: string;
}

const { files } = JSON.parse(readFileSync('test/commands/fixtures/manifests.json', 'utf8')) as {
  readonly files: readonly Recorded[];
};

/** Where we knowingly differ. Texts that stand in the file. */
const OTHERWISE: readonly [text: string, why: string][] = [
  ['"v":-0.0}', 'JavaScript writes minus zero as zero'],
  ['"v":1e400}', 'what is no number is refused as such before it is decoded'],
  ['"v":"\\ud800"}', 'half a character becomes a replacement character when it is written'],
  ['generation: 9223372036854775808', 'beyond 64 bits a number is named as the float that it is'],
  ['labels: {a: null}', 'labelling does that'],
  ['metadata: null', 'labelling does that'],
  ['kind: ConfigMap\nmetadata: {name: a}\n', 'an absent version is an empty one'],
];

const HEAD = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

/** What js-yaml, a reader of YAML 1.2, refuses though YAML 1.1 has it. Whole texts. */
const REFUSED: readonly [text: string, why: string][] = [
  [`${HEAD}v: \nc: \n|  \n\n  - \nz: 1\n`, 'a block scalar begins at the column of its key'],
  [`${HEAD}v:  #c\n|-\n  @x y!!str \n`, 'the same'],
  [`${HEAD}v: #[...\n|\nz: 1\n`, 'the same'],
  [`${HEAD}v: |#c\n a\n`, 'a comment close behind the sign of a block scalar'],
  [`${CONFIG_MAP}ключ: значение\n"\\u2028": "\u2028"\n`, 'a line break that only YAML 1.1 has'],
];

/** What js-yaml reads, with the meaning that it plainly has, though YAML 1.1 refuses it. How the texts behind the head begin. */
const LENIENT: readonly [text: string, why: string][] = [
  [`${CONFIG_MAP}data: {${'k'.repeat(200)}`, 'a key of more than 1024 characters'],
  [`${CONFIG_MAP}data:\n  ${'k'.repeat(200)}`, 'the same'],
  [`${HEAD}${'k'.repeat(200)}`, 'the same'],
  [`${CONFIG_MAP}\t\n`, 'a line of white space with a tab'],
  [`${CONFIG_MAP}\t# c\n`, 'a comment behind a tab'],
  [`${CONFIG_MAP}data:\n-\ta\n`, 'a tab behind a dash'],
];

/** Of the errors in the file, so many begin the same as kubectl's and name another of several mistakes, or another line. */
const WORDED_OTHERWISE = 24;

const isOtherwise = ({ text }: Recorded): boolean =>
  OTHERWISE.some(([part]) => (part.startsWith('kind') ? text === part : text?.includes(part)));

const isRefused = (file: Recorded): boolean =>
  REFUSED.some(([text]) => new TextDecoder().decode(bytesOf(file)) === text);
const isLenient = ({ text, err }: Recorded): boolean =>
  err !== undefined && LENIENT.some(([part]) => text?.startsWith(part));

const bytesOf = ({ text, base64 = '' }: Recorded): Uint8Array =>
  text === undefined ? Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) : new TextEncoder().encode(text);

async function read(recorded: Recorded): Promise<Pick<Recorded, 'out' | 'err'>> {
  const bytes = bytesOf(recorded);
  const { items } = await readManifests(
    {
      files: {
        stat: () => ({ kind: 'file', size: bytes.length, modified: 0, executable: false }),
        read: () => bytes,
        list: () => [],
        write: () => undefined,
      },
      readStdin: async () => bytes,
    } as unknown as Parameters<typeof readManifests>[0],
    { filenames: ['f.yaml'], recursive: false },
  );
  const out = items.flatMap((item) => {
    if ('error' in item) return [];
    const { metadata, ...rest } = item.manifest;
    return [goStringify({ ...rest, metadata: { ...metadata, labels: { ...metadata.labels, x: 'y' } } })];
  });
  const [error] = items.flatMap((item) => ('error' in item ? [item.error] : []));
  const prefix = error instanceof PlainError ? '' : 'error: ';
  return { ...(out.length > 0 && { out }), ...(error && { err: prefix + error.message }) };
}

const YAML_ERROR = 'error: error parsing f.yaml: error converting YAML to JSON: ';

const isKnown = (file: Recorded): boolean => isOtherwise(file) || isRefused(file) || isLenient(file);

describe('each file as kubectl reads it', () => {
  test.each(files.filter((file) => !isKnown(file)))('%j', async (recorded) => {
    const got = await read(recorded);
    expect(got.out).toEqual(recorded.out);
    if (recorded.err?.startsWith(YAML_ERROR)) expect(got.err).toMatch(YAML_ERROR);
    else expect(got.err).toBe(recorded.err);
  });

  test('errors are worded the same but for a few', async () => {
    const otherwise: Recorded[] = [];
    for (const file of files.filter((f) => !isKnown(f) && f.err !== undefined))
      if ((await read(file)).err !== file.err) otherwise.push(file);
    expect(otherwise).toHaveLength(WORDED_OTHERWISE);
  });

  test('what differs still does', async () => {
    const differ = files.filter(isOtherwise);
    expect(differ).toHaveLength(OTHERWISE.length);
    for (const recorded of differ) {
      const { out, err } = recorded;
      expect(await read(recorded)).not.toEqual({ ...(out && { out }), ...(err !== undefined && { err }) });
    }
  });

  test('what YAML 1.2 has not is refused, not misread', async () => {
    const refused = files.filter(isRefused);
    expect(refused).toHaveLength(REFUSED.length);
    for (const file of refused) expect((await read(file)).err).toMatch(YAML_ERROR);
  });

  test('what YAML 1.1 has not and js-yaml takes is read', async () => {
    const lenient = files.filter(isLenient);
    expect(lenient).toHaveLength(LENIENT.length);
    for (const file of lenient) expect(await read(file)).toMatchObject({ out: [expect.any(String)] });
  });
});
