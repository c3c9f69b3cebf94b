/** One look at a pod on its way: the facts it starts from, and what it collects. */
import type { Pod } from '../api/types';
import type { SimulationConfig } from '../apiserver/config';
import type { ContainerRun, RuntimeFacts } from '../apiserver/container-runtime';
import type { Faults } from '../apiserver/faults';
import type { PodRecord } from './memory';
import type { Missing } from './missing';

/** What the kubelet tells of a pod as Events. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The container that it is about. */
  readonly container?: string;
}

export interface NodeFacts {
  readonly hostIP: string;
  readonly podIP: string;
  readonly config: SimulationConfig;
  /** What can be run inside containers; absent where nothing is. */
  readonly runtime?: RuntimeFacts;
  /** Absent where nothing is broken. */
  readonly faults?: Faults;
  /** What a container needs and is not there. */
  missing(container: string): Missing | undefined;
}

export interface Progress {
  readonly pod: Pod;
  readonly now: number;
  readonly facts: NodeFacts;
  readonly happenings: Happening[];
  readonly runs: ContainerRun[];
  record: PodRecord;
  /** Look again then, ms: something will have changed. */
  wakeAt: number | undefined;
  /** Look again then, ms: something may have changed that nobody tells of. */
  pollAt: number | undefined;
  /** A crashed container is started again then, ms. */
  restartAt: number | undefined;
  /** An image that could not be pulled is tried again then, ms. */
  pullAt: number | undefined;
}

type Deadline = 'wakeAt' | 'pollAt' | 'restartAt' | 'pullAt';

export function wake(progress: Progress, at: number, which: Deadline = 'wakeAt'): void {
  const known = progress[which];
  if (known === undefined || at < known) progress[which] = at;
}
