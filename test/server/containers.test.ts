/** What kubectl and the JavaScript client library do in containers of a served cluster. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Cp, Exec, KubeConfig, Log, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOracle, kubectlPath } from '../oracle/support/kubectl';
import { kubeconfigOf, PODS, SETS, type Served, serve, webSet } from '../support/served';

let at: Served;
let folder: string;
let config: string;
beforeAll(async () => {
  at = await serve({ clock: 'wall' });
  folder = mkdtempSync(join(tmpdir(), 'stsctl-containers-'));
  config = join(folder, 'kubeconfig');
  writeFileSync(config, kubeconfigOf(at, { c: undefined }));
  mkdirSync(join(folder, 'there', 'sub'), { recursive: true });
  writeFileSync(join(folder, 'there', 'text'), 'hello\n');
  writeFileSync(
    join(folder, 'there', 'sub', 'bytes'),
    Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256),
  );
  await at.call('POST', SETS, webSet(1));
  const loop = 'for i in 1 2 3; do echo tick $i; sleep 1; done; exit 3';
  await at.call('POST', PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'ticks' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', loop] }] },
  });
  const watch = at.watch(`${PODS}?watch=1`);
  await watch.until((all) =>
    ['web-0', 'ticks'].every((name) =>
      all.some(({ object }) => object.metadata.name === name && object.status.phase === 'Running'),
    ),
  );
  watch.close();
}, 30_000);
afterAll(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
  rmSync(folder, { recursive: true, force: true });
});

const filesOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, readFileSync(join(path, name)).toString('base64')]),
  );

describeOracle('kubectl', () => {
  interface Ran {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }
  const kubectl = (words: readonly string[], input?: string): Promise<Ran> =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: config };
      const child = execFile(kubectlPath(), [...words], { env, cwd: folder }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
      child.stdin?.end(input);
    });

  it('runs commands and tells their exit codes', async () => {
    expect(await kubectl(['exec', 'web-0', '--', 'sh', '-c', 'echo a; echo b >&2'])).toEqual({
      code: 0,
      out: 'a\n',
      err: 'b\n',
    });
    expect(await kubectl(['exec', 'web-0', '--', 'sh', '-c', 'exit 7'])).toEqual({
      code: 7,
      out: '',
      err: 'command terminated with exit code 7\n',
    });
    expect((await kubectl(['exec', '-i', 'web-0', '--', 'sh'], 'cd /tmp\npwd\nexit 2\n')).out).toBe('/tmp\n');
    expect((await kubectl(['exec', '-i', 'web-0', '--', 'wc', '-l'], 'a\nb\n')).out.trim()).toBe('2');
    const missing = await kubectl(['exec', 'web-0', '--', 'nosuch']);
    expect([missing.code, missing.err]).toEqual([
      1,
      expect.stringMatching(/^error: Internal error occurred: error executing command in container: .*"nosuch"/),
    ]);
    expect((await kubectl(['exec', 'gone', '--', 'ls'])).err).toBe(
      'Error from server (NotFound): pods "gone" not found\n',
    );
  }, 30_000);

  it('toggles readiness as the end-to-end suite does', async () => {
    const script = 'mv -v /etc/hostname /tmp/ || true';
    const ran = await kubectl(['exec', 'web-0', '--', '/bin/sh', '-x', '-c', script]);
    expect([ran.code, ran.err]).toEqual([0, expect.stringContaining('+ mv -v /etc/hostname /tmp/')]);
  }, 30_000);

  it('copies in both directions', async () => {
    expect(await kubectl(['cp', 'there', 'web-0:/tmp/there'])).toMatchObject({ code: 0 });
    expect(await kubectl(['cp', 'web-0:/tmp/there', 'back'])).toMatchObject({ code: 0 });
    expect(filesOf(join(folder, 'back'))).toEqual(filesOf(join(folder, 'there')));
    expect((await kubectl(['cp', 'web-0:/nosuch', 'nothing'])).code).not.toBe(0);
  }, 30_000);

  it('follows a log to its end', async () => {
    expect(await kubectl(['logs', '-f', 'ticks'])).toEqual({ code: 0, out: 'tick 1\ntick 2\ntick 3\n', err: '' });
    expect((await kubectl(['logs', 'ticks', '--tail=1'])).out).toBe('tick 3\n');
  }, 30_000);
});

describe('the client library', () => {
  const loaded = (): KubeConfig => {
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromFile(config);
    return kubeconfig;
  };
  const textOf = (stream: PassThrough): (() => string) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    return () => text;
  };

  it('runs commands', async () => {
    const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const [said, complained] = [textOf(out), textOf(err)];
    const status = new Promise<V1Status>((resolve, reject) => {
      const command = ['sh', '-c', 'cat; echo no >&2; exit 5'];
      new Exec(loaded()).exec('default', 'web-0', 'nginx', command, out, err, input, false, resolve).catch(reject);
    });
    input.end('hello');
    expect((await status).details?.causes).toEqual([{ reason: 'ExitCode', message: '5' }]);
    expect([said(), complained()]).toEqual(['hello', 'no\n']);
  });

  it('reads logs', async () => {
    const out = new PassThrough();
    const said = textOf(out);
    await new Log(loaded()).log('default', 'ticks', 'c', out, { follow: true });
    await new Promise((resolve) => out.on('end', resolve));
    expect(said()).toBe('tick 1\ntick 2\ntick 3\n');
  }, 15_000);

  it('copies', async () => {
    const library = new Cp(loaded());
    await library.cpToPod('default', 'web-0', 'nginx', join(folder, 'there'), '/var');
    const arrived = async (): Promise<string> => {
      const out = new PassThrough();
      const said = textOf(out);
      await new Promise<V1Status>((resolve, reject) => {
        const command = ['sh', '-c', 'wc -c < /var/sub/bytes'];
        new Exec(loaded()).exec('default', 'web-0', 'nginx', command, out, null, null, false, resolve).catch(reject);
      });
      return said().trim();
    };
    for (let i = 0; i < 20 && (await arrived()) !== '200000'; i++);
    expect(await arrived()).toBe('200000');
  }, 15_000);
});
