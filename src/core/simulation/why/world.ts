/** What an explanation may look at: objects, events, timers and the timeline of a cluster, and the decisions of its controllers. */
import type { Event, KubeObject, Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';
import type { Decision } from '../../controllers/statefulset';
import { fromTime } from '../../meta/time';
import type { TimelineEvent } from '../../reports/timeline';
import type { Subject } from '../../reports/why';
import { Cluster } from '../cluster';
import type { ClusterState } from '../cluster-state';
import type { Fault } from '../faults';

export class World {
  private readonly state: ClusterState;
  private readonly decisions = new Map<string, Decision>();
  private readonly affected = new Map<string, ReadonlySet<string>>();
  private readonly found = new Map<string, unknown>();
  /** Subjects whose explanation is under way: a chain does not come back to them. */
  private readonly open = new Set<string>();

  constructor(private readonly cluster: Cluster) {
    this.state = cluster.snapshot();
  }

  get store(): Store {
    return this.cluster.store;
  }

  /** ms since 1970 */
  get now(): number {
    return this.cluster.now;
  }

  get timeline(): readonly TimelineEvent[] {
    return this.state.timeline;
  }

  get config(): ClusterState['config'] {
    return this.state.config;
  }

  /** What the user broke and has not healed. */
  get faults(): readonly Fault[] {
    return this.cluster.faults.list();
  }

  /** Whether a fault concerns an object. */
  isAffected(fault: Fault, namespace: string | undefined, name: string): boolean {
    let affected = this.affected.get(fault.id);
    if (!affected) {
      const changes = this.cluster.faults.affected(fault).filter(({ target }) => target === fault.target);
      affected = new Set(changes.map((change) => `${change.namespace ?? ''}/${change.name}`));
      this.affected.set(fault.id, affected);
    }
    return affected.has(`${namespace ?? ''}/${name}`);
  }

  get<T extends KubeObject>(key: string, namespace: string | undefined, name: string): T | undefined {
    return this.store.get<T>(key, namespace ?? '', name);
  }

  list<T extends KubeObject>(key: string, namespace?: string): readonly T[] {
    return [...this.store.list<T>(key, namespace)];
  }

  /**
   * What the controller decides of a set: a sync in a copy of the cluster, so that nothing is changed here. The controller's
   * own memory is not asked, because a cluster that was just loaded has none.
   */
  decision(namespace: string, name: string): Decision {
    const key = `${namespace}/${name}`;
    let decision = this.decisions.get(key);
    if (!decision) {
      decision = this.copy().decide(namespace, name);
      this.decisions.set(key, decision);
    }
    return decision;
  }

  /** A cluster like this one, to try something in. */
  copy(): Cluster {
    return Cluster.restore(this.state);
  }

  /** What was found out under this key before, or is now. */
  once<T>(key: string, find: () => T): T {
    if (!this.found.has(key)) this.found.set(key, find());
    return this.found.get(key) as T;
  }

  /** When the next timer of these kinds and this key fires, ms. */
  nextTimer(kinds: readonly string[], key: string): number | undefined {
    let next: number | undefined;
    for (const timer of this.state.timers) {
      if (timer.key !== key || !kinds.includes(timer.kind)) continue;
      if (next === undefined || timer.at < next) next = timer.at;
    }
    return next;
  }

  /** What a controller remembers beyond the objects. */
  memory(key: string): unknown {
    return this.state.memory?.[key];
  }

  /** The latest event of one of these reasons on an object, and of a kind. */
  event(
    object: KubeObject,
    reasons: readonly string[],
    isMeant: (event: Event) => boolean = () => true,
  ): Event | undefined {
    let latest: Event | undefined;
    for (const event of this.store.list<Event>('events', object.metadata.namespace ?? 'default')) {
      if (event.involvedObject.uid !== object.metadata.uid || !reasons.includes(event.reason)) continue;
      if (!isMeant(event)) continue;
      if (!latest || seenAt(event) >= seenAt(latest)) latest = event;
    }
    return latest;
  }

  /** When the last such transition of a pod was, ms. */
  transition(pod: Pod, event: TimelineEvent['event']): number | undefined {
    for (let i = this.timeline.length - 1; i >= 0; i--) {
      const entry = this.timeline[i] as TimelineEvent;
      if (entry.pod !== pod.metadata.name || entry.namespace !== (pod.metadata.namespace ?? '')) continue;
      if (entry.event === event) return Date.parse(entry.time);
      if (entry.event === 'create') return undefined;
    }
    return undefined;
  }

  /** Explains something on the way of another explanation; nothing for what is being explained already. */
  within<T>(subject: Subject, explain: () => readonly T[]): readonly T[] {
    const key = `${subject.kind}/${subject.namespace ?? ''}/${subject.name}`;
    if (this.open.has(key)) return [];
    this.open.add(key);
    try {
      return explain();
    } finally {
      this.open.delete(key);
    }
  }
}

const seenAt = (event: Event): number =>
  fromTime(event.lastTimestamp ?? event.firstTimestamp ?? event.metadata.creationTimestamp);
