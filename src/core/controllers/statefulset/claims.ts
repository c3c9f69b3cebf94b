/**
 * The claims of a pod: names, contents, and the owner references that the retention policy asks for (as
 * stateful_set_utils.go: getPersistentVolumeClaims, isClaimOwnerUpToDate, updateClaimOwnerRefForSetAndPod).
 */
import type {
  ClaimTemplate,
  Manifest,
  OwnerReference,
  PersistentVolumeClaim,
  Pod,
  RetentionAction,
  StatefulSet,
  Volume,
} from '../../api/types';
import { isInOrdinalRange, newControllerRef, parentAndOrdinal } from './utils';

export interface RetentionPolicy {
  readonly whenDeleted: RetentionAction;
  readonly whenScaled: RetentionAction;
}

export const retentionPolicyOf = (set: StatefulSet): RetentionPolicy =>
  set.spec.persistentVolumeClaimRetentionPolicy ?? { whenDeleted: 'Retain', whenScaled: 'Retain' };

export const claimName = (template: ClaimTemplate, set: StatefulSet, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

export const claimNamesFor = (set: StatefulSet, ordinal: number): string[] =>
  (set.spec.volumeClaimTemplates ?? []).map((template) => claimName(template, set, ordinal));

/** The claim of one template for one pod: the template's, with the set's match labels on top. */
export function newClaim(template: ClaimTemplate, set: StatefulSet, ordinal: number): Manifest {
  const labels = { ...template.metadata.labels, ...set.spec.selector.matchLabels };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(template, set, ordinal),
      namespace: set.metadata.namespace,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(template.metadata.annotations && { annotations: template.metadata.annotations }),
    },
    spec: template.spec,
  };
}

/** The pod's volumes with one for each claim template; a template's volume of the same name is replaced. */
export function withClaimVolumes(set: StatefulSet, ordinal: number, volumes: readonly Volume[] | undefined): Volume[] {
  const templates = set.spec.volumeClaimTemplates ?? [];
  const names = new Set(templates.map((template) => template.metadata.name));
  const claims = templates.map((template) => ({
    name: template.metadata.name,
    persistentVolumeClaim: { claimName: claimName(template, set, ordinal) },
  }));
  return [...claims, ...(volumes ?? []).filter((volume) => !names.has(volume.name))];
}

/** Whether the pod mounts every claim of its set under its own name (as storageMatches). */
export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const { ordinal } = parentAndOrdinal(pod.metadata.name);
  if (ordinal < 0) return false;
  return (set.spec.volumeClaimTemplates ?? []).every((template) => {
    const volume = pod.spec.volumes?.find((v) => v.name === template.metadata.name);
    return volume?.persistentVolumeClaim?.claimName === claimName(template, set, ordinal);
  });
}

const isOwner = (ref: OwnerReference, uid: string): boolean => ref.uid === uid;

/** Another controller, neither the set nor the pod, has the claim: it is left alone (as hasUnexpectedController). */
export function hasUnexpectedController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const policy = retentionPolicyOf(set);
  if (policy.whenDeleted === 'Retain' && policy.whenScaled === 'Retain') return false;
  return (claim.metadata.ownerReferences ?? []).some(
    (ref) => ref.controller === true && !isOwner(ref, set.metadata.uid) && !isOwner(ref, pod.metadata.uid),
  );
}

interface WantedOwners {
  readonly set: boolean;
  readonly pod: boolean;
}

/** Who should own the claim: the set while it waits for whenDeleted, a condemned pod for whenScaled. */
function wantedOwners(set: StatefulSet, pod: Pod): WantedOwners {
  const policy = retentionPolicyOf(set);
  const scaledDown = !isInOrdinalRange(set, parentAndOrdinal(pod.metadata.name).ordinal);
  const podOwns = policy.whenScaled === 'Delete' && scaledDown;
  return { pod: podOwns, set: policy.whenDeleted === 'Delete' && !podOwns };
}

const isControlledBy = (claim: PersistentVolumeClaim, uid: string): boolean =>
  (claim.metadata.ownerReferences ?? []).some((ref) => isOwner(ref, uid) && ref.controller === true);
const isOwnedBy = (claim: PersistentVolumeClaim, uid: string): boolean =>
  (claim.metadata.ownerReferences ?? []).some((ref) => isOwner(ref, uid));

/** Whether the claim's owner references are what the policy asks for. */
export function isClaimOwnerUpToDate(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  if (hasUnexpectedController(claim, set, pod)) return true;
  const wanted = wantedOwners(set, pod);
  return (
    (wanted.set ? isControlledBy(claim, set.metadata.uid) : !isOwnedBy(claim, set.metadata.uid)) &&
    (wanted.pod ? isControlledBy(claim, pod.metadata.uid) : !isOwnedBy(claim, pod.metadata.uid))
  );
}

/** The claim with the owner references that the policy asks for; other owners' stay. */
export function withRetentionOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): PersistentVolumeClaim {
  const wanted = wantedOwners(set, pod);
  const others = (claim.metadata.ownerReferences ?? []).filter(
    (ref) => !isOwner(ref, set.metadata.uid) && !isOwner(ref, pod.metadata.uid),
  );
  const refs = [...others];
  if (wanted.set) refs.push(newControllerRef(set));
  if (wanted.pod) {
    refs.push({
      apiVersion: 'v1',
      kind: 'Pod',
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    });
  }
  const { ownerReferences: _old, ...meta } = claim.metadata;
  return { ...claim, metadata: refs.length > 0 ? { ...meta, ownerReferences: refs } : meta };
}

/** A pod of the same name but another life owns the claim: it is about to be collected (as hasStaleOwnerRef). */
export const hasStaleOwner = (claim: PersistentVolumeClaim, podName: string, podUid: string | undefined): boolean =>
  (claim.metadata.ownerReferences ?? []).some(
    (ref) => ref.kind === 'Pod' && ref.name === podName && ref.uid !== podUid,
  );
