/** What a session and the containers' runtime tell whoever keeps what was before a command. */
import type { StateFile } from '../state-file';
import type { Unit } from './units';

export type ReplacedFile = Pick<StateFile, 'identity' | 'install' | 'remove'>;

/** The state file is about to be replaced. */
export interface Replacement {
  /** Where the file is now; nothing may be there. */
  readonly present: string;
  /** Where the new one is. */
  readonly next: string;
  /** Whether the user asked for what changed. Otherwise only time went by. */
  readonly asked: boolean;
  /** The cluster's time when the command began, ms. */
  readonly now: number;
}

export interface UndoPort {
  /** Whether an earlier process was stopped while it put something back; `finish` does the rest. */
  readonly interrupted: boolean;
  /** The lock must be held. */
  finish(): void;
  /** Removes what a process that was killed has left half-written. The lock must be held. */
  sweep(): void;
  /** How many bytes what was before may take; 0 keeps nothing. */
  limit(bytes: number): void;
  /** Called before files may change. */
  touch(units: readonly Unit[]): Promise<void>;
  /** Whether anything that was touched since the last save is different now. */
  changed(): Promise<boolean>;
  /** Called with the new file written, and not in place yet. */
  saving(change: Replacement): void;
  /** Called with the new file in place. */
  saved(): Promise<void>;
}

/** 256 MiB. */
export const DEFAULT_BUDGET = 256 * 1024 * 1024;
