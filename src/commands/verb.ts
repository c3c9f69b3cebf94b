/** What a verb is: its words for the help page, its flags, and what it does with a context. */

import type { FlagSpec, Flags } from './flags/spec';
import type { CommandBackend, Host } from './host';
import type { Io } from './io';

export interface Context {
  readonly io: Io;
  readonly host: Host;
  readonly flags: Flags;
  /** What is left when the flags are taken away. */
  readonly args: readonly string[];
  /** How many arguments stood before `--`; undefined where there was none. */
  readonly dashAt?: number;
  /** `stsctl rollout status`. */
  readonly path: string;
  /** The command as it was typed: its words, then its flags in full, as in `stsctl scale sts web --replicas=2`. */
  commandLine(): string;
  /** The namespace to work in: `--namespace`, else the context's, else `default`. */
  readonly namespace: string;
  /** True when the user named the namespace: a manifest that says another one is then refused. */
  readonly explicitNamespace: boolean;
  /**
   * Shows what was said so far before more is waited for. Where waiting takes no real time (the virtual clock) it holds it
   * back: then the end comes at once, and saving after every line would cost more than the whole wait.
   */
  flushWhileWaiting(): Promise<void>;
  /** Opened on the first call, so that mistakes in the command line cost nothing. */
  backend(): Promise<CommandBackend>;
}

export interface Verb {
  /** What follows `stsctl` in the usage line. */
  readonly usage: string;
  readonly long: string;
  /** Lines of the Examples section; `# ` lines say what the next one does. */
  readonly examples: string;
  readonly flags: readonly FlagSpec[];
  /** The exit code of a mistake in the flags, where it is not 1. */
  readonly flagErrorCode?: number;
  /** Its connection flags name a cluster that it reads from; what it works on is the simulated one. */
  readonly readsCluster?: boolean;
  /** False for a verb whose arguments are another command: its own flags stand before them. */
  readonly interspersed?: boolean;
  run(context: Context): Promise<void>;
}

/** One command in the list: cheap, so that naming all of them costs nothing. */
export interface Entry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** The heading under which the main help lists it. */
  readonly group?: string;
  readonly load?: () => Promise<{ readonly verb: Verb }>;
  readonly children?: readonly Entry[];
  /** For a command that only has children: its help page. */
  readonly long?: string;
  readonly examples?: string;
  /** Without a child its help page goes to stdout; to stderr otherwise, as most of kubectl's do. */
  readonly helpOnStdout?: boolean;
  /** Children that kubectl has and stsctl does not have yet. */
  readonly laterChildren?: readonly string[];
}
