/**
 * The ResourceQuota controller: writes what a quota limits and what is used of it (as resource_quota_controller.go). Admission
 * adds what comes; this gives back what goes, and counts when a quota is new or limits something else.
 */
import { asObject } from '../../api/json';
import {
  addTo,
  equalLists,
  pickFrom,
  type ResourceList,
  resourceList,
  withoutList,
  writtenList,
} from '../../api/resource-list';
import { findResources } from '../../api/resources';
import type { KubeObject } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { DEFINITIONS } from '../../apiserver/custom-resources';
import { QUOTAS } from '../../apiserver/quota';
import { overdueAt } from '../../apiserver/quota/pods';
import { type Counted, Tally } from '../../apiserver/quota/tally';
import { type ResourceKey, resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';

/** How often upstream counts everything again; here that matters only to pods that outlive their grace period. */
const RESYNC_MS = 300_000;
const OVERDUE_TIMER = 'resourcequota/overdue';
const MEMORY = 'resourcequota/';

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** What objects use that were not imported with their quota. */
interface Elsewhere {
  readonly uid: string;
  readonly used: Readonly<Record<string, string>>;
}

export class ResourceQuotaController implements Controller {
  readonly name = 'resourcequota';
  private readonly queue = new WorkQueue();
  /** By namespace, then by the key of the quota; none where there is no quota. */
  private readonly tallies = new Map<string, Map<string, Tally>>();
  /** Quotas that came with a status: what they count may not have come with them. */
  private readonly imported = new Set<string>();
  private readonly counted: Counted;

  constructor(private readonly context: ControllerContext) {
    const { store } = context;
    this.counted = {
      list: (key, namespace) => store.list(key, namespace),
      isCountable: (key) => this.isCountable(key),
      now: () => context.now(),
    };
  }

  start(): void {
    for (const quota of this.context.store.list(QUOTAS)) this.queue.add(keyOf(quota));
  }

  observe(event: StoreEvent): void {
    const key = resourceKey(event.resource);
    if (key === QUOTAS) this.observeQuota(event);
    // Another kind may be counted from now on.
    else if (key === DEFINITIONS && this.tallies.size > 0) {
      this.tallies.clear();
      this.start();
    }
    if (this.tallies.size === 0) return;
    const tallies = this.tallies.get(event.object.metadata.namespace ?? '');
    if (!tallies) return;
    if (key === 'pods') this.watchEnd(event);
    this.note(tallies, key, event.object, event.type === 'DELETED');
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    const quota = this.context.store.get(QUOTAS, key.slice(0, at), key.slice(at + 1));
    if (quota) this.sync(key, quota);
    return true;
  }

  /** A pod has outlived its grace period: it no longer counts. */
  onTimer(_kind: string, key: string): void {
    const at = key.indexOf('/');
    const pod = this.context.store.get('pods', key.slice(0, at), key.slice(at + 1));
    const tallies = this.tallies.get(key.slice(0, at));
    if (pod && tallies) this.note(tallies, 'pods', pod, false);
  }

  private note(tallies: ReadonlyMap<string, Tally>, key: ResourceKey, object: KubeObject, isGone: boolean): void {
    for (const [quota, tally] of tallies) if (tally.note(key, object, isGone)) this.queue.add(quota);
  }

  private observeQuota({ type, object, old }: StoreEvent): void {
    const key = keyOf(object);
    if (type === 'DELETED') {
      const namespace = object.metadata.namespace ?? '';
      const tallies = this.tallies.get(namespace);
      tallies?.delete(key);
      if (tallies?.size === 0) this.tallies.delete(namespace);
      this.imported.delete(key);
      this.context.memory.delete(MEMORY + key);
      return;
    }
    // A quota that somebody makes has no status yet.
    if (!old && Object.keys(asObject(asObject(object.status).used)).length > 0) this.imported.add(key);
    if (!old || old.spec !== object.spec) this.queue.add(key);
  }

  /** As syncResourceQuota. */
  private sync(key: string, quota: KubeObject): void {
    const hard = resourceList(asObject(quota.spec).hard);
    const before = resourceList(asObject(quota.status).used);
    const now = this.tallyOf(key, quota).used();
    if (this.imported.delete(key)) this.rememberElsewhere(key, quota, withoutList(before, now));
    const elsewhere = this.elsewhere(key, quota);
    addTo(
      now,
      pickFrom(elsewhere, (name) => now.has(name)),
    );
    // What can't be counted stays as it was.
    const used = pickFrom(new Map([...before, ...now]), (name) => hard.has(name));
    const status = asObject(quota.status);
    const isKnown =
      status.hard !== undefined && status.used !== undefined && equalLists(resourceList(status.hard), hard);
    if (isKnown && equalLists(used, before)) return;
    this.context.store.updateStatus(quota, { hard: writtenList(hard), used: writtenList(used) });
  }

  private tallyOf(key: string, quota: KubeObject): Tally {
    const namespace = quota.metadata.namespace ?? '';
    const tallies = this.tallies.get(namespace) ?? new Map<string, Tally>();
    const known = tallies.get(key);
    if (known?.isOf(quota)) return known;
    const tally = new Tally(quota, this.counted);
    this.tallies.set(namespace, tallies.set(key, tally));
    return tally;
  }

  private rememberElsewhere(key: string, quota: KubeObject, left: ResourceList): void {
    const used = pickFrom(left, (_, amount) => !amount.isZero());
    const memory: Elsewhere = { uid: quota.metadata.uid, used: writtenList(used) };
    if (used.size > 0) this.context.memory.set(MEMORY + key, memory);
    else this.context.memory.delete(MEMORY + key);
  }

  private elsewhere(key: string, quota: KubeObject): ResourceList {
    const memory = this.context.memory.get(MEMORY + key) as Elsewhere | undefined;
    return resourceList(memory?.uid === quota.metadata.uid ? memory.used : undefined);
  }

  /** A pod that nobody ends stops counting at the next full count after its grace period. */
  private watchEnd({ type, object, old }: StoreEvent): void {
    const end = overdueAt(object.metadata);
    if (end === undefined) return;
    const key = keyOf(object);
    if (type === 'DELETED') this.context.cancel(OVERDUE_TIMER, key);
    else if (old?.metadata.deletionTimestamp === undefined)
      this.context.schedule((Math.floor(end / RESYNC_MS) + 1) * RESYNC_MS, OVERDUE_TIMER, key);
  }

  private isCountable(key: ResourceKey): boolean {
    const { store } = this.context;
    const resource = findResources(key, store.customResources());
    return resource?.namespaced === true && resourceKey(resource) === key;
  }
}
