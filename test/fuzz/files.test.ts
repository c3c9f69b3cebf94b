/** Files that are read beside manifests and states: transcripts, kubeconfigs, the journal and the snapshots of undo. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseTranscript } from '../../src/commands/transcript/parse';
import { connectionOf } from '../../src/core/backends/cluster/kubeconfig/connection';
import { loadKubeConfig } from '../../src/core/backends/cluster/kubeconfig/load';
import { KubeStore } from '../../src/core/backends/cluster/kubeconfig/store';
import { viewOf } from '../../src/core/backends/cluster/kubeconfig/view';
import { decodeProtobuf } from '../../src/core/server/protobuf/decode';
import { type Cli, createCli, webYaml } from '../support/cli';
import { attempt, checkPrototypes, guardAgainstHanging, isForUser, runs } from './support/fuzz';
import { textsLike, valuesLike } from './support/mutations';

guardAgainstHanging();

let folder: string;
let cli: Cli;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stsctl-fuzz-'));
  cli = createCli({ 'web.yaml': webYaml(1) });
  for (const command of ['apply -f web.yaml', 'sim snapshot save one', 'scale sts web --replicas=2', 'sim undo'])
    expect(`${command}: ${(await cli(command)).code}`).toBe(`${command}: 0`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  cli.dispose();
});

const TRANSCRIPT =
  '# stsctl transcript\n@clock virtual\n@seed 7\n@env A=b\n\n$ stsctl get pods\n| NAME  READY\n! Warning: x\n= 1\n@settle\n@at 1m30s\n$ cat <<EOF\n> a: b\n> EOF\n| a\n\\\n';

test('transcripts', () => {
  const words = [
    '$ ',
    '> ',
    '| ',
    '! ',
    '= ',
    '@',
    '\\',
    '#',
    '\n',
    '\r\n',
    '@settle',
    '@at ',
    '@start ',
    '@env __proto__=1',
    '@seed 999999999999999',
    '@in ../../x',
    '@state /etc/passwd',
    '1',
    '=',
  ];
  fc.assert(
    fc.property(textsLike(fc.constant(TRANSCRIPT), words), (text) => {
      const { value } = attempt(() => parseTranscript('a.transcript', text), isForUser);
      if (value) for (const step of value.steps) expect(step.command).toBeTypeOf('string');
    }),
    runs(200),
  );
});

const CONFIG = {
  apiVersion: 'v1', kind: 'Config', 'current-context': 'c', preferences: {},
  clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'aGk=', 'insecure-skip-tls-verify': false, 'proxy-url': 'http://p:1' } }],
  users: [{ name: 'u', user: { token: 't', 'client-certificate': 'a.crt', exec: { command: './get', args: ['a'], env: [{ name: 'A', value: 'b' }], apiVersion: 'client.authentication.k8s.io/v1' } } }],
  contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'n' } }],
}; // biome-ignore format: a file

test('kubeconfigs', () => {
  const file = join(folder, 'config');
  const texts = fc.oneof(
    valuesLike(fc.constant<unknown>(CONFIG), 3).map(
      (value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? '',
    ),
    textsLike(fc.constant(JSON.stringify(CONFIG, null, 1)), ['{', '}', '"', ':', ',', '- ', '\n', '&a', '*a']),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom({}, { context: 'c' }, { cluster: 'k', user: 'u' }), (text, choice) => {
      writeFileSync(file, text);
      const { value } = attempt(() => loadKubeConfig([file]), isForUser);
      if (!value) return;
      attempt(() => viewOf(new KubeStore(file, {}), undefined), isForUser);
      attempt(() => connectionOf(value, choice as Parameters<typeof connectionOf>[1], {}), isForUser);
    }),
    runs(80),
  );
});

test('the journal and the snapshots of undo: taken or refused, and the cluster is there', async () => {
  const base = `${cli.state}.undo`;
  const all = (at: string): string[] =>
    readdirSync(at).flatMap((name) =>
      statSync(join(at, name)).isDirectory() ? all(join(at, name)) : [join(at, name)],
    );
  const texts = all(base).filter((path) => !path.includes('blobs'));
  const contents = new Map(
    [cli.state, ...all(base)].map((path) => [path, Uint8Array.from(readFileSync(path))] as const),
  );
  const words = ['{', '}', '"', ':', ',', '\n', '"step":', '"to":', '0', '-1', '1e9', '../../x', 'null'];
  const damaged = fc
    .constantFrom(...texts)
    .chain((path) =>
      fc.tuple(fc.constant(path), textsLike(fc.constant(new TextDecoder().decode(contents.get(path))), words)),
    );
  const commands = fc.array(
    fc.constantFrom(
      'sim history',
      'sim undo',
      'sim redo',
      'sim snapshot list',
      'sim snapshot restore one',
      'sim snapshot diff one',
      'label sts web a=b --overwrite',
      'sim undo 2',
    ),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(damaged, commands, async ([path, text], chosen) => {
      rmSync(base, { recursive: true, force: true });
      for (const [file, bytes] of contents) {
        const { mkdirSync } = await import('node:fs');
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(file, bytes);
      }
      writeFileSync(path, text);
      for (const command of chosen) expect((await cli(command)).err).not.toMatch(/TypeError|RangeError|\n\s+at /);
      expect(await cli('get ns default -o name')).toMatchObject({ code: 0, out: 'namespace/default\n' });
      checkPrototypes();
    }),
    runs(10),
  );
});

test('protobuf', () => {
  const examples = fc.constantFrom(
    'k8s\0\n\x0c\n\x02v1\x12\x06Status\x12\0',
    'k8s\0\n\x1d\n\x0fautoscaling/v1\x12\x05Scale\x12\x0c\n\x05\n\x03web',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        textsLike(examples, ['k8s\0', '\n', '\x12', '\x7f', '\x08', '\xff']).map((text) =>
          Uint8Array.from(text, (c) => c.charCodeAt(0) & 255),
        ),
        fc.uint8Array({ maxLength: 40 }),
      ),
      (bytes) => {
        attempt(() => decodeProtobuf(bytes));
      },
    ),
    runs(150),
  );
});
