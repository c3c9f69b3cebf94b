/** Manifests of strangers: every text gives objects or the words of an error, and nothing reaches a prototype. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocuments } from '../../src/commands/manifests/documents';
import { readManifests } from '../../src/commands/manifests/read';
import { parseYaml } from '../../src/commands/manifests/yaml';
import { goStringify } from '../../src/core/meta/gojson';
import { stringifyJson } from '../../src/core/meta/json';
import { toYaml } from '../../src/render/yaml';
import { attempt, attemptLater, guardAgainstHanging, isForUser, runs } from './support/fuzz';
import { textsLike } from './support/mutations';
import { OBJECTS } from './support/objects';

guardAgainstHanging();

const TRICKY = [
  'a: &x {b: 1}\nc:\n  <<: *x\n  d: *x\n',
  "list:\n- 1\n- [a, {b: c}]\n- |-\n  text\n   more\n- >+\n  folded\n\n- \"esc\\u0041\\n\"\n- 'q''q'\n",
  '%YAML 1.1\n---\n!!map {a: !!str 1, b: !!binary aGk=, c: !!timestamp 2001-01-01}\n...\n',
  'a: 0o17\nb: 0x1F\nc: 1_000\nd: .inf\ne: ~\nf: yes\ng: 12:30:45\nh: 1e3\n? complex\n: value\n',
  '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]}{"a":1}',
  '# only a comment\n---\n---\nkind: Pod\n',
];
const WORDS = ['\n', '  ', '- ', ': ', ':', '? ', '&x ', '*x', '<<: ', '|', '>', '|2-\n', '!!str ', '!', '{', '}', '[', ']', ', ', '#', '"', "'", '---\n', '...\n', '%TAG ! a\n', '\\', '\t', '~', '1', 'é', '\r', '\u0085', '\ufeff', '__proto__: ', 'constructor: ']; // biome-ignore format: words
const examples = fc.constantFrom(
  ...OBJECTS.map((object) => toYaml(object)),
  ...OBJECTS.map((object) => JSON.stringify(object)),
  ...TRICKY,
  ...TRICKY,
);

const texts = textsLike(examples, WORDS);

test('one document', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { value } = attempt(() => parseYaml(text), isForUser);
      if (value === undefined) return;
      expect(JSON.parse(stringifyJson(value))).toBeDefined();
      expect(Object.getPrototypeOf(Object(value)) === null).toBe(false);
    }),
    runs(150),
  );
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { value } = attempt(() => parseYaml(text), isForUser);
      if (typeof value !== 'object' || value === null) return;
      expect(goStringify(parseYaml(toYaml(value)))).toBe(goStringify(value));
    }),
    runs(100),
  );
});

test('files, read as objects', async () => {
  const bytes = fc.oneof(
    { weight: 5, arbitrary: texts.map((text) => new TextEncoder().encode(text)) },
    { weight: 1, arbitrary: texts.map((text) => Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')])) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  );
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (content, checkHeaders) => {
      const before = content.slice();
      const { error } = await parseDocuments(content);
      if (error) expect(isForUser(error)).toBe(true);
      const host = { files: undefined as never, readStdin: async () => content };
      const { value } = await attemptLater(() =>
        readManifests(host, { filenames: ['-'], recursive: false, checkHeaders }),
      );
      for (const item of value?.items ?? []) if ('manifest' in item) expect(item.manifest.kind).not.toBe('');
      expect(content).toEqual(before);
    }),
    runs(120),
  );
});
