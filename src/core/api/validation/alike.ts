/**
 * Pods of one template have all but their names in common, as the very same objects: what was found right in one of them need not
 * be looked at again in the next.
 */
import { asList, asObject, asString, isSet, type Json } from '../json';

/** Fields that hold names of a pod's own, and that no rule but their own looks at. */
const OWN = ['hostname', 'volumes'];

/**
 * Whether a spec differs from another only in its hostname and in which claims its volumes name. Objects are the same where they
 * are identical: those that are merely equal are not worth a look.
 */
export function isAlike(spec: Json, other: Json): boolean {
  const keys = Object.keys(spec);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys)
    if (spec[key] !== other[key] && !(OWN.includes(key) && isSet(spec[key]) && isSet(other[key]))) return false;
  const volumes = asList(spec.volumes);
  const others = asList(other.volumes);
  return volumes.length === others.length && volumes.every((volume, i) => isSameVolume(volume, others[i]));
}

/** What is made for an ephemeral volume is called after the pod. */
function isSameVolume(volume: Json, other: Json): boolean {
  if (isSet(volume.ephemeral)) return false;
  if (volume === other) return true;
  const keys = Object.keys(volume);
  return (
    keys.length === 2 &&
    Object.keys(other).length === 2 &&
    volume.name === other.name &&
    isClaim(volume.persistentVolumeClaim) &&
    isClaim(other.persistentVolumeClaim)
  );
}

/** A claim by its name alone. */
function isClaim(source: unknown): boolean {
  const claim = asObject(source);
  return Object.keys(claim).length === 1 && asString(claim.claimName) !== '';
}
