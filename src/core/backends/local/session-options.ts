/** What a session is opened with. */
import type { ClockMode } from '../../reports/clock';
import type { ContainerRuntime } from './container-runtime';
import type { HostPort } from './host';
import type { LockFile } from './lock';
import type { StateFile } from './state-file';
import type { UndoPort } from './undo/port';

export interface SessionOptions {
  readonly statePath: string;
  readonly host: HostPort;
  /** Switches the cluster to this clock. */
  readonly clock?: ClockMode;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Of a new cluster. */
  readonly seed?: number;
  /** When a new cluster begins, ms since 1970; else now, or on a virtual clock always the same. */
  readonly start?: number;
  /** How long to wait for another process, ms. */
  readonly lockTimeoutMs?: number;
  /** Told, once, that something is waited for while the wall clock is paused. */
  onPausedWait?(): void;
  /** Runs what containers run; without it they are healthy and run nothing. */
  readonly runtime?: ContainerRuntime;
  /** Keeps what was before each command. */
  readonly undo?: UndoPort;
  /** Where the cluster is kept, and how others are kept from it; the state file and its lock unless given. */
  readonly storage?: SessionStorage;
}

/** What a session needs of the place where the cluster is kept: StateFile and LockFile are the real one. */
export interface SessionStorage {
  readonly file: Pick<StateFile, 'identity' | 'load' | 'save' | 'prepareFolder' | 'damaged'> &
    Partial<Pick<StateFile, 'isEdited'>>;
  readonly lock: Pick<LockFile, 'held' | 'acquire' | 'tryAcquire' | 'release' | 'heartbeat' | 'verify'> &
    Partial<Pick<LockFile, 'succeeded'>>;
}
