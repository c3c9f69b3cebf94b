/** Runs command lines in this process against a local cluster of its own, with files held in memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listeningPort } from '../../bin/listening';
import type {
  ClusterPort,
  CommandBackend,
  ContextSettings,
  FilePort,
  Host,
  Keyboard,
  TranscriptPort,
} from '../../src/commands/host';
import { main } from '../../src/commands/main';
import { editKubeConfig, locateCluster, openCluster, viewKubeConfig } from '../../src/core/backends/cluster';
import { type LocalOptions, openLocal } from '../../src/core/backends/local';
import { serveLocal } from '../../src/core/backends/local/served';

export interface Result {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

export interface Cli {
  /** Splits at blanks; quotes are not known. Pass a list for words with blanks. */
  (command: string | readonly string[], stdin?: string): Promise<Result>;
  /** Path to content; folders come into being by themselves. */
  readonly files: Map<string, string | Uint8Array>;
  /** The name by which the program is called. */
  calledAs: string;
  /** Variables of the environment. */
  readonly env: Record<string, string>;
  /** What a program does that a command runs; its files are those of `files`. Returns its exit code. */
  program: (command: readonly string[]) => number | undefined;
  /** What happens while `serve` runs; then it is told to stop. */
  whileServing: () => Promise<void>;
  /** What happens while `port-forward` or `proxy` listens, given what it has said; then it is told to stop. */
  whileListening: (out: string) => Promise<void>;
  /** What each command's local backend is opened with besides: another machine, or another disk. */
  local: () => Partial<LocalOptions>;
  /** Changes the backend before a command gets it. */
  wrap: (backend: CommandBackend) => CommandBackend;
  /** What somebody types at a terminal: lines, `^C` and `^D`. Without it standard input is a pipe. */
  typed: string[] | undefined;
  /** The clock that every command switches to; undefined leaves it as it is. */
  clock: 'wall' | 'virtual' | undefined;
  /** The terminal that stdout is; a pipe without it. */
  terminal: { readonly columns: number; readonly rows: number } | undefined;
  readonly state: string;
  dispose(): void;
}

/** A fresh cluster on the virtual clock. */
export function createCli(files: Readonly<Record<string, string | Uint8Array>> = {}): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-test-'));
  const state = join(folder, 'state.json');
  const contents = new Map(Object.entries(files));
  let settings: ContextSettings = {};
  let folders = 0;
  const transcripts = memoryTranscripts(contents, join(folder, 'kept'));
  const run = async (command: string | readonly string[], stdin = ''): Promise<Result> => {
    let out = '';
    let err = '';
    const host: Host = {
      program: cli.calledAs,
      platform: 'linux/amd64',
      env: { NO_COLOR: '1', ...cli.env },
      stdout: {
        isTTY: cli.terminal !== undefined,
        ...cli.terminal,
        write: (text) => {
          out += text;
        },
      },
      stderr: {
        isTTY: false,
        write: (text) => {
          err += text;
        },
      },
      files: memoryFiles(contents),
      programs: {
        temporaryFolder: (prefix) => `/tmp/${prefix}${++folders}`,
        write: (path, text) => void contents.set(path, text),
        remove: (path) => {
          for (const key of [...contents.keys()]) if (key === path || key.startsWith(`${path}/`)) contents.delete(key);
        },
        run: async (command) => cli.program(command),
      },
      context: {
        read: () => settings,
        write: (_, next) => {
          settings = next;
        },
      },
      copying: {
        readLink: () => undefined,
        write: (path, content) => void contents.set(path.replace(/^\.\//, ''), content),
        makeFolder: () => {},
      },
      ...(cli.typed && {
        keyboard: keyboardOf(cli.typed, (text) => {
          out += text;
        }),
      }),
      readStdin: async () => new TextEncoder().encode(stdin),
      asset: (name) => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8'),
      listening: listeningPort(
        () =>
          new Promise((resolve) => {
            const look = (): void => {
              if (!/^(?:Forwarding from|Starting to serve)/m.test(out)) setTimeout(look, 5).unref();
              else void cli.whileListening(out).finally(resolve);
            };
            look();
          }),
      ),
      serving: {
        now: () => Date.now(),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        stopped: () =>
          new Promise((resolve) => {
            const look = (): void => {
              if (!out.includes('export KUBECONFIG=')) setTimeout(look, 5);
              else void cli.whileServing().finally(resolve);
            };
            look();
          }),
        kubeconfigPath: () => `${state}.kubeconfig`,
        readPrivate: (path) => contents.get(path)?.toString(),
        writePrivate: (path, text) => {
          contents.set(path, text);
          return path;
        },
        appendPrivate: (path) => {
          if (path.startsWith('/nowhere/')) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
          return (line) => void contents.set(path, `${contents.get(path) ?? ''}${line}\n`);
        },
        open: async (options) => {
          const backend = serveLocal({
            statePath: state,
            clock: options.clock ?? 'virtual',
            seed: 7,
            host: {
              now: () => Date.now(),
              sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
              pid: process.pid,
              isAlive: () => true,
              hostname: 'test',
            },
            paceMs: options.paceMs,
            idleMs: options.idleMs,
            onTrouble: options.onTrouble,
          });
          await backend.start();
          return backend;
        },
      },
      transcripts,
      clusters: clustersOf(() => cli.env),
      openBackend: async (options) =>
        cli.wrap(
          openLocal({
            statePath: options.state ?? state,
            ...(cli.clock && { clock: cli.clock }),
            seed: 7,
            host: { now: () => 0, sleep: async () => {}, pid: process.pid, isAlive: () => true, hostname: 'test' },
            ...(options.command !== undefined && { command: options.command }),
            onWarning: options.onWarning,
            ...(options.onChange && { onChange: options.onChange }),
            ...(options.gates && { gates: options.gates }),
            ...cli.local(),
          }),
        ),
    };
    const argv = typeof command === 'string' ? command.split(' ').filter((word) => word !== '') : command;
    const code = await main(argv, host);
    return { out, err, code };
  };
  const cli: Cli = Object.assign(run, {
    files: contents,
    calledAs: 'stsctl',
    env: {} as Record<string, string>,
    program: (): number | undefined => undefined,
    whileServing: async () => {},
    whileListening: async () => {},
    local: (): Partial<LocalOptions> => ({}),
    wrap: (backend: CommandBackend) => backend,
    typed: undefined as string[] | undefined,
    terminal: undefined as Cli['terminal'],
    clock: 'virtual' as 'wall' | 'virtual' | undefined,
    state,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  });
  return cli;
}

/** Transcripts among the files in memory; they are played in a cluster of their own, without a shell. */
function memoryTranscripts(contents: Map<string, string | Uint8Array>, kept: string): TranscriptPort {
  let going: { path: string; env: Readonly<Record<string, string>> } | undefined;
  return {
    current: () =>
      going && {
        ...going,
        folder: '',
        begun: 0,
        wall: false,
        elapsed: () => 0,
        append: (text) => void contents.set(going?.path ?? '', `${contents.get(going?.path ?? '')}${text}`),
        onExit: () => {},
      },
    paths: (file) => ({ path: file, state: kept }),
    begin: (_, path, header, { env }) => {
      contents.set(path, header);
      going = { path, env };
    },
    end: () => {
      going = undefined;
    },
    replace: (path, text) => void contents.set(path, text),
    folderOf: () => '.',
    join: (_, name) => name,
    stage: async () => {
      const cli = createCli(Object.fromEntries(contents));
      return {
        run: async (command) => {
          const { out, err, code } = await cli(command.replace(/^(stsctl|kubectl) /, ''));
          return { stdout: out, stderr: err, code, timedOut: false };
        },
        close: () => cli.dispose(),
      };
    },
  };
}

/** Real clusters; kubeconfigs are files of this machine. */
function clustersOf(env: () => Readonly<Record<string, string>>): ClusterPort {
  const host = () => ({
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    env: { HOME: '/nowhere', ...env() },
  });
  return {
    locate: async (choice, first) => locateCluster(choice, host(), first),
    open: async (choice, onWarning) => openCluster({ choice, host: host(), userAgent: 'stsctl/test', onWarning }),
    view: async (choice) => viewKubeConfig(choice, host()),
    edit: async (choice, change) => editKubeConfig(choice, host(), change),
  };
}

/** Types line after line, each shown behind its prompt as on a terminal; Ctrl-D when none is left. */
function keyboardOf(lines: string[], show: (text: string) => void): Keyboard {
  return {
    readLine: async (prompt) => {
      const line = lines.shift() ?? '^D';
      show(`${prompt}${line === '^D' ? '' : `${line}\n`}`);
      if (line === '^D') return { kind: 'end' };
      return line === '^C' ? { kind: 'interrupt' } : { kind: 'line', text: line };
    },
  };
}

/** Files of a map; a path that is the beginning of others is a folder. */
export function memoryFiles(contents: ReadonlyMap<string, string | Uint8Array>): FilePort {
  const bytes = (name: string): Uint8Array | undefined => {
    const content = contents.get(name);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  const under = (folder: string): string => (folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`);
  return {
    stat(name) {
      const content = bytes(name);
      if (content) return { kind: 'file', size: content.length };
      const inside = [...contents.keys()].some((key) => key.startsWith(under(name)));
      return inside ? { kind: 'folder', size: 0 } : undefined;
    },
    read(name) {
      const content = bytes(name);
      if (!content) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' });
      return content;
    },
    list(name) {
      const prefix = under(name);
      const names = [...contents.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length).split('/')[0]);
      return [...new Set(names)];
    },
  };
}

/** A Service and a StatefulSet of so many replicas. */
export const webYaml = (replicas = 2, image = 'nginx:1.21'): string => `apiVersion: v1
kind: Service
metadata:
  name: nginx
spec:
  clusterIP: None
  selector:
    app: nginx
  ports:
  - port: 80
    name: web
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: nginx
  replicas: ${replicas}
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      terminationGracePeriodSeconds: 10
      containers:
      - name: nginx
        image: ${image}
        ports:
        - containerPort: 80
          name: web
`;
