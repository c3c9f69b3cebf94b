/**
 * The kubelet of every node: accepts bound pods, starts their containers after a delay, lets probes pass in time, and
 * ends pods that are deleted. Timers name a pod by its uid, so one that outlives its pod does nothing.
 */
import { claimNames, everyStatus, isPodTerminal, isSidecar } from '../api/pod';
import type { KubeObject, Node, PersistentVolumeClaim, Pod } from '../api/types';
import type { ContainerRun, RunOutcome } from '../apiserver/container-runtime';
import { type Controller, type ControllerContext, WorkQueue } from '../apiserver/controller';
import type { FaultChange } from '../apiserver/faults';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';
import { deepEqual } from '../meta/equal';
import { fromTime } from '../meta/time';
import { PodAddresses } from './addresses';
import { takeAnswer } from './answers';
import { containersOf } from './container';
import { LIFE_MS } from './crashes';
import { endedStatus } from './ended';
import { evictedStatus, evictionMessage } from './eviction';
import { accept, advance, isStarted, READY_ANNOTATION, type Transition } from './lifecycle';
import { EMPTY, type PodRecord } from './memory';
import { missingFor, missingMount, readsConfiguration } from './missing';
import { hookOf, probesOf } from './played';
import { touched } from './prober';
import type { Happening } from './progress';
import { type Rejection, rejectedStatus, rejectionOf } from './rejection';

const COMPONENT = 'kubelet';
const DEFAULT_GRACE_SECONDS = 30;
/** What containers get at least, even of a pod that is deleted without grace and held by finalizers (as calculateEffectiveGracePeriod). */
const LEAST_GRACE_SECONDS = 1;
/** How long a node takes to turn a pod away, at least, ms. */
const REJECT_MS = 1000;

export const START_TIMER = 'kubelet/start';
export const WAKE_TIMER = 'kubelet/wake';
export const STOP_TIMER = 'kubelet/stop';
/** Looks whether something has changed that nobody tells of: a probe that fails, a command that waits for others. */
export const POLL_TIMER = 'kubelet/poll';
/** Starts a crashed container again. */
export const CRASH_TIMER = 'kubelet/crash';
/** Tries again to pull an image that can't be pulled. */
export const PULL_TIMER = 'kubelet/pull';

const timerKey = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}`;
const memoryKey = (uid: string): string => `kubelet/${uid}`;
/** Of a pod whose volumes can't be mounted yet. */
const mountKey = (pod: Pod): string => `kubelet/${pod.metadata.uid}/mount`;

const graceMs = ({ metadata }: Pod): number =>
  Math.max(Number(metadata.deletionGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS), LEAST_GRACE_SECONDS) * 1000;

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
    if (pod && !this.isLost(pod)) this.sync(key, pod);
    return true;
  }

  onTimer(kind: string, key: string): void {
    const pod = this.find(key);
    if (!pod || this.isLost(pod)) return;
    if (kind === STOP_TIMER) this.finish(pod);
    else if (pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return;
    else if (!pod.status.containerStatuses && !isStarted(pod)) this.decide(key, pod);
    else this.advance(key, pod);
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
    const status = everyStatus(pod).find((candidate) => candidate.name === containerName);
    const container = containersOf(pod).find((candidate) => candidate.name === containerName);
    if (!status || !container || status.restartCount !== restart || !status.state?.running) return;
    const isInit = !isSidecar(container) && (pod.spec.initContainers ?? []).includes(container);
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

  onFault({ target, namespace, name, ended }: FaultChange): void {
    const { store } = this.context;
    const pod = target === 'pod' ? store.get<Pod>('pods', namespace ?? '', name) : undefined;
    if (pod) this.faultChanged(pod, ended);
    if (target === 'node' && ended && !this.context.faults.isNodeLost(name))
      for (const other of store.list<Pod>('pods')) if (other.spec.nodeName === name) this.resume(other);
    if (target !== 'image' && target !== 'volume') return;
    for (const other of store.list<Pod>('pods')) {
      if (target === 'image') {
        if (this.recall(other).pulls) this.faultChanged(other, ended);
      } else if (this.mounts(other, name)) {
        this.touch(other);
        this.faultChanged(other, ended);
      }
    }
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

  /** Of a node that is cut off the kubelet does nothing that could be seen: it neither hears nor says anything. */
  private isLost({ spec }: Pod): boolean {
    return spec.nodeName !== undefined && this.context.faults.isNodeLost(spec.nodeName);
  }

  /** The pod's node is back: what was to be done meanwhile is done now. */
  private resume(pod: Pod): void {
    const key = timerKey(pod);
    const isBegun = pod.status.containerStatuses && !isStarted(pod) && !isPodTerminal(pod);
    if (isBegun && pod.metadata.deletionTimestamp === undefined)
      this.context.schedule(this.context.now(), START_TIMER, key);
    else this.queue.add(key);
  }

  /** A fault of the pod began or ended: it is looked at, and what a fault held up goes on. */
  private faultChanged(pod: Pod, ended: FaultChange['ended']): void {
    if (!pod.spec.nodeName || isPodTerminal(pod)) return;
    const key = timerKey(pod);
    const record = this.recall(pod);
    if (ended && record.stuck) this.context.schedule(this.context.now(), STOP_TIMER, key);
    if (pod.metadata.deletionTimestamp !== undefined || !isStarted(pod)) return;
    if (ended) {
      for (const { restartsAt } of Object.values(record.containers))
        if (restartsAt !== undefined && restartsAt >= this.context.now())
          this.context.schedule(restartsAt, WAKE_TIMER, key);
      const pulls = Object.entries(record.pulls ?? {}).map(([container, pull]) => {
        // A slow pull is over with what made it slow; a failed one is tried again when its hold is over.
        const at = pull.state === 'pulling' && ended !== 'used' ? this.context.now() : pull.at;
        this.context.schedule(at, WAKE_TIMER, key);
        return [container, { ...pull, at }] as const;
      });
      if (pulls.length > 0) this.remember(pod, { ...record, pulls: Object.fromEntries(pulls) });
    }
    this.queue.add(key);
  }

  private mounts(pod: Pod, volume: string): boolean {
    const { store } = this.context;
    const namespace = pod.metadata.namespace ?? '';
    return claimNames(pod).some(
      (name) => store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name)?.spec.volumeName === volume,
    );
  }

  /** Evicts the pod where a fault says so; true when it did. */
  private evict(key: string, pod: Pod): boolean {
    const { faults, store } = this.context;
    if (faults.isEmpty || !isStarted(pod)) return false;
    const blow = faults.eviction(pod);
    if (!blow) return false;
    const now = this.context.now();
    const started = pod.status.startTime === undefined ? now : fromTime(pod.status.startTime);
    const at = Math.max(blow.since, started + LIFE_MS);
    if (now < at) {
      this.context.schedule(at, WAKE_TIMER, key);
      return false;
    }
    faults.struck(blow);
    const message = evictionMessage(pod);
    this.tell(pod, [{ type: 'Warning', reason: 'Evicted', message }]);
    for (const { name, state } of pod.status.containerStatuses ?? [])
      if (state?.running)
        this.tell(pod, [{ type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` }]);
    store.updateStatus(pod, evictedStatus(pod, now));
    return true;
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
      // What turns a pod away takes a moment: whoever makes it anew at once must not keep time from passing.
      if (this.rejection(pod)) this.context.schedule(now + Math.max(config.start, REJECT_MS), START_TIMER, key);
      else this.accept(key, pod);
    } else if (this.context.memory.has(mountKey(pod))) {
      this.advance(key, pod);
    }
  }

  private accept(key: string, pod: Pod): void {
    const now = this.context.now();
    this.context.store.updateStatus(pod, accept(pod, now));
    this.context.schedule(now + this.context.config.start, START_TIMER, key);
  }

  private rejection(pod: Pod): Rejection | undefined {
    return rejectionOf(pod, () => [...this.context.store.list<Pod>('pods')]);
  }

  /** A pod that the node had no place for: it is turned away, or taken if there is one now. */
  private decide(key: string, pod: Pod): void {
    const rejection = this.rejection(pod);
    if (!rejection) {
      this.accept(key, pod);
      return;
    }
    this.tell(pod, [{ type: 'Warning', ...rejection }]);
    this.context.store.updateStatus(pod, rejectedStatus(pod, rejection));
  }

  private stop(key: string, pod: Pod): void {
    const now = this.context.now();
    if (this.recall(pod).ended) return;
    const grace = graceMs(pod);
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
    const grace = graceMs(pod);
    const hooksUntil = Math.min(Math.max(record.hooksUntil ?? now, now + elapsedMs), now + grace);
    this.remember(pod, { ...record, hooks, hooksUntil });
    if (hooks > 0) return;
    this.context.schedule(Math.min(hooksUntil + this.context.config.stop, now + grace), STOP_TIMER, key);
  }

  private advance(key: string, pod: Pod): void {
    const now = this.context.now();
    const { store, config, runtime, faults } = this.context;
    if (this.evict(key, pod)) return;
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
        ...(!faults.isEmpty && { faults }),
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

  private schedule(key: string, { wakeAt, pollAt, restartAt, pullAt }: Transition, now: number): void {
    if (wakeAt !== undefined) this.context.schedule(Math.max(wakeAt, now), WAKE_TIMER, key);
    if (pollAt !== undefined) this.context.schedule(Math.max(pollAt, now), POLL_TIMER, key);
    if (restartAt !== undefined) this.context.schedule(Math.max(restartAt, now), CRASH_TIMER, key);
    if (pullAt !== undefined) this.context.schedule(Math.max(pullAt, now), PULL_TIMER, key);
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
    if (this.context.faults.isStuck(pod)) {
      this.remember(pod, { ...this.recall(pod), stuck: true });
      return;
    }
    const { store } = this.context;
    const { namespace = '', name, uid } = pod.metadata;
    store.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    const held = store.get<Pod>('pods', namespace, name);
    if (held?.metadata.uid !== uid) return;
    this.remember(held, { ...this.recall(held), ended: true });
    const status = endedStatus(held, this.context.now());
    if (status) store.updateStatus(held, status);
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
