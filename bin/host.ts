/**
 * The host: everything that stsctl may know of the process it runs in. Real time, randomness, files, environment, streams and
 * signals come together here and nowhere else.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {
  CommandBackend,
  CopyPort,
  FilePort,
  Host,
  Keyboard,
  OpenOptions,
  ProgramPort,
} from '../src/commands/host';
import { main } from '../src/commands/main';
import type { HostPort } from '../src/core/backends/local/host';
import { CLUSTERS } from './clusters';
import { readContext, writeContext } from './context-file';
import { listeningPort } from './listening';
import { REPLAY_STOP, REPLAY_TIME, replayedHost, steppedHost } from './replayed-host';
import { servingPort, stopped } from './serving';
import { statePath } from './state-path';
import { standardStream } from './streams';
import { surroundings } from './surroundings';
import { transcriptPort } from './transcripts';

const ISSUES = 'https://github.com/stsctl/stsctl/issues';

/** Runs the command line of this process and sets its exit code. */
export async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  // A wait that is interrupted has shown and saved everything so far; there is nothing to clean up.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  try {
    process.exitCode = await main(argv, createHost());
  } catch (e) {
    process.stderr.write(internalError(e, argv));
    process.exitCode = 1;
  }
}

function internalError(e: unknown, argv: readonly string[]): string {
  const verbose =
    process.env.STSCTL_DEBUG ||
    argv.some(
      (word, i) =>
        /^-v=?([6-9]|10)$/.test(word) || (word === '-v' && Number(argv[i + 1]) >= 6) || /^--v=([6-9]|10)$/.test(word),
    );
  const message = e instanceof Error ? e.message : String(e);
  const detail = verbose && e instanceof Error && e.stack ? `${e.stack}\n` : 'Run it again with -v=6 for the stack.\n';
  return `stsctl: internal error: ${message}\nThis is a bug in stsctl. Please report it at ${ISSUES}\n${detail}`;
}

/** What Go calls the system and the processor, where it has other names than Node. */
const GO_NAMES: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris', x64: 'amd64', ia32: '386' };

const platformName = (): string => [process.platform, process.arch].map((name) => GO_NAMES[name] ?? name).join('/');

export function createHost(): Host {
  return {
    program: programName(),
    platform: platformName(),
    env: process.env,
    stdout: standardStream(1),
    stderr: standardStream(2),
    files: FILES,
    programs: PROGRAMS,
    context: {
      read: (state) => readContext(statePath(state)),
      write: (state, settings) => writeContext(statePath(state), settings),
    },
    // Opening standard input costs milliseconds.
    get keyboard() {
      return process.stdin.isTTY ? KEYBOARD : undefined;
    },
    copying: COPYING,
    readStdin,
    // The bundle's own folder: the build puts both there.
    asset: (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8'),
    openBackend,
    clusters: CLUSTERS,
    serving: servingPort(statePath, hostPort),
    listening: listeningPort(stopped),
    transcripts: transcriptPort(statePath),
  };
}

/** `kubectl` where that is the name of the link through which we were started. */
const programName = (): string =>
  /^kubectl(\.[a-z]+)?$/.test(path.basename(process.argv[1] ?? '')) ? 'kubectl' : 'stsctl';

const FILES: FilePort = {
  stat(name) {
    const stat = fs.statSync(name, { throwIfNoEntry: false });
    return stat && { kind: stat.isDirectory() ? 'folder' : 'file', size: stat.size };
  },
  read: (name) => bytesOf(fs.readFileSync(name)),
  list: (name) => fs.readdirSync(name),
};

/** Line editing loads with the first line. */
const KEYBOARD: Keyboard = {
  raw: async () => (await import('./raw-terminal')).rawTerminal(),
  readLine: async (prompt) => {
    opened ??= (await import('./keyboard')).keyboard();
    return opened.readLine(prompt);
  },
};
let opened: Keyboard | undefined;

const COPYING: CopyPort = {
  readLink: (name) =>
    fs.lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() ? fs.readlinkSync(name) : undefined,
  write(name, content) {
    fs.mkdirSync(path.dirname(name), { recursive: true });
    fs.writeFileSync(name, content);
  },
  makeFolder: (name) => void fs.mkdirSync(name, { recursive: true }),
};

const PROGRAMS: ProgramPort = {
  temporaryFolder: (prefix) => fs.mkdtempSync(path.join(os.tmpdir(), prefix)),
  write: (name, text) => fs.writeFileSync(name, text, { mode: 0o600 }),
  remove: (name) => fs.rmSync(name, { recursive: true, force: true }),
  run: async ([program, ...args]) => {
    // Loading it costs milliseconds, and few commands start a program.
    const { spawn } = await import('node:child_process');
    return new Promise((done, fail) => {
      const child = spawn(program, args, { stdio: 'inherit' });
      child.on('error', (e: NodeJS.ErrnoException) => (e.code === 'ENOENT' ? done(undefined) : fail(e)));
      child.on('exit', (code) => done(code ?? 255));
    });
  },
};

/** A Buffer's bytes, not copied. */
const bytesOf = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    size += buffer.length;
    if (size > limit) break;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(bytesOf(chunk), at);
    at += chunk.length;
  }
  return all;
}

async function openBackend(options: OpenOptions): Promise<CommandBackend> {
  const { openLocal } = await import('../src/core/backends/local');
  return openLocal({
    statePath: statePath(options.state),
    host: options.at === undefined ? hostPort() : steppedHost(hostPort(), options.at),
    ...surroundings(process.env),
    ...(options.gates && { gates: options.gates }),
    ...(options.command !== undefined && { command: options.command }),
    onWarning: options.onWarning,
    ...(options.onPausedWait && { onPausedWait: options.onPausedWait }),
    ...(options.onChange && { onChange: options.onChange }),
  });
}

const hostPort = (): HostPort =>
  replayedHost(
    {
      now: () => Date.now(),
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      pid: process.pid,
      isAlive,
      hostname: os.hostname(),
    },
    process.env[REPLAY_TIME],
    process.env[REPLAY_STOP],
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (e) {
    return e instanceof Error && 'code' in e && e.code === 'EPERM';
  }
}

export { main };
