/**
 * The priority classes that every cluster has for its own parts. They are laid into a new cluster past its versions and its entropy:
 * what comes after them is named and numbered as without them.
 */
import type { KubeObject } from '../api/types';
import type { Entropy } from '../apiserver/entropy';
import type { Store } from '../apiserver/store';
import { toTime } from '../meta/time';

const CLASSES = [
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their node.',
  },
];

/** `now` is ms since 1970; `entropy` gives the uids, and is nobody else's. */
export function laySystemClasses({ storage }: Store, entropy: Pick<Entropy, 'uid'>, now: number): void {
  for (const { name, value, description } of CLASSES) {
    const object: KubeObject = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name, uid: entropy.uid(), resourceVersion: '1', generation: 1, creationTimestamp: toTime(now) },
      value,
      description,
      preemptionPolicy: 'PreemptLowerPriority',
    };
    storage.restore('priorityclasses.scheduling.k8s.io', object);
  }
}
