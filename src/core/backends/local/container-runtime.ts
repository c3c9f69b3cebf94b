/** What the session needs of the runtime that executes the kubelet's runs. */
import type { ContainerRun, RunOutcome, RuntimeFacts } from '../../apiserver/container-runtime';
import type { Store } from '../../apiserver/store';
import type { StoreEvent } from '../../apiserver/watch';
import type { Cluster } from '../../simulation/cluster';

export interface ContainerRuntime extends RuntimeFacts {
  /** Executes one run against the cluster as it is, which does not move meanwhile. Never throws for what a container did. */
  execute(run: ContainerRun, cluster: Pick<Cluster, 'store' | 'now'>): Promise<RunOutcome>;
  /** Notes what goes: the files of a pod or a volume go with it, once that is saved. */
  observe(event: StoreEvent): void;
  /** What has been noted is about to be saved: what was written to files is on the disk first. Throws StateFileError. */
  saving?(): Promise<void>;
  /** What has been noted is saved now. */
  saved(): void;
  /** What has been noted will not be saved. */
  discarded(): void;
  /** Removes what a process that was killed has left of pods and volumes that are gone. */
  sweep?(store: Store): void;
  /** Another cluster takes the place of this one. */
  reset(): void;
}
