/** A fault as it is kept: plain data, saved with the cluster. */
import type { FaultChange } from '../../apiserver/faults';

export type Target = FaultChange['target'];

/** What can be wrong with what. */
export const FAULTS = {
  pod: ['crash', 'unready', 'oom', 'evicted', 'stuck-terminating'],
  image: ['not-found', 'slow'],
  node: ['lost'],
  claim: ['pending', 'lost', 'full'],
  volume: ['full'],
  api: ['create', 'update', 'status', 'delete', '*'],
} as const satisfies Readonly<Record<Target, readonly string[]>>;

/** The faults that are events: they can be counted. The others are states, which last. */
export const COUNTED: readonly string[] = ['crash', 'oom', 'evicted', 'not-found', 'slow', 'pending', ...FAULTS.api];
/** The events of which one is meant where nothing else is said. */
export const ONCE: readonly string[] = ['crash', 'oom', 'evicted', ...FAULTS.api];

/** The HTTP statuses that a call can be made to fail with. */
export const CODES: readonly number[] = [403, 409, 429, 500, 503, 504];

/** Whose calls fail. */
export const CALLERS = ['controllers', 'user', 'everyone'] as const;
export type Caller = (typeof CALLERS)[number];

export interface FaultSpec {
  readonly target: Target;
  /** Of the call, for `api`; one of FAULTS otherwise. */
  readonly what: string;
  /** Of what has one. */
  readonly namespace?: string;
  /** `*` stands for any characters; of an image, the reference. Absent where a selector or an owner chooses. */
  readonly name?: string;
  /** Pods by their labels. */
  readonly selector?: string;
  /** Pods by the StatefulSet that they belong to: its name. */
  readonly set?: string;
  /** The container of a pod; the first one when absent. */
  readonly container?: string;
  /** Of a slow pull, ms. */
  readonly slowMs?: number;
  /** Of a call: `pods`, `statefulsets.apps`; `*` for all. */
  readonly resource?: string;
  readonly caller?: Caller;
  /** The HTTP status and the words of the refusal. */
  readonly code?: number;
  readonly message?: string;
  /** Strikes that are left; absent for any number. */
  readonly left?: number;
  /** Of striking, each time; absent for 1. */
  readonly probability?: number;
}

export interface Fault extends FaultSpec {
  /** `f1`, `f2`, … */
  readonly id: string;
  /** ms since 1970 */
  readonly since: number;
  /** ms since 1970; absent for a fault that lasts until it is healed or used up. */
  readonly until?: number;
  /** How often it has struck. */
  readonly struck: number;
  /** What chance is drawn with. */
  readonly seed: number;
  /** Calls that it might have struck. */
  readonly asked?: number;
}
