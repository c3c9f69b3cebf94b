/** Pods that were to be evicted and that a disruption budget keeps where they are. */
import { ApiError } from '../../api/status';
import type { Pod } from '../../api/types';
import type { Stuck } from '../../reports/plan';
import type { Cluster } from '../cluster';
import { type Explain, planned } from './reasons';

type Evict = (namespace: string, name: string, ...rest: never[]) => Promise<void>;

export class KeptPods {
  /** Their uids, in the order in which they were refused first. */
  private readonly uids = new Set<string>();

  constructor(private readonly cluster: Cluster) {}

  /** Listens to evictions that go this way. */
  follow<T extends Evict>(evict: T): T {
    return (async (namespace: string, name: string, ...rest: never[]) => {
      const pod = this.cluster.store.get<Pod>('pods', namespace, name);
      try {
        await evict(namespace, name, ...rest);
      } catch (error) {
        if (pod && error instanceof ApiError && error.reason === 'TooManyRequests') this.uids.add(pod.metadata.uid);
        throw error;
      }
    }) as T;
  }

  /** Those that are still there and are not going. */
  private present(): Pod[] {
    const pods = [...this.uids].map((uid) => this.cluster.store.byUid(uid) as Pod | undefined);
    return pods.filter((pod) => pod !== undefined && pod.metadata.deletionTimestamp === undefined) as Pod[];
  }

  get any(): boolean {
    return this.present().length > 0;
  }

  /** What keeps them, node by node. */
  stuck(explain: Explain): Stuck[] {
    const byNode = new Map<string, string[]>();
    for (const { spec, metadata } of this.present()) {
      const names = byNode.get(spec.nodeName ?? '') ?? [];
      byNode.set(spec.nodeName ?? '', names);
      names.push(metadata.name);
    }
    return [...byNode].map(([name, pods]) => {
      const subject = { kind: 'Node', name };
      const held = explain(this.cluster, subject).notes.filter(({ rule }) => rule === 'disruption-budget');
      const stay = pods.length === 1 ? `${pods[0]} stays` : `${pods.length} pods stay`;
      return { subject, summary: `it is not emptied: ${stay}`, reasons: held.map((reason) => planned(reason)) };
    });
  }
}
