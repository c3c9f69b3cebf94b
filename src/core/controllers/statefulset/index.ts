/**
 * The StatefulSet controller: which sets a change concerns, adoption and release of pods and revisions, the sync, its
 * retries (as stateful_set.go).
 */

import { ApiError } from '../../api/status';
import type { ControllerRevision, KubeObject, OwnerReference, Pod, StatefulSet } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import type { FaultChange } from '../../apiserver/faults';
import { type ResourceKey, resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { Adoption, controllerOf } from './adoption';
import { reconcile, type Waiting } from './control';
import { resolveRevisions, sortRevisions, surplusRevisions } from './history';
import { ClaimError, PodControl } from './pod-control';
import { Replicas } from './replicas';
import { completeRollingUpdate, computeStatus, isInconsistent, omitZeroes } from './status';
import { parentAndOrdinal } from './utils';

const SETS: ResourceKey = 'statefulsets.apps';
const REVISIONS: ResourceKey = 'controllerrevisions.apps';
const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;
const HOPEFUL_RETRIES = 8;

export const RETRY_TIMER = 'statefulset/retry';
/** A retry after the same failure has come so often that nothing but the next one is to be expected. */
export const BACK_OFF_TIMER = 'statefulset/back-off';
const AVAILABLE_TIMER = 'statefulset/available';

interface Entry {
  readonly uid: string;
  readonly replicas: Replicas;
  /** Failed syncs in a row. */
  failures: number;
  /** How often in a row the very same failure came, and its words. */
  same: number;
  lastFailure?: string;
  /** The wake-up that is already asked for: its instant (ms) and kind. */
  wake?: { readonly at: number; readonly kind: string };
  waiting?: Waiting;
}

/** What is remembered of a set whose last sync failed. */
type Failed = Pick<Entry, 'uid' | 'failures' | 'same' | 'lastFailure' | 'wake'>;

const MEMORY = 'statefulset/';

/** How a sync ended. */
export interface Decision {
  /** What it stopped at; absent when it had nothing to wait for. */
  readonly waiting?: Waiting;
  /** What it failed with, in the words of whoever refused. */
  readonly failure?: string;
}

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

export class StatefulSetController implements Controller {
  readonly name = 'statefulset';
  private readonly queue = new WorkQueue();
  private readonly entries = new Map<string, Entry>();
  private readonly pods: PodControl;
  private readonly adoption: Adoption;

  constructor(private readonly context: ControllerContext) {
    this.pods = new PodControl(context.store, context.recorder);
    this.adoption = new Adoption(context.store);
  }

  /** Looks for orphans in a cluster that was loaded, and takes up what went wrong before. */
  start(): void {
    for (const [key, value] of this.context.memory) {
      if (!key.startsWith(MEMORY)) continue;
      const { uid, ...failed } = value as Failed;
      this.entries.set(key.slice(MEMORY.length), { ...this.newEntry(uid), ...failed });
    }
    for (const key of ['pods', REVISIONS]) {
      for (const object of this.context.store.list(key)) if (!controllerOf(object)) this.adoption.note(key, object);
    }
  }

  /**
   * What one more sync of the set decides. It writes what every sync writes: to be asked of a copy of the cluster. Right also
   * where no sync of the set has taken place in this process.
   */
  decide(namespace: string, name: string): Decision {
    const key = `${namespace}/${name}`;
    const set = this.context.store.get<StatefulSet>(SETS, namespace, name);
    if (!set) return {};
    this.sync(key, set);
    const { waiting, failures, lastFailure } = this.entryOf(key, set);
    if (failures > 0) return lastFailure === undefined ? {} : { failure: lastFailure };
    return waiting ? { waiting } : {};
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case SETS:
        if (event.type === 'DELETED') {
          this.entries.delete(keyOf(event.object));
          if (this.context.memory.size > 0) this.context.memory.delete(MEMORY + keyOf(event.object));
        }
        this.queue.add(keyOf(event.object));
        break;
      case 'pods':
        this.observeOwned('pods', event);
        break;
      case REVISIONS:
        this.observeOwned(REVISIONS, event);
        break;
      case 'persistentvolumeclaims':
        this.observeClaim(event);
        break;
    }
  }

  onTimer(_kind: string, key: string): void {
    const entry = this.entries.get(key);
    if (entry) entry.wake = undefined;
    this.queue.add(key);
  }

  /** Calls are answered again: what failed is tried at once, or at its time where they were to fail so often only. */
  onFault({ target, ended }: FaultChange): void {
    if (target !== 'api' || !ended) return;
    for (const [key, { failures, wake }] of this.entries) {
      if (failures === 0) continue;
      if (ended !== 'used') this.queue.add(key);
      else if (wake) this.context.schedule(wake.at, RETRY_TIMER, key);
    }
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    const set = this.context.store.get<StatefulSet>(SETS, key.slice(0, at), key.slice(at + 1));
    if (set) this.sync(key, set);
    return true;
  }

  private sync(key: string, set: StatefulSet): void {
    const entry = this.entryOf(key, set);
    const { store } = this.context;
    try {
      const pods = () => store.dependents(set.metadata.uid, 'pods') as Iterable<Pod>;
      for (const name of this.adoption.adopt(set)) entry.replicas.touch(name);
      entry.replicas.refresh(set, pods);
      const released = this.adoption.release(set, entry.replicas.takeSuspects());
      for (const name of released) entry.replicas.touch(name);
      if (released.length > 0) entry.replicas.refresh(set, pods);
      const revisions = sortRevisions([...store.dependents(set.metadata.uid, REVISIONS)] as ControllerRevision[]);
      const resolved = resolveRevisions(store, set, revisions);
      const computed = computeStatus(set, resolved, entry.replicas);
      const gate = this.context.gate('MaxUnavailableStatefulSet');
      const outcome = reconcile(set, resolved, entry.replicas, this.pods, gate);
      entry.waiting = outcome.waiting;
      this.wakeWhenAvailable(key, entry);
      try {
        this.writeStatus(set, {
          ...computed,
          currentReplicas: Math.max(0, (computed.currentReplicas ?? 0) - outcome.deletedForUpdate),
        });
      } finally {
        this.truncateHistory(set, entry, resolved.current.metadata.name, resolved.update.metadata.name);
      }
      if (outcome.error !== undefined) throw outcome.error;
      const recovered = entry.failures > 0;
      entry.failures = 0;
      if (recovered) this.remember(key, entry);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof ClaimError)) throw error;
      entry.failures += 1;
      entry.same = error.message === entry.lastFailure ? entry.same + 1 : 1;
      entry.lastFailure = error.message;
      const delay = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (entry.failures - 1));
      const isHopeful = entry.same <= HOPEFUL_RETRIES || this.context.faults.refusalOf(error)?.passes === true;
      this.wake(key, entry, this.context.now() + delay, isHopeful ? RETRY_TIMER : BACK_OFF_TIMER);
      this.remember(key, entry);
    }
  }

  private writeStatus(set: StatefulSet, computed: StatefulSet['status']): void {
    const status = completeRollingUpdate(set, computed);
    if (isInconsistent(set.status, status)) this.context.store.updateStatus(set, omitZeroes(status));
  }

  private truncateHistory(set: StatefulSet, entry: Entry, current: string, update: string): void {
    const { store } = this.context;
    const revisions = sortRevisions([...store.dependents(set.metadata.uid, REVISIONS)] as ControllerRevision[]);
    const surplus = surplusRevisions(
      set,
      revisions,
      (name) => name === current || name === update || entry.replicas.isWorn(name),
    );
    for (const revision of surplus) store.delete(REVISIONS, revision.metadata.namespace ?? '', revision.metadata.name);
  }

  private wakeWhenAvailable(key: string, entry: Entry): void {
    const at = entry.replicas.nextAvailableAt();
    if (at !== undefined) this.wake(key, entry, at, AVAILABLE_TIMER);
  }

  private wake(key: string, entry: Entry, at: number, kind: string): void {
    const asked = entry.wake;
    if (asked && asked.kind === kind && asked.at <= at && asked.at > this.context.now()) return;
    entry.wake = { at, kind };
    this.context.schedule(at, kind, key);
  }

  private entryOf(key: string, set: StatefulSet): Entry {
    const known = this.entries.get(key);
    if (known && known.uid === set.metadata.uid) return known;
    const entry = this.newEntry(set.metadata.uid);
    this.entries.set(key, entry);
    return entry;
  }

  private newEntry(uid: string): Entry {
    const replicas = new Replicas(this.context.store, () => this.context.now());
    return { uid, replicas, failures: 0, same: 0 };
  }

  /** So that a cluster that is saved while a sync fails goes on backing off where it was. */
  private remember(key: string, { uid, failures, same, lastFailure, wake }: Entry): void {
    const failed: Failed = {
      uid,
      failures,
      same,
      ...(lastFailure !== undefined && { lastFailure }),
      ...(wake && failures > 0 && { wake }),
    };
    this.context.memory.set(MEMORY + key, failed);
  }

  private observeOwned(key: ResourceKey, event: StoreEvent): void {
    const { object, old } = event;
    const owner = controllerOf(object);
    const before = old && controllerOf(old);
    if (key === 'pods' && before && before.uid !== owner?.uid) this.enqueueOwner(object, before);
    if (owner) {
      this.adoption.forget(key, object);
      // Upstream watches no revisions: one that is deleted comes back with the set's next sync.
      if (key === 'pods') this.enqueueOwner(object, owner);
      return;
    }
    if (event.type === 'DELETED') {
      this.adoption.forget(key, object);
      // A name that stood in a set's way is free: no need to wait for the back-off.
      if (key === 'pods')
        this.queue.add(`${object.metadata.namespace}/${parentAndOrdinal(object.metadata.name).parent}`);
      return;
    }
    this.adoption.note(key, object);
    const changed = !old || before || old.metadata.labels !== object.metadata.labels;
    if (!changed) return;
    for (const set of this.context.store.list<StatefulSet>(SETS, object.metadata.namespace)) {
      if (this.adoption.selects(set, object)) this.queue.add(keyOf(set));
    }
  }

  private enqueueOwner(pod: KubeObject, owner: OwnerReference): void {
    if (owner.kind !== 'StatefulSet') return;
    const setKey = `${pod.metadata.namespace}/${owner.name}`;
    this.entries.get(setKey)?.replicas.touch(pod.metadata.name);
    const set = this.context.store.get<StatefulSet>(SETS, pod.metadata.namespace ?? '', owner.name);
    if (set?.metadata.uid === owner.uid) this.queue.add(setKey);
  }

  /** A claim `<template>-<set>-<ordinal>` concerns one pod of one set, when its owners change or it goes. */
  private observeClaim(event: StoreEvent): void {
    const { object, old, type } = event;
    const relevant =
      type === 'DELETED' ||
      object.metadata.ownerReferences !== old?.metadata.ownerReferences ||
      object.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp;
    const { parent, ordinal } = parentAndOrdinal(object.metadata.name);
    if (!relevant || ordinal < 0) return;
    const namespace = object.metadata.namespace ?? '';
    for (let at = parent.indexOf('-'); at >= 0; at = parent.indexOf('-', at + 1)) {
      const setName = parent.slice(at + 1);
      if (!this.context.store.get(SETS, namespace, setName)) continue;
      const key = `${namespace}/${setName}`;
      this.entries.get(key)?.replicas.touch(`${setName}-${ordinal}`);
      if (type !== 'ADDED') this.queue.add(key);
    }
  }
}
