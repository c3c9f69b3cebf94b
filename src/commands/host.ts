/**
 * The narrow port between commands and the operating system: bin builds it for the terminal, tests build it from memory.
 * Nothing below src/commands touches process, files, timers or the clock in any other way.
 */
import type { ResourceInfo } from '../core/api/resources';
import type { KubeObject } from '../core/api/types';
import type { Backend } from '../core/client/backend';
import type { Typed } from '../core/client/container-backend';
import type { ServedBackend } from '../core/client/served';

export type { Typed } from '../core/client/container-backend';

/** Files as manifests need them. Paths are as the user wrote them, relative to the working folder. */
export interface FilePort {
  /** What is at the path, or undefined where nothing is. `size` in bytes. */
  stat(path: string): { readonly kind: 'file' | 'folder'; readonly size: number } | undefined;
  /** The whole file. Throws the system's error, with its `code`, when it cannot be read. */
  read(path: string): Uint8Array;
  /** Names in a folder, unsorted. */
  list(path: string): readonly string[];
}

/** One line of `sim timeline`. */
export interface TimelineEvent {
  readonly time: string;
  readonly event: 'create' | 'ready' | 'unready' | 'terminate' | 'delete';
  readonly namespace: string;
  readonly pod: string;
  readonly revision?: string;
}

export type DnsType = 'A' | 'SRV' | 'PTR' | 'CNAME';

export interface DnsRecord {
  readonly name: string;
  readonly type: DnsType;
  readonly value: string;
  /** seconds */
  readonly ttl: number;
}

export interface DnsAnswer {
  readonly status: 'NOERROR' | 'NXDOMAIN';
  /** The fully qualified name that answered. */
  readonly name: string;
  readonly records: readonly DnsRecord[];
  /** Addresses of the targets of SRV records. */
  readonly additional: readonly DnsRecord[];
}

/** What `sim` asks of the engine. A real cluster has none of this. */
export interface SimulationVerbs {
  clock(): Promise<{ readonly mode: 'wall' | 'virtual'; readonly now: number }>;
  setClock(mode: 'wall' | 'virtual'): Promise<void>;
  /** Plays time forward by so many ms. */
  advance(ms: number): Promise<void>;
  /** Plays until nothing further would change on its own. */
  settle(): Promise<void>;
  timeline(): Promise<readonly TimelineEvent[]>;
  getConfig(): Promise<object>;
  setConfig(patch: Readonly<Record<string, string>>): Promise<object | undefined>;
  reset(): Promise<void>;
  /** Asks the cluster's DNS as a pod of the namespace would, with its search domains. */
  dns(name: string, type: DnsType, namespace: string): Promise<DnsAnswer>;
}

export interface CommandBackend extends Backend {
  readonly sim?: SimulationVerbs;
}

/** A change of one object, at an instant of the cluster's clock (ms). */
export interface StoreChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
  readonly now: number;
}

export interface OpenOptions {
  /** `--state`, when given. */
  readonly state?: string;
  /** `--feature-gates`, parsed. */
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Called with the text of each warning of the server, without a prefix. */
  onWarning(text: string): void;
  /** Called with each change in the cluster, whoever made it; for `-v=6`. */
  onChange?(change: StoreChange): void;
}

export interface Stream {
  readonly isTTY: boolean;
  /** How many columns the terminal has; undefined for a pipe. */
  readonly columns?: number;
  /** The stream itself, where there is one: for a spinner. */
  readonly stream?: NodeJS.WritableStream;
  write(text: string): void;
  /** Bytes as they are; where it is absent they are written as text. */
  writeBytes?(bytes: Uint8Array): void;
}

/** Somebody at a terminal. */
export interface Keyboard {
  /** The next line that is typed behind a prompt; earlier ones can be called back. */
  readLine(prompt: string): Promise<Typed>;
}

/** Files of this machine as copying needs them. Paths are as the user wrote them. */
export interface CopyPort {
  /** Where a link leads; undefined for what is no link. */
  readLink(path: string): string | undefined;
  /** Writes a file, its folders made where they are missing. Throws the system's error. */
  write(path: string, content: Uint8Array): void;
  makeFolder(path: string): void;
}

/** What `config set-context` keeps between commands. */
export interface ContextSettings {
  /** Where commands without -n work; `default` when absent. */
  readonly namespace?: string;
}

/** The settings of the context, one set for each state file (`--state`, or the usual one). */
export interface ContextPort {
  read(state: string | undefined): ContextSettings;
  write(state: string | undefined, settings: ContextSettings): void;
}

/** Programs that the user chose, an editor or a viewer of differences, and the temporary files they work on. */
export interface ProgramPort {
  /** A new folder that only its owner can read; its name begins with `prefix`. */
  temporaryFolder(prefix: string): string;
  write(path: string, text: string): void;
  /** A file, or a folder and all that is in it. */
  remove(path: string): void;
  /** Runs a program in this terminal to its end. Returns its exit code, or undefined where there is no such program. */
  run(command: readonly string[]): Promise<number | undefined>;
}

export interface ServedOptions {
  /** `--state`, when given. */
  readonly state?: string;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Switches the cluster to this clock. */
  readonly clock?: 'wall' | 'virtual';
  /** On a virtual clock: real time, in ms, that watching clients are given to react to an instant. */
  readonly paceMs: number;
  /** On a virtual clock: real time, in ms, without a request before time goes on while nobody watches. */
  readonly idleMs: number;
  /** Told of troubles while no client waits for an answer. */
  onTrouble(error: unknown): void;
}

/** What only `serve` needs: a program that goes on until it is told to stop. */
export interface ServingPort {
  /** Wall-clock time, ms since 1970. */
  now(): number;
  /** Runs something later, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  /** Resolves when the user or the system ends the program. */
  stopped(): Promise<void>;
  /** Where the credentials of the state file's server are kept unless the user names another place. */
  kubeconfigPath(state: string | undefined): string;
  /** The text of a private file; undefined where there is none. */
  readPrivate(path: string): string | undefined;
  /** Replaces a file in one step; only its owner can read it. Returns its full path. Throws the system's error. */
  writePrivate(path: string, text: string): string;
  open(options: ServedOptions): Promise<ServedBackend>;
}

export interface Host {
  /** The name by which the program was called: `stsctl`, or `kubectl` through a link of that name. */
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly files: FilePort;
  /** Absent where no program can be run. */
  readonly programs?: ProgramPort;
  readonly context: ContextPort;
  /** Absent where standard input is no terminal. */
  readonly keyboard?: Keyboard;
  readonly copying?: CopyPort;
  /** All of standard input, refused past `limit` bytes with an Error. */
  readStdin(limit: number): Promise<Uint8Array>;
  /** The text of a file that was built and installed with the program: `explain.json`. */
  asset(name: string): string;
  openBackend(options: OpenOptions): Promise<CommandBackend>;
  /** Absent where no server can run. */
  readonly serving?: ServingPort;
}
