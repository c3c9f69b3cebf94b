/** Why a claim has no volume, has lost it, or is still there though it was deleted. */

import { claimNames } from '../../api/pod';
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../api/types';
import { DEFAULT_CLASS } from '../../apiserver/admission';
import { classOf, isBoundTo, misfit } from '../../controllers/persistentvolume/match';
import { NO_PROVISIONER, PROVISIONER } from '../../controllers/persistentvolume/provision';
import { compareText } from '../../meta/text';
import type { Explanation, Reason } from '../../reports/why';
import { fullVolume, usersOf } from './claim-notes';
import { deletePod } from './deleting';
import { deletionReasons } from './deletion';
import { faultsOf } from './faults';
import { allUntil, at, command, endAlone, endsWith, listed, reason, remedies, subjectOf } from './words';
import type { World } from './world';

const CONTROLLER = 'PersistentVolume controller';

export function explainClaim(world: World, claim: PersistentVolumeClaim): Explanation {
  const reasons = claimReasons(world, claim);
  return {
    subject: subjectOf(claim),
    summary: summaryOf(claim),
    reasons,
    notes: reasons.length > 0 ? [] : fullVolume(world, claim),
  };
}

function summaryOf(claim: PersistentVolumeClaim): string {
  if (claim.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (claim.status?.phase === 'Bound') return `nothing: it is bound to volume ${claim.spec.volumeName ?? ''}`;
  if (claim.status?.phase === 'Lost') return 'it has lost its volume';
  return 'it is Pending: it has no volume';
}

/** Empty for a claim that is bound and stays. */
export function claimReasons(world: World, claim: PersistentVolumeClaim): readonly Reason[] {
  if (claim.metadata.deletionTimestamp !== undefined) return deletionReasons(world, claim);
  if (claim.status?.phase === 'Bound') return [];
  return world.within(subjectOf(claim), () => [
    claim.status?.phase === 'Lost' ? lost(world, claim) : (brokenClaim(world, claim) ?? pending(world, claim)),
  ]);
}

/** A claim that gets no volume because somebody wanted to see that. */
function brokenClaim(world: World, claim: PersistentVolumeClaim): Reason | undefined {
  const faults = faultsOf(world, 'claim', claim, ['pending']);
  if (faults.length === 0) return undefined;
  return tell(claim, {
    rule: 'provisioning',
    message: `claim ${claim.metadata.name} gets no volume`,
    ends: endsWith('a volume is made for it', faults),
    endsAlone: endAlone(faults),
    remedy: remedies(faults) ?? [],
    because: faults,
  });
}

function lost(world: World, claim: PersistentVolumeClaim): Reason {
  const event = world.event(claim, ['ClaimLost', 'ClaimMisbound']);
  const faults = faultsOf(world, 'claim', claim, ['lost']);
  const { name, namespace } = claim.metadata;
  const pods = usersOf(world, claim);
  return reason({
    rule: 'claim-lost',
    on: { kind: 'PersistentVolume', name: claim.spec.volumeName ?? '' },
    message: `claim ${name} has lost its volume ${claim.spec.volumeName ?? ''}: it stays Lost, and what was on the volume is gone with it`,
    source: `${CONTROLLER}: syncBoundClaim`,
    since: at(event?.firstTimestamp),
    until: allUntil(faults),
    endsAlone: faults.length > 0 && endAlone(faults),
    ends:
      faults.length > 0
        ? endsWith('the claim has an empty volume', faults)
        : 'the claim is deleted and made again, with another, empty volume; its pod must go for that',
    remedy: remedies(faults) ?? [
      command(namespace, `delete pvc ${name} --wait=false`),
      ...pods.map((pod) => deletePod(world, pod)),
    ],
    because: faults,
  });
}

function pending(world: World, claim: PersistentVolumeClaim): Reason {
  const wanted = claim.spec.volumeName;
  if (wanted) return namedVolume(world, claim, wanted);
  const className = classOf(claim);
  const storageClass = world.get<StorageClass>('storageclasses.storage.k8s.io', undefined, className);
  if (className === '') return noClass(world, claim);
  if (!storageClass) return missingClass(world, claim, className);
  const consumers = world
    .list<Pod>('pods', claim.metadata.namespace)
    .filter((pod) => claimNames(pod).includes(claim.metadata.name));
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && consumers.length === 0) {
    return tell(claim, {
      rule: 'wait-for-first-consumer',
      message: `claim ${claim.metadata.name} waits for its first pod: class ${className} binds late (WaitForFirstConsumer)`,
      ends: 'a pod that uses the claim is created',
    });
  }
  if (storageClass.provisioner === NO_PROVISIONER) {
    return tell(claim, {
      rule: 'no-matching-volume',
      message: `claim ${claim.metadata.name} finds no volume: class ${className} makes none by itself, and ${candidates(world, claim)}`,
      ends: `a PersistentVolume of class ${className} is created that offers ${wish(claim)}`,
    });
  }
  const strict = storageClass.provisioner !== PROVISIONER && world.config.storage === 'strict';
  return tell(claim, {
    rule: 'provisioning',
    message: `claim ${claim.metadata.name} waits for a volume from the provisioner ${storageClass.provisioner} of class ${className}`,
    ends: strict
      ? `the provisioner ${storageClass.provisioner} runs and makes one, or a PersistentVolume that offers ${wish(claim)} is created`
      : 'the volume is made',
    endsAlone: false,
  });
}

interface Told {
  readonly rule: string;
  readonly message: string;
  readonly ends: string;
  readonly on?: Reason['on'];
  readonly remedy?: readonly string[];
  readonly endsAlone?: boolean;
  readonly because?: readonly Reason[];
}

/** A pending claim is pending from its creation on. */
const tell = (claim: PersistentVolumeClaim, told: Told): Reason =>
  reason({
    on: subjectOf(claim),
    source: `${CONTROLLER}: syncUnboundClaim`,
    since: at(claim.metadata.creationTimestamp),
    endsAlone: false,
    ...told,
  });

function noClass(world: World, claim: PersistentVolumeClaim): Reason {
  const hasDefault = world
    .list<StorageClass>('storageclasses.storage.k8s.io')
    .some(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const why =
    claim.spec.storageClassName === ''
      ? 'it names no storage class on purpose ("")'
      : hasDefault
        ? 'it names no storage class and was made before there was a default one'
        : 'it names no storage class, and the cluster has no default one';
  return tell(claim, {
    rule: 'no-storage-class',
    message: `claim ${claim.metadata.name} finds no volume: ${why}, and ${candidates(world, claim)}`,
    ends: `a PersistentVolume without a class is created that offers ${wish(claim)}`,
  });
}

function missingClass(world: World, claim: PersistentVolumeClaim, className: string): Reason {
  const known = world.list<KubeObject>('storageclasses.storage.k8s.io').map(({ metadata }) => metadata.name);
  return tell(claim, {
    rule: 'missing-storage-class',
    on: { kind: 'StorageClass', name: className },
    message:
      `claim ${claim.metadata.name} names the storage class ${JSON.stringify(className)}, which does not exist` +
      `${known.length > 0 ? ` (there is ${listed(known)})` : ''}, and ${candidates(world, claim)}`,
    ends: `StorageClass ${className} is created, or a PersistentVolume of that class that offers ${wish(claim)}`,
  });
}

function namedVolume(world: World, claim: PersistentVolumeClaim, name: string): Reason {
  const volume = world.get<PersistentVolume>('persistentvolumes', undefined, name);
  const on = { kind: 'PersistentVolume', name };
  if (!volume) {
    return tell(claim, {
      rule: 'missing-volume',
      on,
      message: `claim ${claim.metadata.name} asks for volume ${name}, which does not exist`,
      ends: `PersistentVolume ${name} is created`,
    });
  }
  if (volume.spec.claimRef && !isBoundTo(volume, claim)) {
    const { namespace, name: other } = volume.spec.claimRef;
    return tell(claim, {
      rule: 'volume-taken',
      on,
      message: `claim ${claim.metadata.name} asks for volume ${name}, which belongs to claim ${namespace}/${other}`,
      ends: `volume ${name} is free again`,
    });
  }
  return tell(claim, {
    rule: 'volume-mismatch',
    on,
    message: `claim ${claim.metadata.name} asks for volume ${name}, which does not suit it: ${misfit(volume, claim) ?? 'it is not Available'}`,
    ends: `volume ${name} suits the claim, or the claim is made again for another one`,
  });
}

/** Why the volumes that are there do not do. */
function candidates(world: World, claim: PersistentVolumeClaim): string {
  const all = [...world.list<PersistentVolume>('persistentvolumes')].sort((a, b) =>
    compareText(a.metadata.name, b.metadata.name),
  );
  const free = all.filter(
    (volume) => volume.status?.phase === 'Available' && (!volume.spec.claimRef || isBoundTo(volume, claim)),
  );
  const released = all.filter((volume) => volume.status?.phase === 'Released' && classOf(volume) === classOf(claim));
  const kept =
    released.length > 0 ? ` (${listed(released.map((v) => v.metadata.name))} still belongs to a deleted claim)` : '';
  if (free.length === 0) return `no volume is available${kept}`;
  const why = free
    .slice(0, 3)
    .map((volume) => `${volume.metadata.name}: ${misfit(volume, claim) ?? 'its labels do not match'}`);
  return `no available volume suits it (${why.join('; ')}${free.length > 3 ? '; …' : ''})${kept}`;
}

const wish = (claim: PersistentVolumeClaim): string =>
  `${claim.spec.resources?.requests?.storage ?? 'the storage'} with ${listed([...(claim.spec.accessModes ?? [])])}`;
