/**
 * The kubelet of every node: accepts bound pods, starts their containers after a delay, lets probes pass in time, and
 * ends pods that are deleted. Timers name a pod by its uid, so one that outlives its pod does nothing.
 */
import { isPodTerminal } from '../api/pod';
import type { KubeObject, Node, Pod } from '../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../apiserver/controller';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';
import { deepEqual } from '../meta/equal';
import { PodAddresses } from './addresses';
import { accept, advance, isStarted, READY_ANNOTATION } from './lifecycle';

const COMPONENT = 'kubelet';
const DEFAULT_GRACE_SECONDS = 30;

export const START_TIMER = 'kubelet/start';
export const WAKE_TIMER = 'kubelet/wake';
export const STOP_TIMER = 'kubelet/stop';

const timerKey = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}`;

export class Kubelet implements Controller {
  readonly name = 'kubelet';
  private readonly queue = new WorkQueue();
  private readonly addresses: PodAddresses;

  constructor(private readonly context: ControllerContext) {
    this.addresses = new PodAddresses(context);
  }

  observe(event: StoreEvent): void {
    if (resourceKey(event.resource) !== 'pods') return;
    const pod = event.object as Pod;
    if (event.type === 'DELETED') {
      this.addresses.release(pod);
      return;
    }
    if (!pod.spec.nodeName) return;
    const old = event.old as Pod | undefined;
    const isTold =
      !old?.spec.nodeName ||
      old.spec !== pod.spec ||
      annotation(old) !== annotation(pod) ||
      old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
      old.metadata.deletionGracePeriodSeconds !== pod.metadata.deletionGracePeriodSeconds;
    if (isTold) this.queue.add(timerKey(pod));
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const pod = this.find(key);
    if (pod) this.sync(key, pod);
    return true;
  }

  onTimer(kind: string, key: string): void {
    const pod = this.find(key);
    if (!pod) return;
    if (kind === STOP_TIMER) this.finish(pod);
    else if (pod.metadata.deletionTimestamp === undefined && !isPodTerminal(pod)) this.advance(key, pod);
  }

  private sync(key: string, pod: Pod): void {
    const { config } = this.context;
    const now = this.context.now();
    if (pod.metadata.deletionTimestamp !== undefined) {
      const grace = (pod.metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
      if (grace === 0) return;
      for (const container of isStarted(pod) ? pod.spec.containers : []) {
        const message = `Stopping container ${container.name}`;
        this.context.recorder.event(pod, 'Normal', 'Killing', message, COMPONENT);
      }
      this.context.schedule(now + Math.min(config.stop, grace), STOP_TIMER, key);
      return;
    }
    if (isPodTerminal(pod)) return;
    if (isStarted(pod)) {
      this.advance(key, pod);
    } else if (!pod.status.containerStatuses) {
      this.context.store.updateStatus(pod, accept(pod, now));
      this.context.schedule(now + config.start, START_TIMER, key);
    }
  }

  private advance(key: string, pod: Pod): void {
    const now = this.context.now();
    const podIP = pod.status.podIP ?? this.addresses.allocate();
    const { status, wakeAt, happenings } = advance(
      pod,
      { hostIP: this.hostIP(pod), podIP, config: this.context.config },
      now,
    );
    if (!deepEqual(status, pod.status)) this.context.store.updateStatus(pod, status);
    for (const { type, reason, message } of happenings) {
      this.context.recorder.event(pod, type, reason, message, COMPONENT);
    }
    if (wakeAt !== undefined) this.context.schedule(Math.max(wakeAt, now), WAKE_TIMER, key);
  }

  /** The containers have ended: the pod's object goes, or waits for its finalizers. */
  private finish(pod: Pod): void {
    if (pod.metadata.deletionTimestamp === undefined) return;
    this.context.store.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name, {
      gracePeriodSeconds: 0,
      preconditions: { uid: pod.metadata.uid },
    });
  }

  private find(key: string): Pod | undefined {
    const [namespace = '', name = '', uid] = key.split('/');
    const pod = this.context.store.get<Pod>('pods', namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }

  private hostIP(pod: Pod): string {
    const node = this.context.store.get<Node>('nodes', '', pod.spec.nodeName ?? '');
    return node?.status.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '';
  }
}

const annotation = (object: KubeObject): string | undefined => object.metadata.annotations?.[READY_ANNOTATION];
