/** The setting of a replayed recording in which `kubectl` works over a server that goes with the case. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Setting, shell } from '../conformance/replay';
import { kubectlPath } from '../oracle/support/kubectl';

export const BIN = fileURLToPath(new URL('../../bin/stsctl.js', import.meta.url));

/**
 * The virtual clock begins long ago, and kubectl counts ages by its own: the cluster is brought near to the present. Two and
 * a half days are left for what a case plays, and make every age one of days and hours, which all masks know.
 */
const minutesToNow = (): number => Math.floor((Date.now() - Date.UTC(2026, 0, 1)) / 60_000) - 60 * 60;

/** Time enough for kubectl to take in what happens at each instant of a recording, and for whatever is told in one breath. */
const UNHURRIED = ['--idle', '700ms', '--pace', '100ms'];

/** The real kubectl as a script. It calls itself in its messages as it was called. */
export const kubectlShim = (): string => `#!/bin/bash\nexec -a kubectl '${kubectlPath()}' "$@"\n`;

/** `kubectl` is this script, over a server that goes with the case; `stsctl` works on the same state. */
export const servedTo =
  (kubectl: () => string, pauses: readonly string[] = UNHURRIED): Setting =>
  async (folder, env) => {
    const place = mkdtempSync(join(tmpdir(), 'stsctl-kubectl-'));
    const config = join(place, 'kubeconfig');
    env.STSCTL_STATE = join(place, 'state.json');
    if (env.STSCTL_CLOCK === 'virtual') await shell(`stsctl sim clock advance ${minutesToNow()}m`, folder, env);
    const flags = [...pauses, '--kubeconfig-out', config];
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
    writeFileSync(join(folder, '.bin', 'kubectl'), kubectl(), { mode: 0o755 });
    Object.assign(env, { KUBECONFIG: config, HOME: place, KUBECACHEDIR: join(place, 'cache') });
    return async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(place, { recursive: true, force: true });
    };
  };
