/** Every transition of every pod so far, read off the store's events. */
import { isPodReady } from '../api/pod';
import type { Pod } from '../api/types';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';

export type Transition = 'create' | 'ready' | 'unready' | 'terminate' | 'delete';

export interface TimelineEvent {
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  readonly event: Transition;
  readonly namespace: string;
  readonly pod: string;
  /** The revision that the pod wears; empty for a pod of no set. */
  readonly revision: string;
}

export class Timeline {
  constructor(
    private readonly now: () => number,
    readonly events: TimelineEvent[] = [],
  ) {}

  observe(event: StoreEvent): void {
    if (resourceKey(event.resource) !== 'pods') return;
    const pod = event.object as Pod;
    const old = event.old as Pod | undefined;
    if (event.type === 'ADDED') this.add('create', pod);
    if (event.type !== 'DELETED') {
      const ready = isPodReady(pod);
      if (ready !== (old ? isPodReady(old) : false)) this.add(ready ? 'ready' : 'unready', pod);
    }
    const terminating = event.type === 'DELETED' || pod.metadata.deletionTimestamp !== undefined;
    if (terminating && old?.metadata.deletionTimestamp === undefined) this.add('terminate', pod);
    if (event.type === 'DELETED') this.add('delete', pod);
  }

  private add(event: Transition, pod: Pod): void {
    this.events.push({
      time: new Date(this.now()).toISOString(),
      event,
      namespace: pod.metadata.namespace ?? '',
      pod: pod.metadata.name,
      revision: pod.metadata.labels?.['controller-revision-hash'] ?? '',
    });
  }
}
