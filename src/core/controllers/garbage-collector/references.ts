/** Owner references: which of them still hold, and objects without some of them. */

import type { KubeObject, OwnerReference } from '../../api/types';
import { FOREGROUND } from '../../apiserver/deletion';

/** Waits, by the foreground finalizer, until its dependents are gone. */
export const isDeletingDependents = (object: KubeObject): boolean =>
  object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.includes(FOREGROUND) === true;

export interface Classified {
  /** The owner lives. */
  readonly solid: readonly OwnerReference[];
  /** The owner does not exist, or not in reach of this object. */
  readonly dangling: readonly OwnerReference[];
  /** The owner waits for its dependents to go. */
  readonly waiting: readonly OwnerReference[];
}

/** As classifyReferences. An owner is found by kind, name and namespace, and must have the uid. */
export function classify(object: KubeObject, byUid: (uid: string) => KubeObject | undefined): Classified {
  const solid: OwnerReference[] = [];
  const dangling: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of object.metadata.ownerReferences ?? []) {
    const owner = byUid(reference.uid);
    if (!owner || !isMeant(reference, owner, object)) dangling.push(reference);
    else if (isDeletingDependents(owner)) waiting.push(reference);
    else solid.push(reference);
  }
  return { solid, dangling, waiting };
}

function isMeant(reference: OwnerReference, owner: KubeObject, dependent: KubeObject): boolean {
  const group = (apiVersion: string) => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');
  const { namespace } = owner.metadata;
  return (
    owner.kind === reference.kind &&
    owner.metadata.name === reference.name &&
    group(owner.apiVersion) === group(reference.apiVersion) &&
    (namespace === undefined || namespace === dependent.metadata.namespace)
  );
}

export function withoutOwners(object: KubeObject, uids: ReadonlySet<string>): KubeObject {
  const { ownerReferences, ...metadata } = object.metadata;
  const left = (ownerReferences ?? []).filter((reference) => !uids.has(reference.uid));
  return { ...object, metadata: left.length > 0 ? { ...metadata, ownerReferences: left } : metadata };
}

export function withoutBlocking(object: KubeObject): KubeObject {
  const ownerReferences = object.metadata.ownerReferences?.map((reference) => ({
    ...reference,
    blockOwnerDeletion: false,
  }));
  return { ...object, metadata: { ...object.metadata, ...(ownerReferences && { ownerReferences }) } };
}

export function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers, ...metadata } = object.metadata;
  const left = (finalizers ?? []).filter((name) => name !== finalizer);
  return { ...object, metadata: left.length > 0 ? { ...metadata, finalizers: left } : metadata };
}
