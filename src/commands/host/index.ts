/**
 * The narrow port between commands and the operating system: bin builds it for the terminal, tests build it from memory.
 * Nothing below src/commands touches process, files, timers or the clock in any other way.
 */
import type { ResourceInfo } from '../../core/api/resources';
import type { KubeObject } from '../../core/api/types';
import type { RawTerminal, Typed } from '../../core/client/container-backend';
import type { ClusterChoice, KubeConfigChange, KubeConfigChanged, KubeConfigView } from '../../core/client/remote';
import type { ListeningPort } from './listening';
import type { ServingPort } from './serving';
import type { CommandBackend } from './simulation';
import type { TranscriptPort } from './transcripts';

export type { RawTerminal, Typed } from '../../core/client/container-backend';
export type { Answering, ListeningPort, LocalConnection, LocalEars, LocalListener } from './listening';
export type { ServedOptions, ServingPort } from './serving';
export type { CommandBackend, PastVerbs, Rehearsal, RehearsalOptions, SimulationVerbs } from './simulation';
export type { Recording, RecordingStart, Stage, StageOptions, TranscriptPort } from './transcripts';

/** Files as manifests need them. Paths are as the user wrote them, relative to the working folder. */
export interface FilePort {
  /** What is at the path, or undefined where nothing is. `size` in bytes. */
  stat(path: string): { readonly kind: 'file' | 'folder'; readonly size: number } | undefined;
  /** The whole file. Throws the system's error, with its `code`, when it cannot be read. */
  read(path: string): Uint8Array;
  /** Names in a folder, unsorted. */
  list(path: string): readonly string[];
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
  /** What was typed, as it is listed among the commands that can be undone. */
  readonly command?: string;
  /** The machine's time to go by, ms since 1970: it then moves only as the command waits, so that it can be repeated. */
  readonly at?: number;
  /** Called with the text of each warning of the server, without a prefix. */
  onWarning(text: string): void;
  /** Called, once, when a command begins to wait while the clock is paused, with everything so far committed. */
  onPausedWait?(): void;
  /** Called with each change in the cluster, whoever made it; for `-v=6`. */
  onChange?(change: StoreChange): void;
}

export interface Stream {
  readonly isTTY: boolean;
  /** How many columns the terminal has; undefined for a pipe. */
  readonly columns?: number;
  /** How many lines it has. */
  readonly rows?: number;
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
  /** The terminal itself, for a program that edits lines; absent where it can't be had. */
  raw?(): Promise<RawTerminal>;
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

/** Real clusters, and the kubeconfig that names them. */
export interface ClusterPort {
  /**
   * Where commands would work; nothing is connected to. `first`: what the command asks for first, the namespace unless told.
   * @throws CommandError for a kubeconfig that can't be used, in words that depend on it
   */
  locate(
    choice: ClusterChoice,
    first?: 'namespace' | 'server',
  ): Promise<{ readonly name: string; readonly namespace?: string | undefined }>;
  /** `onWarning` gets the text of each warning of the server. */
  open(choice: ClusterChoice, onWarning: (text: string) => void): Promise<CommandBackend>;
  view(choice: ClusterChoice): Promise<KubeConfigView>;
  /** Writes the kubeconfig. @throws CommandError in kubectl's words for what can't be changed */
  edit(choice: ClusterChoice, change: KubeConfigChange): Promise<KubeConfigChanged>;
}

export interface Host {
  /** The name by which the program was called: `stsctl`, or `kubectl` through a link of that name. */
  readonly program: string;
  /** The machine's system and processor in Go's names: `linux/amd64`. */
  readonly platform: string;
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
  /** Absent where only the simulated cluster can be had. */
  readonly clusters?: ClusterPort;
  /** Absent where no server can run. */
  readonly serving?: ServingPort;
  /** Absent where nothing can be listened on. */
  readonly listening?: ListeningPort;
  /** Absent where nothing can be recorded. */
  readonly transcripts?: TranscriptPort;
}
