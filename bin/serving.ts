/** What `serve` may know of the process: signals, timers, randomness, and files that only their owner can read. */
import fs from 'node:fs';
import path from 'node:path';
import type { ServedOptions, ServingPort } from '../src/commands/host';
import type { HostPort } from '../src/core/backends/local/host';
import { surroundings } from './surroundings';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function servingPort(statePath: (option: string | undefined) => string, hostPort: () => HostPort): ServingPort {
  return {
    now: () => Date.now(),
    after: (ms, run) => {
      // Longer than a timer can wait is as good as never.
      const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
      timer.unref();
      return () => clearTimeout(timer);
    },
    stopped,
    kubeconfigPath: (state) => `${statePath(state)}.kubeconfig`,
    readPrivate: (name) => (fs.existsSync(name) ? fs.readFileSync(name, 'utf8') : undefined),
    writePrivate,
    appendPrivate,
    open: (options) => open(options, statePath(options.state), hostPort()),
  };
}

/** The second signal ends the program at once. */
export function stopped(): Promise<void> {
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of SIGNALS)
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
  });
}

function writePrivate(name: string, text: string): string {
  const full = path.resolve(name);
  const next = `${full}.${process.pid}`;
  fs.mkdirSync(path.dirname(full), { recursive: true, mode: 0o700 });
  fs.rmSync(next, { force: true });
  fs.writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
  fs.renameSync(next, full);
  return full;
}

function appendPrivate(name: string): (line: string) => void {
  const file = name === '-' ? 1 : fs.openSync(name, 'a', 0o600);
  return (line) => void fs.writeSync(file, `${line}\n`);
}

async function open(options: ServedOptions, statePath: string, host: HostPort) {
  const { serveLocal } = await import('../src/core/backends/local/served');
  const backend = serveLocal({
    statePath,
    host,
    ...surroundings(process.env),
    ...(options.clock && { clock: options.clock }),
    ...(options.gates && { gates: options.gates }),
    paceMs: options.paceMs,
    idleMs: options.idleMs,
    onTrouble: options.onTrouble,
  });
  await backend.start();
  return backend;
}
