/** What can be undone and restored: commands that were typed, and named copies of the cluster. */
import type { KubeObject } from '../api/types';
import type { ClockMode } from './clock';

/** A command that changed the cluster. */
export interface PastStep {
  readonly number: number;
  readonly command: string;
  /** When it was typed, ms since 1970. */
  readonly at: number;
  /** Undone, and can be redone. */
  readonly undone: boolean;
}

export interface SnapshotFacts {
  readonly name: string;
  /** When it was saved, ms since 1970. */
  readonly saved: number;
  /** The cluster's clock. */
  readonly mode: ClockMode;
  /** The cluster's time, ms since 1970. */
  readonly now: number;
  readonly objects: number;
  readonly pods: number;
}

export interface FileChange {
  /** Beside the state file: `state.json.volumes/pvc-…/data`. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** What differs between two states of the cluster. */
export interface SnapshotDifference {
  /** Objects that differ; without `before` it is new, without `after` it is gone. */
  readonly objects: readonly { readonly before?: KubeObject; readonly after?: KubeObject }[];
  readonly files: readonly FileChange[];
}
