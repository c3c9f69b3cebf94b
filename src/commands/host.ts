/**
 * The narrow port between commands and the operating system: bin builds it for the terminal, tests build it from memory.
 * Nothing below src/commands touches process, files, timers or the clock in any other way.
 */
import type { ResourceInfo } from '../core/api/resources';
import type { KubeObject } from '../core/api/types';
import type { Backend } from '../core/client/backend';
import type { RawTerminal, Typed } from '../core/client/container-backend';
import type { ImportOptions, ImportReport, Reading } from '../core/client/import/types';
import type { ClusterChoice, KubeConfigView } from '../core/client/remote';
import type { ServedBackend } from '../core/client/served';
import type { Fault, NewFault } from '../core/simulation/faults';
import type { PlanReport } from '../core/simulation/plan/types';
import type { Refusal } from '../core/simulation/plan/writes';
import type { Explanation } from '../core/simulation/why/types';

export type { RawTerminal, Typed } from '../core/client/container-backend';

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

/** What the drawing of a timeline needs beside the transitions (src/core/simulation/timeline.ts says what each is). */
export interface TimelineMark {
  readonly time: string;
  readonly kind: 'pod' | 'claim' | 'volume' | 'revision';
  readonly event: 'start' | 'end' | 'bound' | 'pending' | 'lost' | 'released' | 'delete';
  readonly namespace: string;
  readonly name: string;
  readonly after?: number;
  readonly since?: string;
  readonly phase?: string;
  readonly terminating?: string;
  readonly claim?: string;
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

/** The cluster's clock: `now` in ms since 1970; a virtual one has rate 1 and is never paused. */
export interface ClockFacts {
  readonly mode: 'wall' | 'virtual';
  readonly now: number;
  readonly rate: number;
  readonly paused: boolean;
}

/** How playing time until something holds has ended, and from when to when it was played, ms since 1970. */
export interface Played {
  readonly ended: 'met' | 'settled' | 'timeout';
  readonly from: number;
  readonly to: number;
}

/** A command that changed the cluster. */
export interface PastStep {
  readonly number: number;
  readonly command: string;
  /** When it was typed, ms since 1970. */
  readonly at: number;
  /** Undone, and can be redone. */
  readonly undone: boolean;
}

/** Times in ms since 1970: when it was saved, and what time the cluster had. */
export interface SnapshotFacts {
  readonly name: string;
  readonly saved: number;
  readonly mode: 'wall' | 'virtual';
  readonly now: number;
  readonly objects: number;
  readonly pods: number;
}

/** What differs between two states of the cluster: without `before` it is new, without `after` it is gone. */
export interface SnapshotDifference {
  readonly objects: readonly { readonly before?: KubeObject; readonly after?: KubeObject }[];
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'changed' | 'removed' }[];
}

/** Undo and snapshots (src/core/backends/local/undo says what each promises). */
export interface PastVerbs {
  steps(): Promise<readonly PastStep[]>;
  undo(count: number): Promise<readonly PastStep[]>;
  redo(count: number): Promise<readonly PastStep[]>;
  restore(): Promise<{ readonly from: string; readonly saved: number; readonly damaged: string }>;
  saveSnapshot(name: string, overwrite: boolean): Promise<SnapshotFacts>;
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  snapshots(): Promise<readonly SnapshotFacts[]>;
  compareSnapshots(name: string, other: string | undefined): Promise<SnapshotDifference>;
}

/** What `sim` asks of the engine. A real cluster has none of this. */
export interface SimulationVerbs {
  clock(): Promise<ClockFacts>;
  setClock(mode: 'wall' | 'virtual'): Promise<void>;
  /** Of the wall clock: how fast it passes, and whether it does. */
  setPace(pace: { readonly rate?: number; readonly paused?: boolean }): Promise<void>;
  /**
   * Plays time forward, at most by `limit` ms, to the instant at which `holds` answers true; it is asked at every instant at
   * which something happens. `settled`: nothing more would change on its own.
   */
  playUntil(holds: () => Promise<boolean>, limit: number): Promise<Played>;
  /** Plays time forward by so many ms. */
  advance(ms: number): Promise<void>;
  /** Plays until nothing further would change on its own. */
  settle(): Promise<void>;
  timeline(): Promise<readonly TimelineEvent[]>;
  timelineMarks(): Promise<readonly TimelineMark[]>;
  getConfig(): Promise<object>;
  setConfig(patch: Readonly<Record<string, string>>): Promise<object | undefined>;
  reset(): Promise<void>;
  /**
   * Takes over what was read elsewhere, as it is. A virtual clock that is behind is moved on to it first. @throws CommandError
   * where objects of another origin stand in the way
   */
  importObjects(reading: Reading, options?: ImportOptions): Promise<ImportReport>;
  /** Undo and snapshots; absent where a cluster is shared or only played. */
  readonly past?: PastVerbs;
  /** Breaks something from now on. `waits`: nothing is there yet that it concerns. */
  fail(fault: NewFault): Promise<{ readonly fault: Fault; readonly waits: boolean }>;
  /** Ends the faults that are chosen, and answers which. */
  heal(isChosen: (fault: Fault) => boolean): Promise<readonly Fault[]>;
  /** What is broken, and the instant at which it is, ms. */
  faults(): Promise<{ readonly faults: readonly Fault[]; readonly now: number }>;
  /** What an object waits for now. `resource` is its type, with its group. @throws ApiError NotFound */
  why(resource: string, namespace: string | undefined, name: string): Promise<Explanation>;
  /**
   * What a recording begins with. A cluster that is not a new one is copied to `keepAt`, with the files of its pods and volumes;
   * answers whether it was.
   */
  beginRecording(keepAt: string): Promise<RecordingStart & { readonly kept: boolean }>;
  /** The clock of the cluster as last seen, without looking; undefined where nobody has looked. */
  clockMode(): 'wall' | 'virtual' | undefined;
  /** The words for an error that nobody meant, where a state file that was edited by hand is its likely cause. */
  blamed(error: unknown): Error | undefined;
  /** Asks the cluster's DNS as a pod of the namespace would, with its search domains. */
  dns(name: string, type: DnsType, namespace: string): Promise<DnsAnswer>;
}

export interface CommandBackend extends Backend {
  readonly sim?: SimulationVerbs;
  /** A copy of the cluster in memory, to play on; absent where none can be made. */
  readonly rehearse?: (options?: RehearsalOptions) => Promise<Rehearsal>;
}

/** What is different about the copy. */
export interface RehearsalOptions {
  /** A merge patch of the spec of the named StatefulSets, and of every one that is written. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly sets?: readonly { readonly namespace: string; readonly name: string }[];
  readonly gates?: Readonly<Record<string, boolean>>;
}

/** A cluster to play a command on: nothing that happens there stays. */
export interface Rehearsal {
  readonly backend: CommandBackend;
  /** What the API refused of what was written so far. */
  refusals(): readonly Refusal[];
  /** What could not be copied as it is, where that is so. */
  warnings?(): readonly string[];
  /** Whether anything has changed since the beginning. */
  changed(): boolean;
  /** Plays until nothing more would change, at most for so many ms, and tells all that happened. To be asked once. */
  finish(untilMs?: number): Promise<PlanReport>;
  close(): Promise<void>;
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
  /** Opens a file that only its owner can read, `-` being standard output. Returns what adds a line. Throws the system's error. */
  appendPrivate(path: string): (line: string) => void;
  open(options: ServedOptions): Promise<ServedBackend>;
}

/** A recording that is going on, as one command sees it. */
export interface Recording {
  /** The transcript, as a full path. */
  readonly path: string;
  /** The working folder, as seen from the transcript's folder; empty where it is that one. */
  readonly folder: string;
  /** Since the recording began, ms of the machine's clock. */
  elapsed(): number;
  /** The variables that it began with. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds lines in one piece, and has them on disk when it returns. Throws the system's error. */
  append(text: string): void;
  /** Called when the program ends, by whatever means but a kill, with its exit code. */
  onExit(run: (code: number) => void): void;
}

/** What a recording begins with: a new cluster, or the one that was kept beside the transcript. */
export interface RecordingStart {
  readonly clock: 'wall' | 'virtual';
  readonly seed: number;
  /** The machine's time, ms since 1970; of a new cluster also its own. */
  readonly now: number;
  readonly gates: Readonly<Record<string, boolean>>;
}

/** Where the commands of a transcript are run: on a cluster of their own, which is gone afterwards. */
export interface Stage {
  /** Runs one command in a shell; `stsctl` and `kubectl` are this program. `at`: ms since the recording began. */
  run(
    command: string,
    options: { readonly folder: string; readonly at: number | undefined; readonly timeoutMs: number },
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number; readonly timedOut: boolean }>;
  close(): void;
}

export interface StageOptions {
  /** Of a recording by stsctl; otherwise commands run on a new cluster with a virtual clock. */
  readonly recorded: boolean;
  readonly clock?: 'wall' | 'virtual';
  readonly seed?: number;
  readonly start?: number;
  /** The file of the cluster to begin with; a new one where it is absent. */
  readonly state?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Recordings of what is typed, and the stage on which they are played. */
export interface TranscriptPort {
  /** The recording of a state file's cluster (`--state`, or the usual one). Costs one look at the disk where there is none. */
  current(state: string | undefined): Recording | undefined;
  /** The full path of a file, and of the state of the cluster that is kept beside it. */
  paths(file: string): { readonly path: string; readonly state: string };
  /** Creates the transcript and begins to record, at `now` where that is not the machine's present time. Throws the system's error, EEXIST for a file that is there. */
  begin(
    state: string | undefined,
    path: string,
    header: string,
    settings: Pick<Recording, 'env'> & { readonly now?: number },
  ): void;
  end(state: string | undefined): void;
  /** Replaces a file in one step. */
  replace(path: string, text: string): void;
  folderOf(path: string): string;
  join(folder: string, name: string): string;
  stage(options: StageOptions): Promise<Stage>;
}

/** Real clusters, and the kubeconfig that names them. */
export interface ClusterPort {
  /** Where commands would work; nothing is connected to. @throws CommandError for a kubeconfig that can't be used */
  locate(choice: ClusterChoice): Promise<{ readonly name: string; readonly namespace?: string | undefined }>;
  /** `onWarning` gets the text of each warning of the server. */
  open(choice: ClusterChoice, onWarning: (text: string) => void): Promise<CommandBackend>;
  view(choice: ClusterChoice): Promise<KubeConfigView>;
  /** Writes the kubeconfig: the context to work in. @throws CommandError where there is no such context */
  useContext(choice: ClusterChoice, name: string): Promise<void>;
  /** Writes the kubeconfig: the namespace of a context; an empty one removes it. */
  setNamespace(choice: ClusterChoice, name: string, namespace: string): Promise<void>;
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
  /** Absent where only the simulated cluster can be had. */
  readonly clusters?: ClusterPort;
  /** Absent where no server can run. */
  readonly serving?: ServingPort;
  /** Absent where nothing can be recorded. */
  readonly transcripts?: TranscriptPort;
}
