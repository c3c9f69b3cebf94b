/** Which volume suits a claim (as volume.FindMatchingVolume and checkVolumeSatisfyClaim). */
import type { PersistentVolume, PersistentVolumeClaim } from '../api/types';
import { fromLabelSelector, matches } from '../meta/labels';
import { Quantity } from '../meta/quantity';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** The class that a claim or volume names; empty for none. The annotation of older days comes first. */
export function classOf(object: PersistentVolumeClaim | PersistentVolume): string {
  return object.metadata.annotations?.[BETA_CLASS] ?? object.spec.storageClassName ?? '';
}

/** Whether the volume is reserved for or bound to this claim (as IsVolumeBoundToClaim). */
export function isBoundTo(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  if (!claimRef || claimRef.name !== claim.metadata.name || claimRef.namespace !== claim.metadata.namespace)
    return false;
  return !claimRef.uid || claimRef.uid === claim.metadata.uid;
}

const NOTHING = Quantity.parse('0');
const sizeOf = (list: Readonly<Record<string, string>> | undefined): Quantity =>
  list?.storage === undefined ? NOTHING : Quantity.parse(list.storage);

/**
 * A volume that is reserved for the claim, or else the smallest that fits; of equals, the first by name. With
 * `reservedOnly`, only the former: the claim waits for its first consumer.
 */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  reservedOnly = false,
): PersistentVolume | undefined {
  const wanted = sizeOf(claim.spec.resources?.requests);
  const selector = claim.spec.selector ? fromLabelSelector(claim.spec.selector) : undefined;
  let best: { volume: PersistentVolume; size: Quantity } | undefined;
  for (const volume of volumes) {
    if (volume.spec.claimRef && !isBoundTo(volume, claim)) continue;
    const size = sizeOf(volume.spec.capacity);
    if (size.compare(wanted) < 0 || !sameMode(volume, claim) || volume.metadata.deletionTimestamp !== undefined)
      continue;
    if (isBoundTo(volume, claim)) return volume;
    if (reservedOnly || volume.status?.phase !== 'Available') continue;
    if (selector !== undefined && !matches(selector, volume.metadata.labels)) continue;
    if (classOf(volume) !== classOf(claim) || !offersModes(volume, claim)) continue;
    const order = best ? size.compare(best.size) : -1;
    if (order < 0 || (order === 0 && best && volume.metadata.name < best.volume.metadata.name)) best = { volume, size };
  }
  return best?.volume;
}

/** Why a volume that the user named does not suit the claim; undefined when it does. */
export function misfit(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (sizeOf(volume.spec.capacity).compare(sizeOf(claim.spec.resources?.requests)) < 0)
    return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!sameMode(volume, claim)) return 'incompatible volumeMode';
  return offersModes(volume, claim) ? undefined : 'incompatible accessMode';
}

const sameMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem');

const offersModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));

/** What a volume says of the claim that it is reserved for. */
export const claimReference = (claim: PersistentVolumeClaim) => ({
  kind: 'PersistentVolumeClaim',
  ...(claim.metadata.namespace !== undefined && { namespace: claim.metadata.namespace }),
  name: claim.metadata.name,
  uid: claim.metadata.uid,
  apiVersion: 'v1',
  resourceVersion: claim.metadata.resourceVersion,
});
