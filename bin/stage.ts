/**
 * The stage of a replay: a folder of its own with a cluster, and with `stsctl` and `kubectl` in front of the PATH, both this
 * program. A recorded wall clock passes as it was recorded: commands are told what time it is, and waiting takes none.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Stage, StageOptions } from '../src/commands/host';
import type { HostPort } from '../src/core/backends/local/host';
import { REPLAY_STOP, REPLAY_TIME } from './replayed-host';

type Answered = Awaited<ReturnType<Stage['run']>>;

/** The longest that a timer can be set to. */
const MOST_MS = 2 ** 31 - 1;
/** More than any command of a transcript prints, bytes. */
const MOST_OUTPUT = 256 * 1024 * 1024;

export async function openStage(options: StageOptions): Promise<Stage> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stsctl-replay-'));
  const running = new Set<number>();
  const close = (): void => {
    process.removeListener('exit', close);
    for (const pid of running) kill(pid);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', close);
  try {
    const state = path.join(folder, 'state.json');
    await prepare(options, state);
    const env = environment(options, shims(folder), state);
    const { recorded, start = 0 } = options;
    let last = 0;
    return {
      run: (command, { folder: cwd, at, stop, timeoutMs }) => {
        last = at ?? last;
        if (!recorded) return shell(command, cwd, env, { timeoutMs, running, ...(stop && { stop }) });
        const own = { ...env, [REPLAY_TIME]: String(start + last) };
        const stops = stop && { [REPLAY_STOP]: `${start + last + stop.afterMs} ${stop.signal}` };
        return shell(command, cwd, { ...own, ...stops }, { timeoutMs, running });
      },
      close,
    };
  } catch (e) {
    close();
    throw e;
  }
}

/** Puts the cluster in place that the transcript begins with. */
async function prepare({ recorded, clock, seed, start, state }: StageOptions, path: string): Promise<void> {
  if (!recorded) return;
  if (state !== undefined) {
    const { copyState } = await import('../src/core/backends/local/origin');
    copyState(state, path);
    return;
  }
  const { openLocal } = await import('../src/core/backends/local');
  const host: HostPort = {
    now: () => start ?? 0,
    sleep: async () => {},
    pid: process.pid,
    isAlive: () => true,
    hostname: os.hostname(),
  };
  const backend = openLocal({
    statePath: path,
    host,
    ...(clock && { clock }),
    ...(seed !== undefined && { seed }),
    ...(start !== undefined && { start }),
  });
  await backend.now();
  await backend.commit();
  await backend.close();
}

/** A folder with this program under both of its names. */
function shims(folder: string): string {
  const program = fs.realpathSync(process.argv[1]);
  const links = path.join(folder, 'lib');
  const shims = path.join(folder, 'bin');
  fs.mkdirSync(links);
  fs.mkdirSync(shims);
  const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
  for (const name of ['kubectl', 'stsctl']) {
    fs.symlinkSync(program, path.join(links, name));
    const call = [process.execPath, path.join(links, name)].map(quoted).join(' ');
    fs.writeFileSync(path.join(shims, name), `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
  }
  return shims;
}

function environment({ recorded, env: settings }: StageOptions, shims: string, state: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${shims}:${process.env.PATH ?? ''}` };
  for (const name of ['STSCTL_BACKEND', 'STSCTL_SEED', ...(recorded ? ['STSCTL_CLOCK', 'STSCTL_FEATURE_GATES'] : [])])
    delete env[name];
  return {
    ...env,
    STSCTL_STATE: state,
    // No context of a real cluster is to be found.
    KUBECONFIG: `${state}.kubeconfig`,
    ...(!recorded && { STSCTL_CLOCK: 'virtual' }),
    TERM: 'dumb',
    NO_COLOR: '1',
    ...settings,
  };
}

interface ShellOptions {
  readonly timeoutMs: number;
  /** Process groups that have not ended. */
  readonly running: Set<number>;
  /** Sends the command a signal after so much real time. */
  readonly stop?: { readonly afterMs: number; readonly signal: NodeJS.Signals };
}

function shell(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  { timeoutMs, running, stop: early }: ShellOptions,
): Promise<Answered> {
  return new Promise((done) => {
    // In a group of its own: what takes too long is ended with all that it has started.
    const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    const { pid } = child;
    let timedOut = false;
    let size = 0;
    const stop = (): void => {
      timedOut = true;
      if (pid !== undefined) kill(pid);
    };
    const timers = [setTimeout(stop, Math.min(timeoutMs, MOST_MS))];
    if (early) {
      const { afterMs, signal } = early;
      timers.push(setTimeout(() => pid !== undefined && kill(pid, signal), Math.min(afterMs, MOST_MS)));
    }
    if (pid !== undefined) running.add(pid);
    const end = (code: number, error = ''): void => {
      for (const timer of timers) clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      const text = (parts: Uint8Array[]): string =>
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(Buffer.concat(parts)));
      done({ stdout: text(printed.stdout), stderr: text(printed.stderr) + error, code, timedOut });
    };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (data: Uint8Array) => {
        size += data.length;
        if (size > MOST_OUTPUT) stop();
        else printed[name].push(data);
      });
    child.on('error', (e) => end(127, `can't run it in ${cwd}: ${e.message}\n`));
    child.on('close', (code, signal) => end(code ?? 128 + (os.constants.signals[signal ?? 'SIGKILL'] ?? 9)));
  });
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
