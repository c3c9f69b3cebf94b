/** How many pods name a claim. Counted from the first question on, because only classes that wait for a consumer ask. */
import { claimNames } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';
import type { StoreEvent } from '../../apiserver/watch';

export class ConsumerCount {
  private counts: Map<string, number> | undefined;

  constructor(private readonly store: Store) {}

  /** `key` is `namespace/name` of a claim. */
  has(key: string): boolean {
    if (this.counts === undefined) {
      this.counts = new Map();
      for (const pod of this.store.list<Pod>('pods')) this.add(pod, 1);
    }
    return (this.counts.get(key) ?? 0) > 0;
  }

  observe(event: StoreEvent): void {
    if (event.type === 'ADDED') this.add(event.object as Pod, 1);
    if (event.type === 'DELETED') this.add(event.object as Pod, -1);
  }

  private add(pod: Pod, by: number): void {
    if (this.counts === undefined) return;
    for (const name of claimNames(pod)) {
      const key = `${pod.metadata.namespace}/${name}`;
      this.counts.set(key, (this.counts.get(key) ?? 0) + by);
    }
  }
}
