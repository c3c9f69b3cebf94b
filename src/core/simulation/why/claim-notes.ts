/** What is the matter with claims though their pods run on: they are told to go, they have lost their volume, it is full. */
import { claimNames } from '../../api/pod';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import type { Reason } from '../../reports/why';
import { claimReasons } from './claim';
import { faultsOf } from './faults';
import { allUntil, endAlone, endsWith, reason, remedies, subjectOf } from './words';
import type { World } from './world';

/** Of many such claims, so many are told. */
const SHOWN = 5;

/** Of the claims of pods that run on; what keeps a pod from running is a reason of the pod. */
export function claimNotes(world: World, pods: readonly Pod[]): readonly Reason[] {
  const notes: Reason[] = [];
  for (const pod of pods) {
    if (notes.length >= SHOWN) return notes;
    if (!pod.spec.nodeName || pod.metadata.deletionTimestamp !== undefined) continue;
    for (const name of claimNames(pod)) {
      const claim = world.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace, name);
      if (claim) notes.push(...ofClaim(world, pod, claim));
    }
  }
  return notes;
}

function ofClaim(world: World, pod: Pod, claim: PersistentVolumeClaim): readonly Reason[] {
  if (claim.metadata.deletionTimestamp !== undefined) return [leaving(world, pod, claim)];
  if (claim.status?.phase === 'Lost')
    return claimReasons(world, claim).map((lost) => ({
      ...lost,
      message: `${lost.message}; ${pod.metadata.name} runs on, but can't be started again`,
    }));
  return fullVolume(world, claim);
}

function leaving(world: World, pod: Pod, claim: PersistentVolumeClaim): Reason {
  const { name } = claim.metadata;
  return reason({
    rule: 'claim-terminating',
    on: subjectOf(claim),
    message: `claim ${name} is Terminating while ${pod.metadata.name} uses it: ${fateOf(world, claim, pod.metadata.name)}`,
    source: 'kubernetes.io/docs: Storage Object in Use Protection',
    since: claimReasons(world, claim)[0]?.since,
    endsAlone: false,
    ends: `${pod.metadata.name} is gone, and the claim with it: a deletion can't be taken back, so save first what is to be kept`,
  });
}

/** What becomes of a claim's data when the claim goes; `pod` is the one that holds it. */
export function fateOf(world: World, claim: PersistentVolumeClaim, pod: string): string {
  const name = claim.spec.volumeName ?? '';
  const volume = world.get<PersistentVolume>('persistentvolumes', undefined, name);
  if (!volume) return `when ${pod} goes, the claim goes`;
  return volume.spec.persistentVolumeReclaimPolicy === 'Delete'
    ? `when ${pod} goes, the claim goes, and volume ${name} with all that is in it (reclaim policy Delete)`
    : `when ${pod} goes, the claim goes; volume ${name} stays with what is in it, but for nobody else to use (reclaim policy ${
        volume.spec.persistentVolumeReclaimPolicy ?? 'Retain'
      })`;
}

/** A volume on which somebody lets writes fail. */
export function fullVolume(world: World, claim: PersistentVolumeClaim): readonly Reason[] {
  const volume = { metadata: { name: claim.spec.volumeName ?? '' } };
  const faults = [
    ...faultsOf(world, 'claim', claim, ['full']),
    ...faultsOf(world, 'volume', volume as KubeObject, ['full']),
  ];
  if (faults.length === 0) return [];
  const { name } = claim.metadata;
  return [
    reason({
      rule: 'volume-full',
      on: subjectOf(claim),
      message: `the volume of claim ${name} is full: what writes to it fails`,
      source: 'kubelet: volume stats',
      since: faults[0]?.since,
      until: allUntil(faults),
      endsAlone: endAlone(faults),
      ends: endsWith('there is room on it again', faults),
      remedy: remedies(faults),
      because: faults,
    }),
  ];
}

/** Pods that use a claim. */
export const usersOf = (world: World, { metadata }: PersistentVolumeClaim): readonly Pod[] =>
  world.list<Pod>('pods', metadata.namespace).filter((pod) => claimNames(pod).includes(metadata.name));
