/**
 * The garbage collector: deletes what has lost all its owners, and works off the finalizers of foreground and orphan
 * deletion (as pkg/controller/garbagecollector).
 */
import { ApiError } from '../../api/status';
import type { KubeObject, OwnerReference } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { FOREGROUND, ORPHAN, type Propagation } from '../../apiserver/deletion';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import {
  type Classified,
  classify,
  isDeletingDependents,
  withoutBlocking,
  withoutFinalizer,
  withoutOwners,
} from './references';

export class GarbageCollector implements Controller {
  readonly name = 'garbage-collector';
  /** Uids of objects that may have to go, of owners in foreground deletion, and of owners that leave orphans. */
  private readonly candidates = new WorkQueue();
  private readonly waitingOwners = new WorkQueue();
  private readonly orphaning = new WorkQueue();

  constructor(private readonly context: ControllerContext) {}

  observe(event: StoreEvent): void {
    const { object, old } = event;
    const { uid, ownerReferences } = object.metadata;
    if (event.type === 'DELETED') {
      for (const dependent of this.context.store.dependents(uid)) this.candidates.add(dependent.metadata.uid);
      this.lookAfterWaitingOwners(ownerReferences);
      return;
    }
    if (object.metadata.deletionTimestamp !== undefined) this.observeTerminating(object, old);
    if (ownerReferences === undefined && old?.metadata.ownerReferences === undefined) return;
    if (old !== undefined && old.metadata.ownerReferences === ownerReferences) return;
    if (ownerReferences && this.classify(object).solid.length < ownerReferences.length) this.candidates.add(uid);
    this.lookAfterWaitingOwners(old?.metadata.ownerReferences);
  }

  processNext(): boolean {
    const orphaning = this.orphaning.take();
    if (orphaning !== undefined) return this.withObject(orphaning, (owner) => this.orphanDependents(owner));
    const waiting = this.waitingOwners.take();
    if (waiting !== undefined) return this.withObject(waiting, (owner) => this.finishForeground(owner));
    const candidate = this.candidates.take();
    if (candidate !== undefined) return this.withObject(candidate, (object) => this.collect(object));
    return false;
  }

  private observeTerminating(object: KubeObject, old: KubeObject | undefined): void {
    const { uid, finalizers } = object.metadata;
    if (finalizers?.includes(ORPHAN)) this.orphaning.add(uid);
    if (!isDeletingDependents(object)) return;
    this.waitingOwners.add(uid);
    if (old && isDeletingDependents(old)) return;
    for (const dependent of this.context.store.dependents(uid)) this.candidates.add(dependent.metadata.uid);
  }

  private lookAfterWaitingOwners(references: readonly OwnerReference[] | undefined): void {
    for (const { uid } of references ?? []) {
      const owner = this.context.store.byUid(uid);
      if (owner && isDeletingDependents(owner)) this.waitingOwners.add(uid);
    }
  }

  private classify(object: KubeObject): Classified {
    return classify(object, (uid) => this.context.store.byUid(uid));
  }

  /** What has vanished meanwhile, or is refused, is left to the next change. */
  private withObject(uid: string, action: (object: KubeObject) => void): true {
    const object = this.context.store.byUid(uid);
    if (!object) return true;
    try {
      action(object);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  /** As attemptToDeleteItem. */
  private collect(object: KubeObject): void {
    const { deletionTimestamp, finalizers } = object.metadata;
    if (isDeletingDependents(object)) this.finishForeground(object);
    if (deletionTimestamp !== undefined) return;
    const { solid, dangling, waiting } = this.classify(object);
    if (solid.length > 0) {
      const lost = new Set([...dangling, ...waiting].map((reference) => reference.uid));
      if (lost.size > 0) this.context.store.update(withoutOwners(object, lost));
      return;
    }
    if (dangling.length === 0 && waiting.length === 0) return;
    if (waiting.length > 0 && this.hasDependents(object)) {
      this.delete(this.breakCycle(object), 'Foreground');
      return;
    }
    const policy = finalizers?.includes(ORPHAN)
      ? 'Orphan'
      : finalizers?.includes(FOREGROUND)
        ? 'Foreground'
        : 'Background';
    this.delete(object, policy);
  }

  /** An object that would wait for one of its own dependents no longer blocks its owners. */
  private breakCycle(object: KubeObject): KubeObject {
    for (const dependent of this.context.store.dependents(object.metadata.uid)) {
      if (isDeletingDependents(dependent)) return this.context.store.update(withoutBlocking(object));
    }
    return object;
  }

  private hasDependents(object: KubeObject): boolean {
    for (const _ of this.context.store.dependents(object.metadata.uid)) return true;
    return false;
  }

  private delete(object: KubeObject, propagationPolicy: Propagation): void {
    const { namespace = '', name, uid } = object.metadata;
    const resource = this.context.store.resourceOf(object);
    if (!resource) return;
    this.context.store.delete(resourceKey(resource), namespace, name, { propagationPolicy, preconditions: { uid } });
  }

  /** The owner goes when no dependent blocks it any more (as processDeletingDependentsItem). */
  private finishForeground(owner: KubeObject): void {
    if (!isDeletingDependents(owner)) return;
    const { uid } = owner.metadata;
    for (const dependent of this.context.store.dependents(uid)) {
      if (dependent.metadata.ownerReferences?.some((r) => r.uid === uid && r.blockOwnerDeletion)) return;
    }
    this.context.store.update(withoutFinalizer(owner, FOREGROUND));
  }

  private orphanDependents(owner: KubeObject): void {
    if (owner.metadata.deletionTimestamp === undefined || !owner.metadata.finalizers?.includes(ORPHAN)) return;
    const uids = new Set([owner.metadata.uid]);
    for (const dependent of this.context.store.dependents(owner.metadata.uid)) {
      this.context.store.update(withoutOwners(dependent, uids));
    }
    this.context.store.update(withoutFinalizer(owner, ORPHAN));
  }
}
