/**
 * Runs one command line in a container, in virtual time: `sleep` takes none of ours. A run ends when its command does, when
 * it turns out to serve or wait for ever (the container runs on), or at a limit.
 */
import { Bash, type BashOptions, defineCommand, type IFileSystem, latin1FromBytes, stdoutKind } from 'just-bash';
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Network } from '../network/types';
import { type Draw, drawingFrom, drawsOf } from './chance';
import { Clock, StopReason, StopSignal } from './clock';
import { DatedFs } from './dated';
import { heard } from './heard';
import { audible, STDERR, STDOUT } from './output';
import type { Program, ProgramContext } from './program';
import { systemPrograms } from './programs/system';
import { inPlainWords } from './refusals';
import { UNIX_PROGRAMS } from './unix';

export interface ShellRequest {
  readonly container: PodContainer;
  readonly fs: IFileSystem;
  readonly network: Network;
  /** Of the image and of the network. */
  readonly programs: readonly Program[];
  /** The words of a command; the shell's own command line with `line`. */
  readonly argv?: readonly string[];
  readonly line?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** `bytes`: stdin has one character a byte. */
  readonly stdinKind?: 'text' | 'bytes';
  /** When the run begins, ms since 1970. */
  readonly now: number;
  /** The longest that it may take in its own time, ms. */
  readonly timeoutMs?: number;
  /** Which of the runs at this instant it is, where users ask for several; asked only by a run that draws at random. */
  turn?(): number;
  /** Whether it may end by running on or by waiting for others, as the command of a container; else it runs to its end. */
  readonly daemon: boolean;
  /** More than `stdin` may be typed: a program that wants it ends the run, which `asks` then. */
  readonly typing?: boolean;
  /** Stop at the first sleep: what follows is not yet. */
  readonly untilSleep?: boolean;
  /** Told of each output as it comes, with the instant inside the run. */
  onOutput?(stream: 'stdout' | 'stderr', bytes: Uint8Array, at: number): void;
}

export interface ShellOutcome {
  /** Absent where the run did not come to its end. */
  readonly exitCode?: number;
  /** What went by on the container's clock, ms. */
  readonly elapsedMs: number;
  /** It waits for somebody else; try again after so long, ms. */
  readonly retryAfterMs?: number;
  /** It has slept at least once. */
  readonly slept: boolean;
  /** It waits for a line that is still to be typed. */
  readonly asks: boolean;
  /** It took longer than it may. */
  readonly timedOut: boolean;
  /** The shell's variables and folder afterwards, for a shell that goes on. */
  readonly env: Readonly<Record<string, string>>;
}

/** Real time that a run may take, ms. */
const MAX_REAL_MS = 10_000;
const MAX_OUTPUT = 8 * 1024 * 1024;
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const LIMITS: NonNullable<BashOptions['executionLimits']> = {
  maxExecutionTimeMs: MAX_REAL_MS,
  maxOutputSize: MAX_OUTPUT,
  maxCommandCount: 200_000,
  maxLoopIterations: 100_000,
  maxCallDepth: 100,
  // The deadline is looked at between commands: within one, only its own bound ends a loop over a growing line.
  maxSedIterations: 10_000,
  maxLiveBytes: 128 * 1024 * 1024,
  maxFileSystemBytes: 256 * 1024 * 1024,
};

export async function runInContainer(request: ShellRequest): Promise<ShellOutcome> {
  const { container, daemon } = request;
  const clock = new Clock(request);
  const dated = new DatedFs(request.fs, () => clock.now);
  const fs = audible(dated.fs, (stream, bytes) =>
    clock.heard(stream, stream === 'stderr' ? inPlainWords(bytes) : bytes),
  );
  const draw = drawsOf(() => {
    const { uid, container: name, restart } = container.ref;
    return [uid, name, restart, request.turn?.() ?? [request.now, request.argv, request.line]].join('/');
  });
  const uid = container.runAsUser ?? 0;
  const hasBash = await fs.exists('/bin/bash');
  const bash = new Bash({
    fs,
    cwd: request.cwd ?? container.workingDir ?? '/',
    env: { PATH: DEFAULT_PATH, HOME: '/root', HOSTNAME: container.hostname, ...container.env, ...request.env },
    commands: UNIX_PROGRAMS.filter((name) => name !== 'bash' || hasBash),
    customCommands: [...systemPrograms(container, dated), ...request.programs].map((program) =>
      adapt(program, request, clock, fs, draw),
    ),
    sleep: (ms) => clock.sleep(ms),
    executionLimits: LIMITS,
    processInfo: { pid: daemon ? 1 : 42, ppid: 0, uid, gid: uid },
  });
  const line = request.argv ? await lineOf(request.argv, fs) : (request.line ?? '');
  const { exitCode, env } = await drawingFrom(draw, () => execute(bash, line, request, clock));
  const stopped = clock.stopped;
  return {
    ...(stopped === undefined && { exitCode }),
    ...(stopped === StopReason.Waits && { retryAfterMs: clock.elapsedMs }),
    elapsedMs: clock.elapsedMs,
    slept: clock.slept,
    asks: stopped === StopReason.Asks,
    timedOut: stopped === StopReason.TimedOut,
    env,
  };
}

/** The library throws what a refused redirection or a limit of its own says: it is the command's error. */
async function execute(bash: Bash, line: string, { stdin, stdinKind = 'text' }: ShellRequest, clock: Clock) {
  try {
    bash.registerTransformPlugin(heard(STDOUT, STDERR));
    const result = await bash.exec(line, {
      signal: clock.signal,
      rawScript: true,
      ...(stdin !== undefined && { stdin, stdinKind }),
    });
    // What the shell kept to itself: of blocks that feed or redirect, and its own complaints.
    clock.heard('stdout', bytesOf(result.stdout, stdoutKind(result)));
    clock.heard('stderr', inPlainWords(new TextEncoder().encode(result.stderr)));
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    clock.heard('stderr', inPlainWords(new TextEncoder().encode(`sh: ${message}\n`)));
    return { exitCode: 1, env: {} };
  }
}

const bytesOf = (text: string, kind: 'text' | 'bytes'): Uint8Array =>
  kind === 'bytes' ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : new TextEncoder().encode(text);

/** The words as a command line. The script of `sh -c` runs in this very shell: what it prints is then heard as it comes. */
async function lineOf(argv: readonly string[], fs: IFileSystem): Promise<string> {
  const name = (argv[0] ?? '').replace(/^(\/usr)?\/bin\//, '');
  const isShell = /^(sh|bash|ash|dash)$/.test(name);
  const call = isShell ? scriptOf(argv.slice(1)) : undefined;
  if (!call || !(await fs.exists(`/bin/${name}`))) return argv.map(quote).join(' ');
  const { settings, script, words } = call;
  return [...settings, ...(words.length === 0 ? [] : [`set -- ${words.map(quote).join(' ')}`]), script].join('\n');
}

/** The script among a shell's words (`-ec SCRIPT NAME ARG`, `-x -c SCRIPT`), with its settings; undefined where there is none. */
function scriptOf(args: readonly string[]) {
  const settings: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-o') settings.push(`set -o ${quote(rest.shift() ?? '')}`);
    else if (/^-[elux]*c?[elux]*$/.test(word) && word !== '-') {
      const flags = word.replaceAll(/[-cl]/g, '');
      if (flags !== '') settings.push(`set -${flags}`);
      if (!word.includes('c')) continue;
      const [script, , ...words] = rest;
      return script === undefined ? undefined : { settings, script, words };
    } else return undefined;
  }
  return undefined;
}

/** A word as a POSIX shell reads it back. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function adapt(program: Program, request: ShellRequest, clock: Clock, fs: IFileSystem, draw: Draw) {
  return defineCommand(program.name, async (args, context) => {
    const shell: ProgramContext = {
      container: request.container,
      fs,
      env: context.env,
      cwd: context.cwd,
      stdin: latin1FromBytes(context.stdin),
      network: request.network,
      now: () => clock.now,
      random: draw,
      sleep: (ms) => clock.sleep(ms),
      typed: (line) => {
        const lines = latin1FromBytes(context.stdin).split('\n');
        if (line < lines.length - 1) return lines[line];
        return request.typing ? clock.ask() : lines[line] || undefined;
      },
      print: (text) => clock.heard('stdout', new TextEncoder().encode(text)),
      runsOn: () => clock.runOn(),
      networkFailed: () => clock.networkFailed(),
      original: async (words) => (await context.origCommand?.([...words])) ?? FAILED,
      exec: async (command) => {
        const { stdout, stderr, exitCode } = (await context.exec?.(command, { cwd: context.cwd })) ?? FAILED;
        return { stdout, stderr, exitCode };
      },
    };
    try {
      return { ...(await program.run(args, shell)) };
    } catch (error) {
      if (error instanceof StopSignal) return { stdout: '', stderr: '', exitCode: 0 };
      throw error;
    }
  });
}

const FAILED = { stdout: '', stderr: '', exitCode: 1 };
