/**
 * The recordings of a real cluster, replayed by the real kubectl against `serve`: what differs is the server's fault. A few
 * of them in the usual run, all of them in the long one.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CASES, replay, type Setting, shell } from '../conformance/replay';
import { describeOracle, kubectlPath, LONG } from '../oracle/support/kubectl';

const BIN = fileURLToPath(new URL('../../bin/stsctl.js', import.meta.url));
/** Cases in which no command races with the clock. */
const USUAL = ['get-outputs', 'rollout-undo', 'set-and-patch', 'templates-and-paths', 'scale-edges'];
/** The share of all commands that must be the same; the others depend on how fast kubectl takes in what it watches. */
const SHARE = 0.95;

/** The virtual clock begins long ago, and kubectl counts ages by its own: the cluster is brought near to the present. */
const minutesToNow = (): number => Math.floor((Date.now() - Date.UTC(2026, 0, 1)) / 60_000) - 120;

/** `kubectl` is kubectl, over a server that goes with the case; `stsctl` works on the same state. */
const served: Setting = async (folder, env) => {
  const place = mkdtempSync(join(tmpdir(), 'stsctl-kubectl-'));
  const config = join(place, 'kubeconfig');
  env.STSCTL_STATE = join(place, 'state.json');
  await shell(`stsctl sim clock advance ${minutesToNow()}m`, folder, env);
  const flags = ['--idle', '700ms', '--pace', '100ms', '--kubeconfig-out', config];
  const server = spawn(process.execPath, [BIN, 'serve', ...flags], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => {
    server.on('close', () => resolve());
  });
  for (let i = 0; i < 200 && !existsSync(config); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (!existsSync(config)) throw new Error(`the server did not start: ${said}`);
  writeFileSync(join(folder, '.bin', 'kubectl'), `#!/bin/sh\nexec '${kubectlPath()}' "$@"\n`, { mode: 0o755 });
  Object.assign(env, { KUBECONFIG: config, HOME: place, KUBECACHEDIR: join(place, 'cache') });
  return async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(place, { recursive: true, force: true });
  };
};

describeOracle('kubectl against serve', () => {
  it.each(USUAL)(
    'answers as recorded: %s',
    async (name) => {
      expect((await replay(name, served)).differences).toEqual([]);
    },
    120_000,
  );

  it.runIf(LONG)(
    'answers nearly everything as recorded',
    async () => {
      let commands = 0;
      const different: string[] = [];
      for (const name of readdirSync(CASES).sort()) {
        const result = await replay(name, served);
        commands += result.commands;
        different.push(...result.differences.map(({ command }) => `${name}: ${command}`));
      }
      expect(1 - different.length / commands, different.join('\n')).toBeGreaterThanOrEqual(SHARE);
    },
    900_000,
  );
});
