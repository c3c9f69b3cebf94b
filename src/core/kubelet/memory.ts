/**
 * What the kubelet remembers of pods whose containers are really run, beyond what their status says: how commands go, what
 * probes answered, how long a crashing container is held back. Plain data, saved with the cluster.
 */
import type { ProbeKind } from '../apiserver/container-runtime';

/** How the command of a container's present life goes. */
export type CommandRecord =
  | { readonly state: 'asked' }
  /** It serves, or waits for ever. */
  | { readonly state: 'runs' }
  /** It will have ended at that instant (ms). */
  | {
      readonly state: 'ends';
      readonly at: number;
      readonly exitCode: number;
      readonly reason?: string;
      readonly message?: string;
    }
  /** It waits for somebody else, and is tried again at that instant (ms). */
  | { readonly state: 'retries'; readonly at: number };

export interface ProbeRecord {
  /** Of the last results, how many in a row were alike. */
  readonly streak: number;
  /** The last result; undefined before the first. */
  readonly last?: boolean;
  /** What the thresholds have made of the results. */
  readonly passed: boolean;
  /** The next tick, ms; undefined while nothing could change the answer. */
  readonly nextAt?: number;
  readonly asked?: boolean;
}

export interface ContainerRecord {
  /** The restart count of the life that this is about. */
  readonly restart: number;
  /** When this life began, ms. */
  readonly startedAt: number;
  readonly command?: CommandRecord;
  /** It has been told to end: no probe is asked any more. */
  readonly killed?: boolean;
  readonly probes: Partial<Record<ProbeKind, ProbeRecord>>;
  /** The hold before the next restart, ms; undefined before the first crash. */
  readonly backOffMs?: number;
  /** When a crashed container is started again, ms. */
  readonly restartsAt?: number;
  /** A fault ended it that may not strike again: its restart is worth waiting for. */
  readonly passes?: boolean;
}

/** A pull that a fault has spoilt, or one after it. */
export interface PullRecord {
  readonly state: 'failed' | 'pulling';
  /** How many have begun. */
  readonly attempts: number;
  /** When this one began, ms. */
  readonly since: number;
  /** When it is tried again, or is over, ms. */
  readonly at: number;
  /** The next one may go well. */
  readonly passes?: boolean;
}

export interface PodRecord {
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  /** By container. */
  readonly pulls?: Readonly<Record<string, PullRecord>>;
  /** Its containers should have ended, and a fault keeps them. */
  readonly stuck?: boolean;
  /** Its containers have ended for good, and finalizers hold its object. */
  readonly ended?: boolean;
  /** Answers of preStop hooks that are still to come. */
  readonly hooks?: number;
  /** When the last of them is over, ms. */
  readonly hooksUntil?: number;
}

export const EMPTY: PodRecord = { containers: {} };
