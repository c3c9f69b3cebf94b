/** What is saved of a cluster, and what a new one begins with. */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import { DEFAULT_CONFIG, type SimulationConfig } from '../apiserver/config';
import type { ContainerRun, RuntimeFacts } from '../apiserver/container-runtime';
import type { Unread } from '../apiserver/storage';
import type { ClockMode } from '../reports/clock';
import type { TimelineEvent, TimelineMark } from '../reports/timeline';
import { type EntropyState, SeededEntropy } from './entropy';
import type { Timer } from './event-queue';
import type { Fault } from './faults';

/** Everything that is saved of a cluster, as plain JSON. */
export interface ClusterState {
  /** `now` in ms since 1970. */
  readonly clock: { readonly mode: ClockMode; readonly now: number };
  readonly config: SimulationConfig;
  readonly resourceVersion: number;
  readonly entropy: EntropyState;
  readonly counters: Readonly<Record<string, number>>;
  /** In the order of creation. */
  readonly objects: readonly KubeObject[];
  /** The Events; among the objects in states of old. */
  readonly events?: readonly KubeObject[] | Unread;
  /** No Event was last seen before this instant, ms since 1970. */
  readonly eventsSince?: number;
  readonly customResources: readonly ResourceInfo[];
  readonly timers: readonly Timer[];
  readonly lastTimer: number;
  /** The last timer that had been asked for when something last changed. */
  readonly changedAfter?: number;
  readonly timeline: readonly TimelineEvent[];
  /** What a drawing of the timeline needs beside the transitions. */
  readonly timelineMarks?: readonly TimelineMark[];
  /** Runs inside containers that nobody has answered yet. */
  readonly runs?: readonly ContainerRun[];
  /** What controllers keep beyond the objects. */
  readonly memory?: Readonly<Record<string, unknown>>;
  /** What the user broke and has not healed. */
  readonly faults?: readonly Fault[];
}

export interface ClusterOptions {
  /** ms since 1970 */
  readonly now: number;
  readonly clock: ClockMode;
  readonly seed: number;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** What can be run inside containers; without it they are healthy and run nothing. */
  readonly runtime?: RuntimeFacts;
}

/** Of a cluster in which nothing is yet, not even what every cluster holds. */
export const emptyState = (options: ClusterOptions): ClusterState => ({
  clock: { mode: options.clock, now: options.now },
  config: { ...DEFAULT_CONFIG, seed: options.seed, gates: options.gates ?? {} },
  resourceVersion: 0,
  entropy: SeededEntropy.fromSeed(options.seed).state(),
  counters: {},
  objects: [],
  customResources: [],
  eventsSince: options.now,
  timers: [],
  lastTimer: 0,
  timeline: [],
});
