/**
 * The simulated cluster: store, controllers and kubelet around a virtual clock and an event queue (discrete-event
 * simulation). Handlers run at their own due time, one after the other; after each the controllers work until their queues
 * are empty, and only then does time move on.
 */
import type { ResourceInfo } from '../api/resources';
import type { Event, KubeObject, Node, Pod } from '../api/types';
import { DEFAULT_CONFIG, type SimulationConfig } from '../apiserver/config';
import type { ContainerRun, RunOutcome, RuntimeFacts } from '../apiserver/container-runtime';
import type { ControllerContext } from '../apiserver/controller';
import { followDefinitions } from '../apiserver/custom-resources';
import { EVENT_TTL_MS, expireEvents, StoredEventRecorder } from '../apiserver/event-recorder';
import { lastSeen } from '../apiserver/event-series';
import { resourceKey, type Unread } from '../apiserver/storage';
import { Store } from '../apiserver/store';
import type { StoreEvent } from '../apiserver/watch';
import type { Decision } from '../controllers/statefulset';
import type { ClockMode } from '../reports/clock';
import type { TimelineEvent, TimelineMark } from '../reports/timeline';
import { bootstrap } from './bootstrap';
import { type Controllers, createControllers, LOOPS, POLL_TIMER } from './controllers';
import { type EntropyState, SeededEntropy } from './entropy';
import { EventQueue, type Timer } from './event-queue';
import { END_TIMER, type Fault, FaultBook, type NewFault } from './faults';
import { Timeline } from './timeline';

/** Everything that is saved of a cluster, as plain JSON. */
export interface ClusterState {
  /** `now` in ms since 1970. */
  readonly clock: { readonly mode: ClockMode; readonly now: number };
  readonly config: SimulationConfig;
  readonly resourceVersion: number;
  readonly entropy: EntropyState;
  readonly counters: Readonly<Record<string, number>>;
  /** In the order of creation. */
  readonly objects: readonly KubeObject[];
  /** The Events; among the objects in states of old. */
  readonly events?: readonly KubeObject[] | Unread;
  /** No Event was last seen before this instant, ms since 1970. */
  readonly eventsSince?: number;
  readonly customResources: readonly ResourceInfo[];
  readonly timers: readonly Timer[];
  readonly lastTimer: number;
  /** The last timer that had been asked for when something last changed. */
  readonly changedAfter?: number;
  readonly timeline: readonly TimelineEvent[];
  /** What a drawing of the timeline needs beside the transitions. */
  readonly timelineMarks?: readonly TimelineMark[];
  /** Runs inside containers that nobody has answered yet. */
  readonly runs?: readonly ContainerRun[];
  /** What controllers keep beyond the objects. */
  readonly memory?: Readonly<Record<string, unknown>>;
  /** What the user broke and has not healed. */
  readonly faults?: readonly Fault[];
}

export interface ClusterOptions {
  /** ms since 1970 */
  readonly now: number;
  readonly clock: ClockMode;
  readonly seed: number;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** What can be run inside containers; without it they are healthy and run nothing. */
  readonly runtime?: RuntimeFacts;
}

/** How long a cluster is played at most until it settles, ms of its own time. */
export const SETTLE_LIMIT_MS = 600_000;
/** To be sure that nothing moves, one looks for a while: a settled cluster has been quiet for so long. */
const QUIET_MS = 500;
/** Polls of a settled cluster are skipped over when more than this is to be played. */
const SKIP_MS = 60_000;
const EVENTS = 'events';
/** Where it is remembered what was imported. */
const IMPORTED = 'imported';
/** A controller that keeps finding work at one instant is a bug, not a busy cluster. */
const MAX_ROUNDS = 10_000;

export class Cluster {
  readonly store: Store;
  /** Undefined until there is something to do: a look at a cluster that was saved needs none of them. */
  private awake: Controllers | undefined;
  private readonly queue: EventQueue;
  private readonly timelineLog: Timeline;
  private readonly entropy: SeededEntropy;
  private readonly counters: Record<string, number>;
  private configuration: SimulationConfig;
  private mode: ClockMode;
  private instant: number;
  private changes = 0;
  private lazyPending = false;
  private runs: ContainerRun[];
  private readonly memory: Map<string, unknown>;
  private readonly book: FaultBook;
  /** The last timer that had been asked for when something last changed: polls asked for before must look once more. */
  private changedAfter: number;
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
    this.changedAfter = state.changedAfter ?? 0;
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
    // They learn of the objects as they are before the first change, then of each change.
    this.store.storage.beforeChange = () => this.wake();
    this.store.onEvent((event) => this.observe(event));
    // A cluster is saved at rest; but what a taint wants may wait for whoever loads it.
    if (state.objects.some(isTainted)) this.wake();
  }

  /** A new cluster with what every cluster holds. */
  static create(options: ClusterOptions): Cluster {
    const state: ClusterState = {
      clock: { mode: options.clock, now: options.now },
      config: { ...DEFAULT_CONFIG, seed: options.seed, gates: options.gates ?? {} },
      resourceVersion: 0,
      entropy: SeededEntropy.fromSeed(options.seed).state(),
      counters: {},
      objects: [],
      customResources: [],
      eventsSince: options.now,
      timers: [],
      lastTimer: 0,
      timeline: [],
    };
    const cluster = new Cluster(state, options.runtime);
    bootstrap(cluster.store, options.now);
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
      ...(this.changedAfter > 0 && { changedAfter: this.changedAfter }),
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
    this.store.actor = this.controllers.statefulSets.name;
    const decision = this.controllers.statefulSets.decide(namespace, name);
    this.store.actor = 'user';
    return decision;
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
    this.work('eager');
  }

  /** Like drain, with the controllers of derived objects too: before anybody looks. */
  flush(): void {
    for (let round = 0; ; round++) {
      this.work('eager');
      if (!this.lazyPending) return;
      this.lazyPending = false;
      this.work('lazy');
      if (round > MAX_ROUNDS) throw new Error('the controllers do not come to rest');
    }
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
    for (const controller of this.controllers.eager) {
      if (!controller.onRun) continue;
      this.store.actor = controller.name;
      controller.onRun(run, outcome);
    }
    this.store.actor = 'user';
    this.drain();
  }

  /** Somebody did something inside a pod: what the kubelet knows of it may be out of date. */
  touchPod(pod: Pod): void {
    this.changedAfter = this.queue.lastSeq;
    this.controllers.kubelet.touch(pod);
    this.drain();
  }

  /** Plays everything that is due up to and including `ms`, or to the first pending run. A time that is past does nothing. */
  advanceTo(ms: number): void {
    do this.skipPolls(ms);
    while (this.step(ms));
    if (ms > this.instant && this.runs.length === 0) {
      this.instant = ms;
      this.changes += 1;
      if (ms - this.eventsSince > EVENT_TTL_MS) this.eventsSince = expireEvents(this.store.storage, ms);
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
    return this.runs.length === 0 && !this.queue.some((timer) => !this.isLoop(timer));
  }

  /** Plays until nothing further would change on its own or a run is pending, at most to `limit` (ms since 1970). */
  settle(limit = this.instant + SETTLE_LIMIT_MS): void {
    while (!this.isSettled() && this.step(limit));
    if (this.runs.length > 0) return;
    this.advanceTo(Math.min(limit, this.instant + QUIET_MS));
    this.flush();
  }

  /** In a settled cluster every poll would find what the last one found: over a long time only the last one is made. */
  private skipPolls(until: number): void {
    const next = this.queue.peek();
    if (!next || next.at > until || until - this.instant < SKIP_MS) return;
    if (next.kind !== POLL_TIMER || !this.isSettled()) return;
    this.queue.postpone(POLL_TIMER, until);
  }

  /** A loop that changes nothing: a hold after a crash, or a poll that has looked since the last change and found nothing new. */
  private isLoop({ kind, seq }: Timer): boolean {
    return LOOPS.includes(kind) || (kind === POLL_TIMER && seq > this.changedAfter);
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
    if (event.resource.plural !== 'events') this.changedAfter = this.queue.lastSeq;
    else if (event.resource.group === '')
      this.eventsSince = Math.min(this.eventsSince, lastSeen(event.object as unknown as Event));
    this.timelineLog.observe(event);
    followDefinitions(this.store, event);
    const { eager, lazy } = this.controllers;
    for (const controller of eager) controller.observe(event);
    for (const controller of lazy) controller.observe(event);
    this.lazyPending = true;
  }

  private get controllers(): Controllers {
    return this.awake ?? this.wake();
  }

  private wake(): Controllers {
    this.store.storage.beforeChange = undefined;
    this.awake = createControllers(this.controllerContext());
    for (const controller of this.awake.all) controller.start?.();
    return this.awake;
  }

  private work(which: 'eager' | 'lazy'): void {
    for (let round = 0; ; round++) {
      let worked = this.tellOfFaults();
      if (this.awake === undefined) return;
      for (const controller of this.awake[which]) {
        this.store.actor = controller.name;
        while (controller.processNext()) worked = true;
      }
      this.store.actor = 'user';
      if (!worked) return;
      if (round > MAX_ROUNDS) throw new Error('the controllers do not come to rest');
    }
  }

  private tellOfFaults(): boolean {
    const news = this.book.takeNews();
    for (const change of news) {
      for (const controller of this.controllers.all) {
        this.store.actor = controller.name;
        controller.onFault?.(change);
      }
    }
    this.store.actor = 'user';
    return news.length > 0;
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
        this.changedAfter = this.queue.lastSeq;
      },
    });
  }

  private nextNumber(name: string): number {
    const number = this.counters[name] ?? 0;
    this.counters[name] = number + 1;
    return number;
  }

  private fire(timer: Timer): void {
    if (timer.kind === END_TIMER) {
      this.book.end(timer.key, 'over');
      return;
    }
    const controller = this.controllers.byName(timer.kind);
    if (!controller) return;
    this.store.actor = controller.name;
    controller.onTimer?.(timer.kind, timer.key);
    this.store.actor = 'user';
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
    };
  }
}

const isTainted = (object: KubeObject): boolean =>
  object.kind === 'Node' && ((object as Node).spec?.taints ?? []).length > 0;
