/** What the user breaks and heals, as the kubelet meets it: which pods look again, what is held up, and who is evicted. */
import { claimNames, isPodTerminal } from '../api/pod';
import type { PersistentVolumeClaim, Pod } from '../api/types';
import type { ControllerContext } from '../apiserver/controller';
import type { FaultChange } from '../apiserver/faults';
import { fromTime } from '../meta/time';
import { LIFE_MS } from './crashes';
import { evictedStatus, evictionMessage } from './eviction';
import { isStarted } from './lifecycle';
import type { KubeletPods } from './pods';
import { stopping } from './termination';
import { START_TIMER, STOP_TIMER, WAKE_TIMER } from './timers';

/** How a pod is looked at again. */
export interface SecondLook {
  /** Its status, and whatever is to be done. */
  again(pod: Pod): void;
  /** Its probes too. */
  touch(pod: Pod): void;
}

export class BrokenThings {
  constructor(
    private readonly context: ControllerContext,
    private readonly pods: KubeletPods,
    private readonly look: SecondLook,
  ) {}

  /** A fault began or ended: the pods that it concerns look again. */
  changed({ target, namespace, name, ended }: FaultChange): void {
    const { store } = this.context;
    const pod = target === 'pod' ? store.get<Pod>('pods', namespace ?? '', name) : undefined;
    if (pod) this.changedFor(pod, ended);
    if (target === 'node' && ended && !this.context.faults.isNodeLost(name))
      for (const other of store.list<Pod>('pods')) if (other.spec.nodeName === name) this.resume(other);
    if (target !== 'image' && target !== 'volume') return;
    for (const other of store.list<Pod>('pods')) {
      if (target === 'image') {
        if (this.pods.recall(other).pulls) this.changedFor(other, ended);
      } else if (this.mounts(other, name)) {
        this.look.touch(other);
        this.changedFor(other, ended);
      }
    }
  }

  /** Of a node that is cut off the kubelet does nothing that could be seen: it neither hears nor says anything. */
  isCutOff({ spec }: Pod): boolean {
    return spec.nodeName !== undefined && this.context.faults.isNodeLost(spec.nodeName);
  }

  /** Evicts the pod where a fault says so; true when it did. */
  evict(pod: Pod): boolean {
    const { faults, store } = this.context;
    if (faults.isEmpty || !isStarted(pod)) return false;
    const blow = faults.eviction(pod);
    if (!blow) return false;
    const now = this.context.now();
    const started = pod.status.startTime === undefined ? now : fromTime(pod.status.startTime);
    const at = Math.max(blow.since, started + LIFE_MS);
    if (now < at) {
      this.pods.schedule(pod, at, WAKE_TIMER);
      return false;
    }
    faults.struck(blow);
    const message = evictionMessage(pod);
    this.pods.tell(pod, [{ type: 'Warning', reason: 'Evicted', message }]);
    this.pods.tell(pod, stopping(pod));
    store.updateStatus(pod, evictedStatus(pod, now));
    return true;
  }

  /** The pod's node is back: what was to be done meanwhile is done now. */
  private resume(pod: Pod): void {
    const isBegun = pod.status.containerStatuses && !isStarted(pod) && !isPodTerminal(pod);
    if (isBegun && pod.metadata.deletionTimestamp === undefined)
      this.pods.schedule(pod, this.context.now(), START_TIMER);
    else this.look.again(pod);
  }

  /** A fault of the pod began or ended: it is looked at, and what a fault held up goes on. */
  private changedFor(pod: Pod, ended: FaultChange['ended']): void {
    if (!pod.spec.nodeName || isPodTerminal(pod)) return;
    const record = this.pods.recall(pod);
    if (ended && record.stuck) this.pods.schedule(pod, this.context.now(), STOP_TIMER);
    if (pod.metadata.deletionTimestamp !== undefined || !isStarted(pod)) return;
    if (ended) {
      for (const { restartsAt } of Object.values(record.containers))
        if (restartsAt !== undefined && restartsAt >= this.context.now())
          this.pods.schedule(pod, restartsAt, WAKE_TIMER);
      const pulls = Object.entries(record.pulls ?? {}).map(([container, pull]) => {
        // A slow pull is over with what made it slow; a failed one is tried again when its hold is over.
        const at = pull.state === 'pulling' && ended !== 'used' ? this.context.now() : pull.at;
        this.pods.schedule(pod, at, WAKE_TIMER);
        return [container, { ...pull, at }] as const;
      });
      if (pulls.length > 0) this.pods.remember(pod, { ...record, pulls: Object.fromEntries(pulls) });
    }
    this.look.again(pod);
  }

  private mounts(pod: Pod, volume: string): boolean {
    const { store } = this.context;
    const namespace = pod.metadata.namespace ?? '';
    return claimNames(pod).some(
      (name) => store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name)?.spec.volumeName === volume,
    );
  }
}
