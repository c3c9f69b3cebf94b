/** What `serve` needs of the machine. */
import type { ServedBackend } from '../../core/client/served';

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
