/**
 * What a server needs of a backend beyond what one command does: calls of many clients one after the other, each durable
 * before it is answered, and the history of changes that watches are fed from.
 */
import type { BindingTarget } from '../api/binding';
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { Backend } from './backend';
import type { ContainerBackend } from './container-backend';

/** One change of one object, in the order of resource versions. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceInfo;
  /** As it is after the change; for DELETED as it last was. */
  readonly object: KubeObject;
  /** The version before; absent for ADDED. */
  readonly old?: KubeObject;
  readonly resourceVersion: number;
}

export interface Selection {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ServedBackend {
  /**
   * Runs one client's call. What it wrote, and what the passing of time brought meanwhile, is on disk when this resolves or
   * rejects, and watchers are told of it. `onWarning` gets each warning of this call. Work that only reads may be run again
   * when another process wrote in between.
   */
  perform<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void): Promise<T>;
  /**
   * What clients do inside containers, which may take as long as they type or read: not to be called within `perform`. What
   * is shown is on disk. A log that is followed is followed until the container ends, on any clock, or until it is left.
   */
  readonly containers: Pick<ContainerBackend, 'exec' | 'attach' | 'logs' | 'forward'>;
  /** Assigns a pod to a node (the binding subresource). Throws Invalid, NotFound, Conflict. */
  bind(namespace: string, pod: string, target: BindingTarget): Promise<void>;
  /** The changes after a version, oldest first; undefined when the history no longer reaches back so far. */
  changesAfter(resourceVersion: number): readonly Change[] | undefined;
  /** The oldest version that `changesAfter` answers for. */
  readonly oldestVersion: number;
  /** The version of the last change that anybody was told of. */
  readonly latestVersion: number;
  /** The cluster's time as last seen, ms since 1970: for the ages in tables. */
  readonly now: number;
  /**
   * Told of changes once they are durable, and when the history begins anew. A virtual clock waits a while for those who are
   * `behind` with passing on what they were told. Returns how to stop.
   */
  onChanges(listener: (changes: readonly Change[] | 'restarted') => void, behind?: () => boolean): () => void;
  /** What a list or watch of the kind selects. Throws BadRequest as a list does. */
  selects(resource: ResourceInfo, selection: Selection): (object: KubeObject) => boolean;
  /** Ends the passing of time: from now on only calls change anything. Calls in progress are finished first. */
  halt(): Promise<void>;
  /** Halts, and lets go of the cluster. */
  close(): Promise<void>;
}
