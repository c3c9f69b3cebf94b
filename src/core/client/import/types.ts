/** What an import reads and what becomes of it. Types only. */
import type { KubeObject } from '../../api/types';

/** What is to be read. */
export interface Selection {
  readonly namespace: string;
  /** Names of StatefulSets; absent for all of the namespace. */
  readonly sets?: readonly string[];
  /** The values of Secrets too, not their keys alone. */
  readonly withSecrets?: boolean;
  readonly withEvents?: boolean;
  /** A namespace without anything in it is read as such, not refused. */
  readonly mayBeEmpty?: boolean;
  /** What was left out on purpose is not told. */
  readonly withoutNotes?: boolean;
}

/** Objects as they are in another cluster. */
export interface Reading {
  readonly objects: readonly KubeObject[];
  /** Of these namespaces every object was read that could be: what an earlier import brought and is not among them is gone. */
  readonly whole: readonly string[];
  /** Kinds (`nodes`, `statefulsets.apps`) that could not be read: nothing is known of their objects. */
  readonly unread: readonly string[];
  readonly warnings: readonly string[];
}

/** One object of an import, as it is reported: `statefulset.apps/web`. */
export interface ImportedObject {
  readonly kind: string;
  readonly group: string;
  readonly namespace?: string;
  readonly name: string;
  readonly change: 'imported' | 'updated' | 'unchanged' | 'removed' | 'stand-in';
}

export interface ImportReport {
  readonly objects: readonly ImportedObject[];
  readonly warnings: readonly string[];
}

export interface ImportOptions {
  /** Objects that stand in the way and were not imported go. */
  readonly overwrite?: boolean;
}
