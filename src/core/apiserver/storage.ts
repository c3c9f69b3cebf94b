/**
 * The object tables and their indexes: what etcd and the informers' caches are to a cluster. Every write replaces an
 * object, takes the next resource version and is told to the listeners at once.
 */
import { gvOf, type ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { StoreEvent } from './watch';

/** `pods`, `statefulsets.apps`: the plural and the group. */
export type ResourceKey = string;

export { resourceKey } from '../api/resources';

type NamespaceTable = Map<string, KubeObject>;

/** Objects that are read when somebody asks for them. */
export interface Unread {
  read(): readonly KubeObject[];
}

export class Storage {
  private readonly tables = new Map<ResourceKey, Map<string, NamespaceTable>>();
  private readonly uids = new Map<string, KubeObject>();
  /** Owner uid -> resource -> uid -> dependent, over every owner reference. */
  private readonly owned = new Map<string, Map<ResourceKey, Map<string, KubeObject>>>();
  private readonly unread = new Map<ResourceKey, Unread>();
  private readonly listeners: ((event: StoreEvent) => void)[] = [];
  /** Deep-freezes what is stored: the tests' guard against writing into an object that is not one's own. */
  freeze = false;

  /** Called before each change while it is set. */
  beforeChange: (() => void) | undefined;

  constructor(
    private readonly infoOf: (key: ResourceKey) => ResourceInfo,
    public resourceVersion = 0,
  ) {}

  onEvent(listener: (event: StoreEvent) => void): () => void {
    this.listeners.push(listener);
    return () => {
      const at = this.listeners.indexOf(listener);
      if (at >= 0) this.listeners.splice(at, 1);
    };
  }

  get(key: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    this.readUp(key);
    return this.tables.get(key)?.get(namespace)?.get(name);
  }

  byUid(uid: string): KubeObject | undefined {
    const found = this.uids.get(uid);
    if (found || this.unread.size === 0) return found;
    this.readUp();
    return this.uids.get(uid);
  }

  /** Whether there is an object of the kind in the namespace. */
  has(key: ResourceKey, namespace: string): boolean {
    const objects = this.tables.get(key)?.get(namespace);
    if (objects && objects.size > 0) return true;
    if (!this.unread.has(key)) return false;
    this.readUp(key);
    return (this.tables.get(key)?.get(namespace)?.size ?? 0) > 0;
  }

  *list(key: ResourceKey, namespace?: string): Iterable<KubeObject> {
    this.readUp(key);
    const table = this.tables.get(key);
    if (!table) return;
    if (namespace !== undefined) {
      const objects = table.get(namespace);
      if (objects) yield* objects.values();
      return;
    }
    for (const objects of table.values()) yield* objects.values();
  }

  /** Objects with an owner reference to `ownerUid`, of one resource or of all. */
  *dependents(ownerUid: string, key?: ResourceKey): Iterable<KubeObject> {
    this.readUp(key);
    const byResource = this.owned.get(ownerUid);
    if (!byResource) return;
    if (key !== undefined) {
      const objects = byResource.get(key);
      if (objects) yield* [...objects.values()];
      return;
    }
    for (const objects of [...byResource.values()]) yield* [...objects.values()];
  }

  /** Resources that hold at least one object. */
  *resources(): Iterable<ResourceKey> {
    this.readUp();
    for (const [key, table] of this.tables) {
      for (const objects of table.values()) {
        if (objects.size > 0) {
          yield key;
          break;
        }
      }
    }
  }

  /** Every object, in the order of creation. */
  *all(): Iterable<KubeObject> {
    this.readUp();
    yield* this.uids.values();
  }

  /** Every object as `all` has them, those of one kind apart: as they were put back where nobody has asked for them. */
  apart(key: ResourceKey): { readonly others: readonly KubeObject[]; readonly own: readonly KubeObject[] | Unread } {
    const unread = this.unread.get(key);
    if (unread) return { others: [...this.uids.values()], own: unread };
    const resource = this.infoOf(key);
    const apiVersion = gvOf(resource);
    const others: KubeObject[] = [];
    const own: KubeObject[] = [];
    for (const object of this.all())
      (object.kind === resource.kind && object.apiVersion === apiVersion ? own : others).push(object);
    return { others, own };
  }

  /** Puts back an object as it was saved: no event, no new version. */
  restore(key: ResourceKey, object: KubeObject): void {
    this.index(key, object);
  }

  /** Puts back all objects of a kind, once somebody asks for them. */
  restoreLater(key: ResourceKey, objects: Unread): void {
    this.unread.set(key, objects);
  }

  /** Stores `object` under the next resource version and returns what was stored: itself where it has that version already. */
  put(key: ResourceKey, object: KubeObject): KubeObject {
    this.beforeChange?.();
    this.resourceVersion += 1;
    const old = this.get(key, object.metadata.namespace ?? '', object.metadata.name);
    const resourceVersion = String(this.resourceVersion);
    const stored: KubeObject =
      object.metadata.resourceVersion === resourceVersion
        ? object
        : { ...object, metadata: { ...object.metadata, resourceVersion } };
    if (this.freeze) deepFreeze(stored);
    if (old) this.unindexOwners(key, old);
    this.index(key, stored);
    this.tell({ type: old ? 'MODIFIED' : 'ADDED', key, object: stored, old });
    return stored;
  }

  /** Removes the object; the event carries it with the version of its removal. */
  remove(key: ResourceKey, object: KubeObject): KubeObject {
    this.beforeChange?.();
    this.resourceVersion += 1;
    const namespace = object.metadata.namespace ?? '';
    this.tables.get(key)?.get(namespace)?.delete(object.metadata.name);
    this.uids.delete(object.metadata.uid);
    this.unindexOwners(key, object);
    const last: KubeObject = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.resourceVersion) },
    };
    this.tell({ type: 'DELETED', key, object: last, old: object });
    return last;
  }

  /** Reads the objects of one kind, or of all, that were put back and nobody has asked for yet. */
  private readUp(only?: ResourceKey): void {
    if (this.unread.size === 0) return;
    for (const [key, objects] of [...this.unread]) {
      if (only !== undefined && key !== only) continue;
      this.unread.delete(key);
      for (const object of objects.read()) this.index(key, object);
    }
  }

  private tell(change: { type: StoreEvent['type']; key: ResourceKey; object: KubeObject; old?: KubeObject }): void {
    const event: StoreEvent = {
      type: change.type,
      resource: this.infoOf(change.key),
      object: change.object,
      ...(change.old && { old: change.old }),
      resourceVersion: this.resourceVersion,
    };
    for (const listener of this.listeners) listener(event);
  }

  private index(key: ResourceKey, object: KubeObject): void {
    let table = this.tables.get(key);
    if (!table) {
      table = new Map();
      this.tables.set(key, table);
    }
    const namespace = object.metadata.namespace ?? '';
    let objects = table.get(namespace);
    if (!objects) {
      objects = new Map();
      table.set(namespace, objects);
    }
    objects.set(object.metadata.name, object);
    this.uids.set(object.metadata.uid, object);
    for (const owner of object.metadata.ownerReferences ?? []) {
      let byResource = this.owned.get(owner.uid);
      if (!byResource) {
        byResource = new Map();
        this.owned.set(owner.uid, byResource);
      }
      let dependents = byResource.get(key);
      if (!dependents) {
        dependents = new Map();
        byResource.set(key, dependents);
      }
      dependents.set(object.metadata.uid, object);
    }
  }

  private unindexOwners(key: ResourceKey, object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const byResource = this.owned.get(owner.uid);
      const dependents = byResource?.get(key);
      if (!byResource || !dependents) continue;
      dependents.delete(object.metadata.uid);
      if (dependents.size === 0) byResource.delete(key);
      if (byResource.size === 0) this.owned.delete(owner.uid);
    }
  }
}

function deepFreeze(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
