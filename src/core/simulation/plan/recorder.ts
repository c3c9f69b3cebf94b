/**
 * Follows a cluster while a command is played on it and tells afterwards what happened: begun before the command, finished
 * when the cluster has come to rest. What it costs goes by the events, beside one look at all objects at either end.
 */
import { isPodReady, isTerminating } from '../../api/pod';
import type { Event, KubeObject, Pod, StatefulSet } from '../../api/types';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import type { PlannedWarning, PlanReport, Stuck } from '../../reports/plan';
import type { Subject } from '../../reports/why';
import type { Cluster } from '../cluster';
import { BudgetLog } from './budgets';
import { DowntimeLog } from './downtime';
import { type EndTables, endState } from './end-state';
import { KeptPods } from './kept';
import { type Explain, planned, stuckOn } from './reasons';
import { controllerOf, isHeldBack, isUnfinished, isWanted, outdated, podsBySet, SETS, shortOf } from './sets';
import { StorageLog } from './storage';

export interface Ending {
  /** Whether nothing would change any more on its own. */
  readonly settled: boolean;
  /** Whether it ended because its time (`--until`) was over. */
  readonly cutShort: boolean;
}

/** How many pods a note names. */
const MOST_NAMES = 5;

export class PlanRecorder {
  /** ms since 1970 */
  readonly start: number;
  readonly kept: KeptPods;
  private readonly seen: number;
  private readonly downtime = new DowntimeLog();
  private readonly budgets: BudgetLog;
  private readonly storage: StorageLog;
  private readonly warnings = new Map<string, PlannedWarning>();
  /** Sets that were not what they are to be before anything happened, by uid. */
  private readonly shortBefore = new Map<string, string>();
  /** Sets that are written, or whose pods come and go, by uid. */
  private readonly affected = new Set<string>();
  /** Sets whose pods become ready or unready, by uid: one that was short before has no part in what happens for that. */
  private readonly shaken = new Set<string>();
  private readonly setNames = new Set<string>();
  /** What is asked to go, by uid. */
  private readonly going = new Map<string, { kind: string; object: KubeObject }>();
  /** Pods that a set has let go, by uid: that set. */
  private readonly released = new Map<string, { readonly uid: string; readonly subject: Subject }>();
  /** Pods of no set that come into being, by uid. */
  private readonly lonely = new Set<string>();
  private last: number;
  private readonly stop: () => void;

  constructor(private readonly cluster: Cluster) {
    const { store } = cluster;
    this.start = cluster.now;
    this.last = cluster.now;
    this.seen = cluster.timeline().length;
    for (const pod of store.list<Pod>('pods')) this.downtime.begin(pod, this.start);
    const pods = podsBySet(store);
    for (const set of store.list<StatefulSet>(SETS)) {
      this.setNames.add(`${set.metadata.namespace}/${set.metadata.name}`);
      const short = shortOf(set, pods.get(set.metadata.uid) ?? []);
      if (short !== undefined) this.shortBefore.set(set.metadata.uid, short);
    }
    this.budgets = new BudgetLog(store, this.start);
    this.kept = new KeptPods(cluster);
    this.storage = new StorageLog(store);
    this.stop = cluster.onEvent((event) => this.observe(event));
  }

  /** What happened since the beginning. To be asked once. */
  finish({ settled, cutShort }: Ending, explain: Explain, tables: EndTables): PlanReport {
    this.stop();
    const { cluster, start } = this;
    const { store } = cluster;
    const transitions = cluster.timeline().slice(this.seen);
    for (const { time } of transitions) this.last = Math.max(this.last, Date.parse(time));
    const end = cutShort && !settled ? cluster.now : this.last;
    const pods = podsBySet(store);
    const sets = this.affectedSets();
    const stuck = this.stuck(pods, explain);
    const going = cutShort && !settled;
    const wanted = (namespace: string, name: string) => isWanted(store, this.setNames, namespace, name);
    return {
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      durationSeconds: (end - start) / 1000,
      result: going ? 'unfinished' : stuck.length > 0 || !settled ? 'stuck' : 'settled',
      stuck: stuck.length > 0 || settled || going ? stuck : [this.restless()],
      notes: this.notes(pods, explain),
      transitions,
      ...this.storage.finish(wanted),
      warnings: [...this.warnings.values()],
      availability: this.downtime.summary(wanted, end),
      budgets: this.budgets.finish(),
      endState: endState(store, { sets, podsOf: pods, transitions, claims: this.storage.remaining() }, tables),
      sets: sets.map(({ metadata: { namespace = '', name } }) => ({ namespace, name })),
    };
  }

  private observe(event: StoreEvent): void {
    const { type, resource, object, old } = event;
    const { now } = this.cluster;
    const key = resourceKey(resource);
    if (key === 'events') {
      this.noteWarning(object as Event, now);
      return;
    }
    this.budgets.observe(event, now);
    this.storage.observe(event, now);
    const { uid, deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined && old?.metadata.deletionTimestamp === undefined)
      this.going.set(uid, { kind: resource.kind, object });
    if (key === 'pods') this.notePod(event, now);
    else if (key === SETS) this.noteSet(type, object as StatefulSet, old as StatefulSet | undefined);
    else if (key !== 'persistentvolumeclaims' && key !== 'persistentvolumes') return;
    // A pod that is tried to be started again and again changes too, and nothing comes of it.
    if (type !== 'MODIFIED' || key === SETS) this.last = now;
  }

  private notePod({ type, object, old }: StoreEvent, now: number): void {
    const pod = object as Pod;
    this.downtime.note(pod, type === 'DELETED', now);
    const owner = controllerOf(pod);
    if (owner === undefined) {
      this.noteRelease(pod, old as Pod | undefined);
      if (type === 'ADDED') this.lonely.add(pod.metadata.uid);
      return;
    }
    if (type !== 'MODIFIED' || isTerminating(pod)) this.affected.add(owner);
    else if (isPodReady(pod) !== (old !== undefined && isPodReady(old as Pod))) this.shaken.add(owner);
  }

  private noteRelease(pod: Pod, old: Pod | undefined): void {
    const owner = old?.metadata.ownerReferences?.find((reference) => reference.controller);
    if (owner?.kind !== 'StatefulSet') return;
    this.affected.add(owner.uid);
    const subject = { kind: owner.kind, namespace: pod.metadata.namespace ?? '', name: owner.name };
    this.released.set(pod.metadata.uid, { uid: owner.uid, subject });
  }

  private noteSet(type: StoreEvent['type'], set: StatefulSet, old: StatefulSet | undefined): void {
    this.setNames.add(`${set.metadata.namespace}/${set.metadata.name}`);
    const written = type !== 'MODIFIED' || old?.metadata.generation !== set.metadata.generation;
    if (written || isTerminatingNow(set, old)) this.affected.add(set.metadata.uid);
  }

  private noteWarning(event: Event, now: number): void {
    if (event.type !== 'Warning') return;
    const { kind = '', namespace, name = '' } = event.involvedObject;
    const key = `${kind}/${namespace}/${name}/${event.reason}/${event.message}`;
    const known = this.warnings.get(key);
    this.warnings.set(key, {
      time: known?.time ?? new Date(now).toISOString(),
      object: { kind, ...(namespace && { namespace }), name },
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: (known?.count ?? 0) + 1,
    });
  }

  private affectedSets(): StatefulSet[] {
    const sets: StatefulSet[] = [];
    for (const uid of this.shaken) if (!this.shortBefore.has(uid)) this.affected.add(uid);
    for (const uid of this.affected) {
      const object = this.cluster.store.byUid(uid);
      if (object?.kind === 'StatefulSet') sets.push(object as StatefulSet);
    }
    return sets.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  private stuck(pods: ReturnType<typeof podsBySet>, explain: Explain): Stuck[] {
    const { cluster } = this;
    const found: Stuck[] = [];
    for (const set of this.affectedSets()) {
      const short = shortOf(set, pods.get(set.metadata.uid) ?? []);
      if (short === undefined) continue;
      this.going.delete(set.metadata.uid);
      found.push(stuckOn(cluster, subjectOf('StatefulSet', set), short, explain));
    }
    for (const uid of this.lonely) {
      const pod = cluster.store.byUid(uid) as Pod | undefined;
      if (pod && isUnfinished(pod)) found.push(stuckOn(cluster, subjectOf('Pod', pod), 'it is not ready', explain));
    }
    for (const [uid, { kind, object }] of this.going) {
      const present = cluster.store.byUid(uid);
      if (!present || (kind === 'Pod' && this.affected.has(controllerOf(present as Pod) ?? ''))) continue;
      const { finalizers = [] } = present.metadata;
      const short = finalizers.length > 0 ? `it waits for ${finalizers.join(', ')}` : 'it is still there';
      found.push(stuckOn(cluster, subjectOf(kind, object), `it is being deleted and ${short}`, explain));
    }
    return [...found, ...this.kept.stuck(explain)];
  }

  /** Sets whose update is held back on purpose, and those that were stuck before and are left alone. */
  private notes(pods: ReturnType<typeof podsBySet>, explain: Explain): Stuck[] {
    const { cluster } = this;
    const found: Stuck[] = [];
    for (const set of this.affectedSets()) {
      const held = outdated(set, pods.get(set.metadata.uid) ?? []).filter((pod) => isHeldBack(set, pod));
      if (held.length === 0) continue;
      const subject = subjectOf('StatefulSet', set);
      const { notes } = explain(cluster, subject);
      const { type, rollingUpdate } = set.spec.updateStrategy;
      const by = type === 'OnDelete' ? 'OnDelete' : `partition ${rollingUpdate?.partition ?? 0}`;
      const many = held.length === 1 ? '1 pod stays' : `${held.length} pods stay`;
      found.push({
        subject,
        summary: `${many} on the old revision, held back by ${by}`,
        reasons: notes.map((note) => planned(note)),
      });
    }
    found.push(...this.leftBehind());
    for (const [uid, short] of this.shortBefore) {
      const set = cluster.store.byUid(uid);
      if (!set || this.affected.has(uid)) continue;
      const subject = subjectOf('StatefulSet', set);
      found.push({ subject, summary: `not part of this, and short before: ${short}`, reasons: [] });
    }
    return found;
  }

  /** Pods that run on and belong to nobody any more. */
  private leftBehind(): Stuck[] {
    const { store } = this.cluster;
    const bySet = new Map<string, { readonly subject: Subject; readonly pods: string[] }>();
    for (const [pod, { uid, subject }] of this.released) {
      const present = store.byUid(pod) as Pod | undefined;
      if (!present || isTerminating(present) || controllerOf(present) !== undefined) continue;
      const known = bySet.get(uid) ?? { subject, pods: [] };
      bySet.set(uid, known);
      known.pods.push(present.metadata.name);
    }
    return [...bySet].map(([uid, { subject, pods }]) => {
      const which = pods.length > MOST_NAMES ? `${pods.slice(0, MOST_NAMES).join(', ')}, …` : pods.join(', ');
      const many =
        pods.length === 1
          ? '1 pod runs on and belongs to nobody: nothing brings it back'
          : `${pods.length} pods run on and belong to nobody: nothing brings them back`;
      const gone = store.byUid(uid) ? '' : 'it is gone; ';
      return { subject, summary: `${gone}${many} (${which})`, reasons: [] };
    });
  }

  private restless(): Stuck {
    const subject = { kind: 'Cluster', name: 'local' };
    return { subject, summary: 'it does not come to rest: things change again and again', reasons: [] };
  }
}

const subjectOf = (kind: string, { metadata: { namespace, name } }: KubeObject) => ({
  kind,
  ...(namespace && { namespace }),
  name,
});

const isTerminatingNow = (object: KubeObject, old: KubeObject | undefined): boolean =>
  object.metadata.deletionTimestamp !== undefined && old?.metadata.deletionTimestamp === undefined;

const nameOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace}/${name}`;
