/**
 * The kubelet of every node: accepts bound pods, starts their containers after a delay, lets probes pass in time, and
 * ends pods that are deleted. Here is what concerns a pod, and when; how it goes is decided elsewhere.
 */
import { everyStatus, isPodTerminal, isSidecar } from '../api/pod';
import type { KubeObject, Node, Pod } from '../api/types';
import type { ContainerRun, RunOutcome } from '../apiserver/container-runtime';
import { type Controller, type ControllerContext, WorkQueue } from '../apiserver/controller';
import type { FaultChange } from '../apiserver/faults';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';
import { deepEqual } from '../meta/equal';
import { PodAddresses } from './addresses';
import { takeAnswer } from './answers';
import { BrokenThings } from './broken';
import { containersOf } from './container';
import { accept, advance, isStarted, READY_ANNOTATION, type Transition } from './lifecycle';
import { missingFor, missingMount, readsConfiguration } from './missing';
import { KubeletPods } from './pods';
import { gatesMoved } from './readiness-gates';
import { type Rejection, rejectedStatus, rejectionOf } from './rejection';
import { Termination } from './termination';
import { CRASH_TIMER, POLL_TIMER, PULL_TIMER, podKey, START_TIMER, STOP_TIMER, WAKE_TIMER } from './timers';
import { touchedRecord } from './touched';

/** How long a node takes to turn a pod away, at least, ms. */
const REJECT_MS = 1000;

export class Kubelet implements Controller {
  readonly name = 'kubelet';
  private readonly queue = new WorkQueue();
  private readonly addresses: PodAddresses;
  private readonly pods: KubeletPods;
  private readonly termination: Termination;
  private readonly broken: BrokenThings;

  constructor(private readonly context: ControllerContext) {
    this.addresses = new PodAddresses(context);
    this.pods = new KubeletPods(context);
    this.termination = new Termination(context, this.pods);
    const again = (pod: Pod): void => this.queue.add(podKey(pod));
    this.broken = new BrokenThings(context, this.pods, { again, touch: (pod) => this.touch(pod) });
  }

  observe(event: StoreEvent): void {
    const kind = resourceKey(event.resource);
    if (kind === 'configmaps' || kind === 'secrets') this.configurationChanged(event);
    if (kind === 'nodes' && event.type === 'ADDED') this.joined(event.object.metadata.name);
    if (kind !== 'pods') return;
    const pod = event.object as Pod;
    if (event.type === 'DELETED') {
      this.addresses.release(pod);
      this.pods.forget(pod);
      return;
    }
    if (!pod.spec.nodeName) return;
    const old = event.old as Pod | undefined;
    const isTold =
      !old?.spec.nodeName ||
      old.spec !== pod.spec ||
      gatesMoved(old, pod) ||
      annotation(old) !== annotation(pod) ||
      old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
      old.metadata.deletionGracePeriodSeconds !== pod.metadata.deletionGracePeriodSeconds;
    if (isTold) this.queue.add(podKey(pod));
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const pod = this.pods.find(key);
    if (pod && !this.broken.isCutOff(pod)) this.sync(key, pod);
    return true;
  }

  onTimer(kind: string, key: string): void {
    const pod = this.pods.find(key);
    if (!pod || this.broken.isCutOff(pod)) return;
    if (kind === STOP_TIMER) this.termination.finish(pod);
    else if (pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod)) return;
    else if (!pod.status.containerStatuses && !isStarted(pod)) this.decide(key, pod);
    else this.advance(key, pod);
  }

  onRun(run: ContainerRun, outcome: RunOutcome): void {
    const { namespace, pod: name, uid, container: containerName, restart } = run.ref;
    const key = `${namespace}/${name}/${uid}`;
    const pod = this.pods.find(key);
    if (!pod) return;
    if (run.purpose.kind === 'hook' && run.purpose.hook === 'preStop') {
      this.termination.hookEnded(pod, containerName, outcome);
      return;
    }
    const status = everyStatus(pod).find((candidate) => candidate.name === containerName);
    const container = containersOf(pod).find((candidate) => candidate.name === containerName);
    if (!status || !container || status.restartCount !== restart || !status.state?.running) return;
    const isInit = !isSidecar(container) && (pod.spec.initContainers ?? []).includes(container);
    const about = { pod, container, status, isInit };
    const { config } = this.context;
    const { record, happenings } = takeAnswer(this.pods.recall(pod), about, run, outcome, {
      now: this.context.now(),
      config,
    });
    this.pods.remember(pod, record);
    this.pods.tell(pod, happenings);
    if (pod.metadata.deletionTimestamp === undefined && !isPodTerminal(pod)) this.advance(key, pod);
  }

  onFault(change: FaultChange): void {
    this.broken.changed(change);
  }

  /** Somebody did something in the pod: probes that had passed are asked again at their next tick. */
  touch(pod: Pod): void {
    const record = touchedRecord(pod, this.pods.recall(pod), this.context.now());
    if (!record) return;
    this.pods.remember(pod, record);
    this.queue.add(podKey(pod));
  }

  private sync(key: string, pod: Pod): void {
    const { config } = this.context;
    const now = this.context.now();
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.termination.stop(pod);
      return;
    }
    if (isPodTerminal(pod)) return;
    if (isStarted(pod)) {
      this.advance(key, pod);
    } else if (!pod.status.containerStatuses) {
      // Nobody hears of a pod for a node that is not there.
      if (!this.node(pod)) return;
      // What turns a pod away takes a moment: whoever makes it anew at once must not keep time from passing.
      if (this.rejection(pod)) this.context.schedule(now + Math.max(config.start, REJECT_MS), START_TIMER, key);
      else this.accept(key, pod);
    } else if (this.pods.waitsForMount(pod)) {
      this.advance(key, pod);
    }
  }

  private accept(key: string, pod: Pod): void {
    const now = this.context.now();
    this.context.store.updateStatus(pod, accept(pod, now));
    this.context.schedule(now + this.context.config.start, START_TIMER, key);
  }

  private rejection(pod: Pod): Rejection | undefined {
    return rejectionOf(pod, this.node(pod), () => [...this.context.store.list<Pod>('pods')]);
  }

  /** A pod that the node had no place for: it is turned away, or taken if there is one now. */
  private decide(key: string, pod: Pod): void {
    const rejection = this.rejection(pod);
    if (!rejection) {
      this.accept(key, pod);
      return;
    }
    this.pods.tell(pod, [{ type: 'Warning', ...rejection }]);
    this.context.store.updateStatus(pod, rejectedStatus(pod, rejection));
  }

  private advance(key: string, pod: Pod): void {
    const now = this.context.now();
    const { store, config, runtime, faults } = this.context;
    if (this.broken.evict(pod)) return;
    const reads = readsConfiguration(pod);
    if (reads && !isStarted(pod)) {
      const message = missingMount(store, pod);
      this.pods.noteMount(pod, message);
      if (message !== undefined) {
        this.pods.tell(pod, [{ type: 'Warning', reason: 'FailedMount', message }]);
        return;
      }
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
      this.pods.recall(pod),
    );
    if (!deepEqual(transition.status, pod.status)) store.updateStatus(pod, transition.status);
    this.pods.remember(pod, transition.record);
    this.pods.tell(pod, transition.happenings);
    for (const run of transition.runs) this.context.requestRun(run);
    this.schedule(key, transition, now);
  }

  private schedule(key: string, { wakeAt, pollAt, restartAt, pullAt }: Transition, now: number): void {
    if (wakeAt !== undefined) this.context.schedule(Math.max(wakeAt, now), WAKE_TIMER, key);
    if (pollAt !== undefined) this.context.schedule(Math.max(pollAt, now), POLL_TIMER, key);
    if (restartAt !== undefined) this.context.schedule(Math.max(restartAt, now), CRASH_TIMER, key);
    if (pullAt !== undefined) this.context.schedule(Math.max(pullAt, now), PULL_TIMER, key);
  }

  /** Pods that wait for a ConfigMap or Secret look again, and so do the probes of those that read one. */
  private configurationChanged({ object }: StoreEvent): void {
    for (const pod of this.context.store.list<Pod>('pods', object.metadata.namespace)) {
      if (!pod.spec.nodeName || !readsConfiguration(pod) || isPodTerminal(pod)) continue;
      if (isStarted(pod)) this.touch(pod);
      this.queue.add(podKey(pod));
    }
  }

  /** A node that has come learns of the pods that were put on it. */
  private joined(name: string): void {
    for (const pod of this.context.store.list<Pod>('pods'))
      if (pod.spec.nodeName === name && !pod.status.containerStatuses) this.queue.add(podKey(pod));
  }

  private node({ spec: { nodeName = '' } }: Pod): Node | undefined {
    return this.context.store.get<Node>('nodes', '', nodeName);
  }

  private hostIP(pod: Pod): string {
    return this.node(pod)?.status.addresses?.find((address) => address.type === 'InternalIP')?.address ?? '';
  }
}

const annotation = (object: KubeObject): string | undefined => object.metadata.annotations?.[READY_ANNOTATION];
