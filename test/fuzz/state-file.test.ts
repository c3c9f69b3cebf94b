/**
 * State files that somebody else wrote: each is refused in words for the user or holds a cluster that can be read and played.
 * Names in it are never paths: nothing outside of the state's own folders is made.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeDocument, encodeDocument, type JsonObject } from '../../src/core/backends/local/codec';
import { type Cli, createCli } from '../support/cli';
import { attempt, checkPrototypes, guardAgainstHanging, runs } from './support/fuzz';
import { textsLike, valuesLike } from './support/mutations';
import { CRON, DEFINITION, POD, SERVICE, SET } from './support/objects';

guardAgainstHanging();

let cli: Cli;
let text: string;
let document: JsonObject;

beforeAll(async () => {
  cli = createCli({
    'all.json': [SERVICE, SET, { ...POD, metadata: { name: 'solo' } }, DEFINITION]
      .map((object) => JSON.stringify(object))
      .join('\n'),
    'cron.json': JSON.stringify(CRON),
  });
  for (const command of [
    'apply -f all.json',
    'apply -f cron.json',
    'sim clock settle',
    'sim fail pod/web-1 crash',
    'scale sts web --replicas=4',
  ]) {
    const { code, err } = await cli(command);
    expect(`${command}: ${code} ${code ? err : ''}`).toBe(`${command}: 0 `);
  }
  text = readFileSync(cli.state, 'utf8');
  document = decodeDocument(text);
  expect(text).toContain('"sum"');
});
afterAll(() => cli.dispose());

/** What each is to be done with a file. */
const COMMANDS = ['get pods -A -o wide', 'get all,pvc,pv,crons -o yaml', 'describe pods', 'describe sts web', 'sim clock advance 1h', 'sim clock settle', 'exec web-0 -- ls /data', 'get events', 'sim timeline', 'logs web-0', 'scale sts web --replicas=1', 'delete pod web-0', 'sim faults', 'why sts web', 'rollout status sts web --timeout=1s', 'sim history']; // biome-ignore format: commands

/** Plays some commands over a file with this content. What no user could read is thrown on by the command. */
async function play(content: string, commands: readonly string[]): Promise<void> {
  for (const name of readdirSync(dirname(cli.state)))
    rmSync(join(dirname(cli.state), name), { recursive: true, force: true });
  for (const command of commands) {
    writeFileSync(cli.state, content);
    const { code, err } = await cli(command);
    expect(`${command}: ${err}`).not.toMatch(/TypeError|RangeError|\n\s+at .*:\d+:\d+/);
    expect(code).toBeTypeOf('number');
  }
  checkPrototypes();
}

const commands = fc.array(fc.constantFrom(...COMMANDS), { minLength: 1, maxLength: 3 });
/** As text, and without a sum: as an editor leaves it. */
const written = (value: unknown): string => {
  const { schema = 1, ...rest } = value as JsonObject;
  return encodeDocument({ schema, ...rest }).replace(/^"sum":.*\n/m, '');
};

describe('the text', () => {
  test('is refused, or gives a document that is written and read alike', async () => {
    const texts = fc
      .constant(undefined)
      .chain(() =>
        textsLike(fc.constant(text.replace(/^"sum":.*\n/m, '')), [
          '{',
          '}',
          '[',
          ']',
          ',',
          '"',
          '\\',
          ':',
          'null',
          '1',
          '"lists"',
          '"shapes":',
          '"__proto__":',
        ]),
      );
    await fc.assert(
      fc.asyncProperty(texts, (changed) => {
        const { value } = attempt(
          () => decodeDocument(changed),
          (error) => error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError),
        );
        if (value) attempt(() => expect(decodeDocument(encodeDocument(value))).toEqual(value));
        return Promise.resolve();
      }),
      runs(12),
    );
  });

  test('with one character of a sealed file changed is refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: text.length - 1 }).filter((at) => at < 13 || at > 30),
        fc.constantFrom('0', 'x', '"', '}', ' ', ''),
        async (at, word) => {
          const changed = text.slice(0, at) + word + text.slice(at + 1);
          if (changed === text) return;
          writeFileSync(cli.state, changed);
          const { err, code } = await cli('get pods');
          expect(code).toBe(1);
          expect(err).toMatch(/is damaged|written by a newer/);
        },
      ),
      runs(8),
    );
  });
});

test('values of any kind in any place', async () => {
  const documents = fc.constant(undefined).chain(() => valuesLike(fc.constant<unknown>(document), 2));
  await fc.assert(
    fc.asyncProperty(documents, commands, async (changed, chosen) => {
      const content = attempt(
        () => written(changed),
        (error) => error instanceof Error,
      ).value;
      if (content !== undefined) await play(content, chosen);
    }),
    runs(12),
  );
});

test('objects of any kind, changed inside', async () => {
  const objects = fc.constant(undefined).chain(() => {
    const list = document.objects as JsonObject[];
    return fc.tuple(
      fc.nat(list.length - 1).chain((at) => fc.tuple(fc.constant(at), valuesLike(fc.constant<unknown>(list[at]), 2))),
    );
  });
  await fc.assert(
    fc.asyncProperty(objects, commands, async ([[at, changed]], chosen) => {
      const list = document.objects as JsonObject[];
      await play(
        written({
          ...document,
          objects: list.with?.(at, changed as JsonObject) ?? list.map((object, i) => (i === at ? changed : object)),
        }),
        chosen,
      );
    }),
    runs(12),
  );
});

describe('names that are paths', () => {
  const outside = join(mkdtempSync(join(tmpdir(), 'stsctl-outside-')), 'x');
  const name = `escaped-${process.pid}`;
  const names = fc.constantFrom(
    `../${name}`,
    `../../${name}`,
    `../../../../../../../../../..${outside}`,
    outside,
    `a/../../../${name}`,
    `..`,
    `.`,
    ``,
    `a\0b`,
    `~/${name}`,
    `C:\\${name}`,
    `..%2f${name}`,
  );
  const fields = fc.constantFrom(
    'pod name',
    'uid',
    'volume',
    'container',
    'claim',
    'namespace',
    'subPath',
    'emptyDir',
    'run',
  );

  test('lead nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(fields, names, fc.boolean(), async (field, path, sealed) => {
        const objects = (document.objects as JsonObject[]).map((object) => renamed(object as Loose, field, path));
        const forged = encodeDocument({ schema: 1, ...document, objects });
        const lines = [
          'sim clock advance 2h',
          'exec web-0 -- touch /data/a',
          'delete pod web-0 --force',
          'delete pvc --all',
          'cp web-0:/data a',
          'sim clock settle',
        ];
        // With a right sum nobody looks at it before it is used; what then goes wrong may be a bug's words, and leads nowhere all the same.
        if (sealed)
          for (const command of lines) {
            writeFileSync(cli.state, forged);
            await cli(command).catch(() => undefined);
          }
        else await play(forged.replace(/^"sum":.*\n/m, ''), lines);
        const own = readdirSync(dirname(cli.state)).filter((entry) => !entry.startsWith('state.json'));
        expect(own.filter((entry) => entry !== 'kept')).toEqual([]);
        expect(existsSync(outside)).toBe(false);
        expect(readdirSync(tmpdir())).not.toContain(name);
        for (const folder of ['/', process.cwd(), dirname(process.cwd())])
          expect(existsSync(join(folder, name))).toBe(false);
      }),
      runs(8),
    );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: objects are changed freely
type Loose = any;

function renamed(object: Loose, field: string, path: string): Loose {
  const { kind, metadata, spec } = object;
  if (kind === 'Pod' && metadata.name === 'web-0') {
    if (field === 'pod name') return { ...object, metadata: { ...metadata, name: path } };
    if (field === 'uid') return { ...object, metadata: { ...metadata, uid: path } };
    if (field === 'namespace') return { ...object, metadata: { ...metadata, namespace: path } };
    const [container] = spec.containers;
    if (field === 'container') return { ...object, spec: { ...spec, containers: [{ ...container, name: path }] } };
    const mounts = [{ name: 'data', mountPath: '/data', subPath: path }];
    if (field === 'subPath')
      return { ...object, spec: { ...spec, containers: [{ ...container, volumeMounts: mounts }] } };
    const named = [{ name: path, mountPath: '/data' }];
    if (field === 'emptyDir')
      return {
        ...object,
        spec: { ...spec, volumes: [{ name: path, emptyDir: {} }], containers: [{ ...container, volumeMounts: named }] },
      };
  }
  if (kind === 'PersistentVolume' && field === 'volume') return { ...object, metadata: { ...metadata, name: path } };
  if (kind === 'PersistentVolumeClaim' && field === 'volume') return { ...object, spec: { ...spec, volumeName: path } };
  if (kind === 'PersistentVolumeClaim' && field === 'claim')
    return { ...object, metadata: { ...metadata, name: path } };
  return object;
}
