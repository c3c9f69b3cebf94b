/** The objects that a fault concerns, as the changes that controllers are told of. */
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import type { FaultChange } from '../../apiserver/faults';
import type { Store } from '../../apiserver/store';
import { fits, hasContainer, isClaim, isImage, isPod } from './match';
import type { FaultSpec } from './types';

/** In the order of creation. Of images and calls, one change with the pattern itself. */
export function affectedBy(store: Store, fault: FaultSpec): readonly FaultChange[] {
  const { target, namespace, name = '*' } = fault;
  const named = (objects: Iterable<KubeObject>, isMeant: (object: KubeObject) => boolean): FaultChange[] =>
    [...objects].filter(isMeant).map(({ metadata }) => ({
      target,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      name: metadata.name,
    }));
  switch (target) {
    case 'pod':
      return named(
        store.list<Pod>('pods', namespace),
        (pod) => isPod(fault, pod as Pod) && hasContainer(fault, pod as Pod),
      );
    case 'node':
      return named(store.list('nodes'), (node) => fits(name, node.metadata.name));
    case 'volume':
      return named(store.list('persistentvolumes'), (volume) => fits(name, volume.metadata.name));
    case 'claim': {
      const isMeant = (claim: KubeObject): boolean => isClaim(fault, claim as PersistentVolumeClaim);
      const claims = named(store.list('persistentvolumeclaims', namespace), isMeant);
      return fault.what === 'full' ? [...claims, ...volumesOf(store, claims)] : claims;
    }
    default:
      return [{ target, name: target === 'api' ? (fault.resource ?? '*') : name }];
  }
}

const isUnbound = (store: Store, { namespace = '', name }: FaultChange): boolean =>
  !store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name)?.spec.volumeName;

function volumesOf(store: Store, claims: readonly FaultChange[]): FaultChange[] {
  return [...store.list<PersistentVolume>('persistentvolumes')]
    .filter(({ spec: { claimRef } }) =>
      claims.some(({ namespace, name }) => claimRef?.namespace === namespace && claimRef?.name === name),
    )
    .map(({ metadata }) => ({ target: 'volume', name: metadata.name }));
}

/** Whether anything is there that the fault strikes. */
export function isAnythingAffected(store: Store, fault: FaultSpec): boolean {
  if (fault.target === 'api') return true;
  if (fault.what === 'pending') return affectedBy(store, fault).some((claim) => isUnbound(store, claim));
  if (fault.target !== 'image') return affectedBy(store, fault).length > 0;
  for (const { spec } of store.list<Pod>('pods')) {
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    if (containers.some(({ image }) => isImage(fault.name ?? '*', image ?? ''))) return true;
  }
  return false;
}
