/** Which pods name a claim. Kept from the first question on: most clusters never delete a claim. */
import { claimNames } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';
import type { StoreEvent } from '../../apiserver/watch';

const NONE: ReadonlySet<string> = new Set();

export class ClaimUsers {
  /** `namespace/name` of a claim -> uids of pods. */
  private users: Map<string, Set<string>> | undefined;

  constructor(private readonly store: Store) {}

  /** Uids of the pods that name the claim `namespace/name`. */
  of(key: string): ReadonlySet<string> {
    if (this.users === undefined) {
      this.users = new Map();
      for (const pod of this.store.list<Pod>('pods')) this.add(pod);
    }
    return this.users.get(key) ?? NONE;
  }

  observe(event: StoreEvent): void {
    if (this.users === undefined || event.type === 'MODIFIED') return;
    const pod = event.object as Pod;
    if (event.type === 'ADDED') this.add(pod);
    else for (const key of keysOf(pod)) this.users.get(key)?.delete(pod.metadata.uid);
  }

  private add(pod: Pod): void {
    for (const key of keysOf(pod)) {
      const pods = this.users?.get(key);
      if (pods) pods.add(pod.metadata.uid);
      else this.users?.set(key, new Set([pod.metadata.uid]));
    }
  }
}

const keysOf = (pod: Pod): string[] => claimNames(pod).map((name) => `${pod.metadata.namespace}/${name}`);
