/**
 * The narrow port between commands and the operating system: bin builds it for the terminal, tests build it from memory.
 * Nothing below src/commands touches process, files, timers or the clock in any other way.
 */
import type { Backend } from '../core/client/backend';

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
}

export interface CommandBackend extends Backend {
  readonly sim?: SimulationVerbs;
}

export interface OpenOptions {
  /** `--state`, when given. */
  readonly state?: string;
  /** `--feature-gates`, parsed. */
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Called with the text of each warning of the server, without a prefix. */
  onWarning(text: string): void;
}

export interface Stream {
  readonly isTTY: boolean;
  /** The stream itself, where there is one: for a spinner. */
  readonly stream?: NodeJS.WritableStream;
  write(text: string): void;
}

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly files: FilePort;
  /** All of standard input, refused past `limit` bytes with an Error. */
  readStdin(limit: number): Promise<Uint8Array>;
  openBackend(options: OpenOptions): Promise<CommandBackend>;
}
