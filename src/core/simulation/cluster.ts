/**
 * The simulated cluster: store, controllers and kubelet around a virtual clock and an event queue (discrete-event
 * simulation). Handlers run at their own due time, one after the other; after each the controllers work until their queues
 * are empty, and only then does time move on.
 */
import type { Event, KubeObject, Node, Pod } from '../api/types';
import type { SimulationConfig } from '../apiserver/config';
import type { ContainerRun, RunOutcome, RuntimeFacts } from '../apiserver/container-runtime';
import type { ControllerContext } from '../apiserver/controller';
import { followDefinitions } from '../apiserver/custom-resources';
import { EVENT_TTL_MS, expireEvents, StoredEventRecorder } from '../apiserver/event-recorder';
import { lastSeen } from '../apiserver/event-series';
import { resourceKey } from '../apiserver/storage';
import { Store } from '../apiserver/store';
import type { StoreEvent } from '../apiserver/watch';
import type { Decision } from '../controllers/statefulset';
import type { ClockMode } from '../reports/clock';
import type { TimelineEvent, TimelineMark } from '../reports/timeline';
import { bootstrap } from './bootstrap';
import { type ClusterOptions, type ClusterState, emptyState } from './cluster-state';
import { ControllerManager } from './controller-manager';
import { SeededEntropy } from './entropy';
import { EventQueue, type Timer } from './event-queue';
import { END_TIMER, type Fault, FaultBook, type NewFault } from './faults';
import { Loops } from './loops';
import { Retries, type Trial } from './retries';
import { laySystemClasses } from './system-classes';
import { Timeline } from './timeline';

/** How long a cluster is played at most until it settles, ms of its own time. */
export const SETTLE_LIMIT_MS = 600_000;
/** To be sure that nothing moves, one looks for a while: a settled cluster has been quiet for so long. */
const QUIET_MS = 500;
const EVENTS = 'events';
/** Where it is remembered what was imported. */
const IMPORTED = 'imported';

export class Cluster {
  readonly store: Store;
  private readonly manager: ControllerManager;
  private readonly queue: EventQueue;
  private readonly timelineLog: Timeline;
  private readonly entropy: SeededEntropy;
  private readonly counters: Record<string, number>;
  private configuration: SimulationConfig;
  private mode: ClockMode;
  private instant: number;
  private changes = 0;
  private runs: ContainerRun[];
  private readonly memory: Map<string, unknown>;
  private readonly book: FaultBook;
  private readonly loops: Loops;
  private readonly retries: Retries;
  /** No Event was last seen before this instant, ms: until then none can be past its time. */
  private eventsSince: number;

  private constructor(
    state: ClusterState,
    private readonly runtime: RuntimeFacts | undefined,
  ) {
    this.mode = state.clock.mode;
    this.instant = state.clock.now;
    this.configuration = state.config;
    this.counters = { ...state.counters };
    this.entropy = new SeededEntropy(state.entropy);
    this.queue = new EventQueue(state.timers, state.lastTimer);
    this.runs = [...(state.runs ?? [])];
    this.loops = new Loops(this.queue, state.changedAfter ?? 0);
    this.retries = new Retries(
      () => this.trial(),
      () => this.loops.changes,
    );
    this.memory = new Map(Object.entries(state.memory ?? {}));
    const clock = { now: () => this.instant };
    this.store = new Store(clock, this.entropy, (name) => this.gate(name), state.resourceVersion);
    this.timelineLog = new Timeline(clock.now, [...state.timeline], [...(state.timelineMarks ?? [])]);
    for (const resource of state.customResources) this.store.register(resource);
    this.restoreObjects(state.objects);
    if (state.events && 'read' in state.events) this.store.storage.restoreLater(EVENTS, state.events);
    else this.restoreObjects(state.events ?? []);
    this.eventsSince = state.eventsSince ?? Number.NEGATIVE_INFINITY;
    this.book = this.openBook(state.faults ?? []);
    this.manager = new ControllerManager(this.store, this.book, () => this.controllerContext());
    this.store.onEvent((event) => this.observe(event));
    // A cluster is saved at rest; but what a taint wants may wait for whoever loads it.
    if (state.objects.some(isTainted)) this.manager.wake();
  }

  /** A new cluster with what every cluster holds. */
  static create(options: ClusterOptions): Cluster {
    const cluster = new Cluster(emptyState(options), options.runtime);
    bootstrap(cluster.store, options.now);
    laySystemClasses(cluster.store, SeededEntropy.fromSeed(~options.seed), options.now);
    cluster.flush();
    return cluster;
  }

  /** The cluster that was saved. Throws when the state holds what this version does not know. */
  static restore(state: ClusterState, runtime?: RuntimeFacts): Cluster {
    return new Cluster(state, runtime);
  }

  /** What must be saved. Shares structure with the living cluster, which never changes an object in place. */
  snapshot(): ClusterState {
    this.flush();
    return this.state();
  }

  private state(): ClusterState {
    const { others: objects, own: events } = this.store.storage.apart(EVENTS);
    return {
      clock: { mode: this.mode, now: this.instant },
      config: this.configuration,
      resourceVersion: this.store.storage.resourceVersion,
      entropy: this.entropy.state(),
      counters: { ...this.counters },
      objects,
      ...(!(Array.isArray(events) && events.length === 0) && { events }),
      ...(Number.isFinite(this.eventsSince) && { eventsSince: this.eventsSince }),
      customResources: this.store.customResources(),
      timers: this.queue.timers(),
      lastTimer: this.queue.lastSeq,
      ...(this.loops.changedAfter > 0 && { changedAfter: this.loops.changedAfter }),
      timeline: this.timelineLog.events.slice(),
      ...(this.timelineLog.marks.length > 0 && { timelineMarks: this.timelineLog.marks.slice() }),
      ...(this.runs.length > 0 && { runs: this.runs.slice() }),
      ...(this.memory.size > 0 && { memory: Object.fromEntries(this.memory) }),
      ...(this.book.list().length > 0 && { faults: this.book.list() }),
    };
  }

  /** The cluster's time, ms since 1970. */
  get now(): number {
    return this.instant;
  }

  get clockMode(): ClockMode {
    return this.mode;
  }

  /** How time passes from now on; the present instant stays. */
  set clockMode(mode: ClockMode) {
    if (mode === this.mode) return;
    this.mode = mode;
    this.changes += 1;
  }

  get config(): SimulationConfig {
    return this.configuration;
  }

  /** Grows with every change of anything that is saved. */
  get version(): number {
    return this.changes;
  }

  configure(changes: Partial<SimulationConfig>): void {
    this.configuration = { ...this.configuration, ...changes };
    this.changes += 1;
  }

  /** uids of what was imported, by `resource/namespace/name`; saved with the cluster. */
  get imported(): Readonly<Record<string, string>> {
    return (this.memory.get(IMPORTED) ?? {}) as Readonly<Record<string, string>>;
  }

  set imported(uids: Readonly<Record<string, string>>) {
    this.memory.set(IMPORTED, uids);
    // What comes from a cluster of the same seed has the names and uids that would have come next here.
    this.entropy.stir(Object.keys(uids).length + 1);
    this.changes += 1;
  }

  /** What the StatefulSet controller decides of a set now. Its writes are made: ask a copy. */
  decide(namespace: string, name: string): Decision {
    const { statefulSets } = this.manager.controllers;
    return this.manager.as(statefulSets, () => statefulSets.decide(namespace, name));
  }

  /** What is broken. */
  get faults(): Pick<FaultBook, 'list' | 'isFull' | 'isNodeLost' | 'affected'> {
    return this.book;
  }

  /** Calls back whenever a fault has refused a call of a user. */
  onRefusal(listener: () => void): void {
    this.book.onRefusal = listener;
  }

  /** Breaks something from now on. */
  fail(fault: NewFault): Fault {
    const added = this.book.add(fault);
    this.drain();
    return added;
  }

  /** Ends a fault; false when there is none of that id. */
  heal(id: string): boolean {
    const ended = this.book.end(id, 'healed');
    this.drain();
    return ended;
  }

  onEvent(listener: (event: StoreEvent) => void): () => void {
    return this.store.onEvent(listener);
  }

  timeline(): readonly TimelineEvent[] {
    return this.timelineLog.events;
  }

  timelineMarks(): readonly TimelineMark[] {
    return this.timelineLog.marks;
  }

  /** Lets the controllers work until nothing is queued, at the present instant. */
  drain(): void {
    this.manager.drain();
  }

  /** Like drain, with the controllers of derived objects too: before anybody looks. */
  flush(): void {
    this.manager.flush();
  }

  /** The instant of the next timer, ms. */
  nextDue(): number | undefined {
    return this.queue.peek()?.at;
  }

  /** Runs inside containers that are asked for at this instant. Time stands still until each is answered. */
  get pendingRuns(): readonly ContainerRun[] {
    return this.runs;
  }

  /** Answers a pending run, at the present instant. */
  completeRun(run: ContainerRun, outcome: RunOutcome): void {
    this.runs = this.runs.filter((pending) => pending.id !== run.id);
    this.changes += 1;
    this.manager.answer(run, outcome);
    this.drain();
  }

  /** A number for a run that a user asks for and that draws at random: each draws differently, though time stands still. */
  nextTurn(): number {
    this.changes += 1;
    return this.nextNumber('turn');
  }

  /** Somebody did something inside a pod: what the kubelet knows of it may be out of date. */
  touchPod(pod: Pod): void {
    this.loops.noteChange();
    this.manager.controllers.kubelet.touch(pod);
    this.drain();
  }

  /** Plays everything that is due up to and including `ms`, or to the first pending run. A time that is past does nothing. */
  advanceTo(ms: number): void {
    do this.loops.skipPolls(this.instant, ms, () => this.isSettled());
    while (this.step(ms));
    if (ms > this.instant && this.runs.length === 0) {
      this.instant = ms;
      this.changes += 1;
      if (ms - this.eventsSince > EVENT_TTL_MS)
        this.eventsSince = expireEvents(this.store.storage, ms, (event) => this.timelineLog.keep(event));
    }
  }

  /** Jumps to the next due instant, unless it is after `until`, and plays it. False when there is none, or a run is pending. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    this.drain();
    if (this.runs.length > 0) return false;
    const next = this.queue.peek();
    if (!next || next.at > until) return false;
    if (next.at > this.instant) this.instant = next.at;
    this.changes += 1;
    for (let timer: Timer | undefined = next; timer && timer.at <= this.instant; timer = this.queue.peek()) {
      this.queue.pop();
      this.fire(timer);
      this.drain();
      if (this.runs.length > 0) break;
    }
    return true;
  }

  /** Whether nothing but loops that change nothing is still to come. */
  isSettled(): boolean {
    this.drain();
    if (this.runs.length > 0 || !this.loops.areAll()) return false;
    return !this.retries.wouldAnyChange(this.loops.retries());
  }

  /** Plays until nothing further would change on its own or a run is pending; to `limit` (ms since 1970) where that comes first. */
  settle(limit = this.instant + SETTLE_LIMIT_MS): void {
    while (!this.isSettled() && this.step(limit));
    if (this.runs.length > 0) return;
    this.advanceTo(this.isSettled() ? Math.min(limit, this.instant + QUIET_MS) : limit);
    this.flush();
  }

  /** A copy of the cluster at rest. What has happened and been said does not count for what is tried in it. */
  private trial(): Trial {
    const copy = new Cluster({ ...this.state(), events: [], timeline: [], timelineMarks: [] }, this.runtime);
    copy.drain();
    return {
      wouldChange: (timer) => {
        const before = copy.loops.changes;
        copy.instant = Math.max(copy.instant, timer.at);
        copy.fire(timer);
        copy.drain();
        return copy.loops.changes !== before;
      },
    };
  }

  private restoreObjects(objects: readonly KubeObject[]): void {
    for (const object of objects) {
      const resource = this.store.resourceOf(object);
      if (!resource)
        throw new Error(`the state holds an object of an unknown kind: ${object.apiVersion} ${object.kind}`);
      this.store.storage.restore(resourceKey(resource), object);
    }
  }

  private observe(event: StoreEvent): void {
    this.changes += 1;
    if (event.resource.plural !== 'events') this.loops.noteChange();
    else if (event.resource.group === '')
      this.eventsSince = Math.min(this.eventsSince, lastSeen(event.object as unknown as Event));
    this.timelineLog.observe(event);
    followDefinitions(this.store, event);
    this.manager.observe(event);
  }

  private openBook(faults: readonly Fault[]): FaultBook {
    return new FaultBook(faults, {
      store: this.store,
      now: () => this.instant,
      schedule: (at, kind, key) => this.queue.schedule(at, kind, key),
      cancel: (kind, key) => this.queue.cancel(kind, key),
      nextNumber: (name) => this.nextNumber(name),
      seed: () => this.configuration.seed,
      changed: () => {
        this.changes += 1;
        this.loops.noteChange();
      },
    });
  }

  private nextNumber(name: string): number {
    const number = this.counters[name] ?? 0;
    this.counters[name] = number + 1;
    return number;
  }

  private fire({ kind, key }: Timer): void {
    if (kind === END_TIMER) this.book.end(key, 'over');
    else this.manager.fire(kind, key);
  }

  private gate(name: string): boolean {
    return this.configuration.gates[name] ?? false;
  }

  private controllerContext(): ControllerContext {
    const cluster = this;
    return {
      store: this.store,
      recorder: new StoredEventRecorder(this.store.storage, { now: () => this.instant }, this.entropy),
      get config() {
        return cluster.configuration;
      },
      now: () => this.instant,
      schedule: (at, kind, key) => this.queue.schedule(Math.max(at, this.instant), kind, key),
      cancel: (kind, key) => this.queue.cancel(kind, key),
      nextNumber: (name) => this.nextNumber(name),
      gate: (name) => this.gate(name),
      ...(this.runtime && { runtime: this.runtime }),
      memory: this.memory,
      faults: this.book,
      requestRun: (run) => {
        this.runs.push(run);
        this.changes += 1;
      },
      derive: (controller) => this.manager.derive(controller),
    };
  }
}

const isTainted = (object: KubeObject): boolean =>
  object.kind === 'Node' && ((object as Node).spec?.taints ?? []).length > 0;
