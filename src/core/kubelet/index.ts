/**
 * The kubelet of every node: accepts bound pods, starts their containers after a delay, lets probes pass in time, and
 * ends pods that are deleted. Timers name a pod by its uid, so one that outlives its pod does nothing.
 */
import { isPodTerminal, isSidecar } from '../api/pod';
import type { KubeObject, Node, Pod } from '../api/types';
import type { ContainerRun, RunOutcome } from '../apiserver/container-runtime';
import { type Controller, type ControllerContext, WorkQueue } from '../apiserver/controller';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';
import { deepEqual } from '../meta/equal';
import { PodAddresses } from './addresses';
import { takeAnswer } from './answers';
import { containersOf } from './container';
import { accept, advance, isStarted, READY_ANNOTATION, type Transition } from './lifecycle';
import { EMPTY, type PodRecord } from './memory';
import { missingFor, missingMount, readsConfiguration } from './missing';
import { hookOf, probesOf } from './played';
import { touched } from './prober';
import type { Happening } from './progress';

const COMPONENT = 'kubelet';
const DEFAULT_GRACE_SECONDS = 30;

export const START_TIMER = 'kubelet/start';
export const WAKE_TIMER = 'kubelet/wake';
export const STOP_TIMER = 'kubelet/stop';
/** Looks whether something has changed that nobody tells of: a probe that fails, a command that waits for others. */
export const POLL_TIMER = 'kubelet/poll';
/** Starts a crashed container again. */
export const CRASH_TIMER = 'kubelet/crash';

const timerKey = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}`;
const memoryKey = (uid: string): string => `kubelet/${uid}`;
/** Of a pod whose volumes can't be mounted yet. */
const mountKey = (pod: Pod): string => `kubelet/${pod.metadata.uid}/mount`;

export class Kubelet implements Controller {
  readonly name = 'kubelet';
  private readonly queue = new WorkQueue();
  private readonly addresses: PodAddresses;

  constructor(private readonly context: ControllerContext) {
    this.addresses = new PodAddresses(context);
  }

  observe(event: StoreEvent): void {
    const kind = resourceKey(event.resource);
    if (kind === 'configmaps' || kind === 'secrets') this.configurationChanged(event);
    if (kind !== 'pods') return;
    const pod = event.object as Pod;
    if (event.type === 'DELETED') {
      this.addresses.release(pod);
      this.context.memory.delete(memoryKey(pod.metadata.uid));
      this.context.memory.delete(mountKey(pod));
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

  onRun(run: ContainerRun, outcome: RunOutcome): void {
    const { namespace, pod: name, uid, container: containerName, restart } = run.ref;
    const key = `${namespace}/${name}/${uid}`;
    const pod = this.find(key);
    if (!pod) return;
    if (run.purpose.kind === 'hook' && run.purpose.hook === 'preStop') {
      this.hookEnded(key, pod, outcome);
      return;
    }
    const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
    const status = statuses.find((candidate) => candidate.name === containerName);
    const container = containersOf(pod).find((candidate) => candidate.name === containerName);
    if (!status || !container || status.restartCount !== restart || !status.state?.running) return;
    const isInit = !isSidecar(container) && !pod.spec.containers.includes(container);
    const about = { pod, container, status, isInit };
    const { config } = this.context;
    const { record, happenings } = takeAnswer(this.recall(pod), about, run, outcome, {
      now: this.context.now(),
      config,
    });
    this.remember(pod, record);
    this.tell(pod, happenings);
    if (pod.metadata.deletionTimestamp === undefined && !isPodTerminal(pod)) this.advance(key, pod);
  }

  /** Somebody did something in the pod: probes that had passed are asked again at their next tick. */
  touch(pod: Pod): void {
    const now = this.context.now();
    const record = this.recall(pod);
    const containers = { ...record.containers };
    for (const container of containersOf(pod)) {
      const own = containers[container.name];
      if (!own) continue;
      const probes = { ...own.probes };
      for (const [kind, probe] of probesOf(container)) {
        const state = probes[kind];
        if (state && kind !== 'startup') probes[kind] = touched(state, probe, own.startedAt, now);
      }
      containers[container.name] = { ...own, probes };
    }
    if (Object.keys(containers).length === 0) return;
    this.remember(pod, { ...record, containers });
    this.queue.add(timerKey(pod));
  }

  private sync(key: string, pod: Pod): void {
    const { config } = this.context;
    const now = this.context.now();
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.stop(key, pod);
      return;
    }
    if (isPodTerminal(pod)) return;
    if (isStarted(pod)) {
      this.advance(key, pod);
    } else if (!pod.status.containerStatuses) {
      this.context.store.updateStatus(pod, accept(pod, now));
      this.context.schedule(now + config.start, START_TIMER, key);
    } else if (this.context.memory.has(mountKey(pod))) {
      this.advance(key, pod);
    }
  }

  private stop(key: string, pod: Pod): void {
    const now = this.context.now();
    const grace = Number(pod.metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
    if (grace === 0) return;
    for (const container of isStarted(pod) ? pod.spec.containers : []) {
      const message = `Stopping container ${container.name}`;
      this.context.recorder.event(pod, 'Normal', 'Killing', message, COMPONENT);
    }
    const hooks = this.preStopRuns(pod, grace);
    this.context.schedule(now + Math.min(this.context.config.stop, grace), STOP_TIMER, key);
    if (hooks.length === 0) return;
    this.remember(pod, { ...this.recall(pod), hooks: hooks.length, hooksUntil: now });
    for (const run of hooks) this.context.requestRun(run);
  }

  /** The preStop hooks of the containers that run, unless they were asked for already. */
  private preStopRuns(pod: Pod, grace: number): readonly ContainerRun[] {
    const { runtime } = this.context;
    if (!runtime || !isStarted(pod) || this.recall(pod).hooks !== undefined) return [];
    const { namespace = '', name, uid } = pod.metadata;
    return pod.spec.containers.flatMap((container) => {
      const action = hookOf(container, 'preStop');
      const status = pod.status.containerStatuses?.find((candidate) => candidate.name === container.name);
      if (!action || !status?.state?.running || !runtime.models(container.image ?? '')) return [];
      const ref = { namespace, pod: name, uid, container: container.name, restart: status.restartCount };
      return [
        {
          id: `${uid}/${container.name}/preStop`,
          ref,
          purpose: { kind: 'hook', hook: 'preStop', action },
          timeoutMs: grace,
        },
      ];
    });
  }

  /** The containers are told to end once their hooks are over, and get no more than the grace period in all. */
  private hookEnded(key: string, pod: Pod, { elapsedMs, exitCode, message }: RunOutcome): void {
    const now = this.context.now();
    const record = this.recall(pod);
    if (exitCode !== 0)
      this.tell(pod, [{ type: 'Warning', reason: 'FailedPreStopHook', message: message ?? 'PreStopHook failed' }]);
    const hooks = (record.hooks ?? 1) - 1;
    const grace = Number(pod.metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000;
    const hooksUntil = Math.min(Math.max(record.hooksUntil ?? now, now + elapsedMs), now + grace);
    this.remember(pod, { ...record, hooks, hooksUntil });
    if (hooks > 0) return;
    this.context.schedule(Math.min(hooksUntil + this.context.config.stop, now + grace), STOP_TIMER, key);
  }

  private advance(key: string, pod: Pod): void {
    const now = this.context.now();
    const { store, config, runtime } = this.context;
    const reads = readsConfiguration(pod);
    if (reads && !isStarted(pod)) {
      const message = missingMount(store, pod);
      if (message !== undefined) {
        this.context.memory.set(mountKey(pod), message);
        this.tell(pod, [{ type: 'Warning', reason: 'FailedMount', message }]);
        return;
      }
      this.context.memory.delete(mountKey(pod));
    }
    const transition = advance(
      pod,
      {
        hostIP: this.hostIP(pod),
        podIP: pod.status.podIP ?? this.addresses.allocate(),
        config,
        ...(runtime && { runtime }),
        missing: (container) => (reads ? missingFor(store, pod, container) : undefined),
      },
      now,
      this.recall(pod),
    );
    if (!deepEqual(transition.status, pod.status)) store.updateStatus(pod, transition.status);
    this.remember(pod, transition.record);
    this.tell(pod, transition.happenings);
    for (const run of transition.runs) this.context.requestRun(run);
    this.schedule(key, transition, now);
  }

  private schedule(key: string, { wakeAt, pollAt, restartAt }: Transition, now: number): void {
    if (wakeAt !== undefined) this.context.schedule(Math.max(wakeAt, now), WAKE_TIMER, key);
    if (pollAt !== undefined) this.context.schedule(Math.max(pollAt, now), POLL_TIMER, key);
    if (restartAt !== undefined) this.context.schedule(Math.max(restartAt, now), CRASH_TIMER, key);
  }

  private tell(pod: Pod, happenings: readonly Happening[]): void {
    for (const { type, reason, message } of happenings)
      this.context.recorder.event(pod, type, reason, message, COMPONENT);
  }

  private recall(pod: Pod): PodRecord {
    return (this.context.memory.get(memoryKey(pod.metadata.uid)) as PodRecord | undefined) ?? EMPTY;
  }

  private remember(pod: Pod, record: PodRecord): void {
    if (record !== EMPTY) this.context.memory.set(memoryKey(pod.metadata.uid), record);
  }

  /** Pods that wait for a ConfigMap or Secret look again, and so do the probes of those that read one. */
  private configurationChanged({ object }: StoreEvent): void {
    for (const pod of this.context.store.list<Pod>('pods', object.metadata.namespace)) {
      if (!pod.spec.nodeName || !readsConfiguration(pod) || isPodTerminal(pod)) continue;
      if (isStarted(pod)) this.touch(pod);
      this.queue.add(timerKey(pod));
    }
  }

  /** The containers have ended: the pod's object goes, or waits for its finalizers. */
  private finish(pod: Pod): void {
    if (pod.metadata.deletionTimestamp === undefined) return;
    if ((this.recall(pod).hooks ?? 0) > 0) return;
    if ((this.recall(pod).hooksUntil ?? 0) > this.context.now()) return;
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
