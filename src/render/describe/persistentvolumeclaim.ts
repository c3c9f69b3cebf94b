/** `describe persistentvolumeclaim`. */

import type { PersistentVolumeClaim, Pod } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { writeClaim } from './claim';
import { asMaps, asText, at } from './json';
import { dateOf, writeBlock, writeEvents } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describePersistentVolumeClaim(claim: PersistentVolumeClaim, related: Related, now: number): string {
  const w = new DetailWriter();
  writeClaim(w, claim, { whole: true, now });
  const users = (related.pods ?? []).filter((pod) => usesClaim(pod, claim));
  writeBlock(w, 'Used By', users.map((pod) => pod.metadata.name).sort(compareText));
  const conditions = asMaps(at(claim, 'status', 'conditions'));
  if (conditions.length > 0) {
    w.line(0, 'Conditions:');
    w.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
    w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
    for (const c of conditions) {
      const times = `${dateOf(c.lastProbeTime)} \t${dateOf(c.lastTransitionTime)}`;
      w.line(1, `${asText(c.type)} \t${asText(c.status)} \t${times} \t${asText(c.reason)} \t${asText(c.message)}`);
    }
  }
  writeEvents(w, related.events, now);
  return w.toString();
}

/** A pod that names the claim, or that owns it as the source of an ephemeral volume (as getPodsForPVC). */
function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  const name = claim.metadata.name;
  if (pod.metadata.namespace !== claim.metadata.namespace) return false;
  if (pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name)) return true;
  return (
    claim.metadata.ownerReferences?.some((owner) => owner.kind === 'Pod' && owner.uid === pod.metadata.uid) ?? false
  );
}
