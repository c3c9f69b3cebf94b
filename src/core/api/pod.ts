/** Small questions about pods that more than one room asks. */
import type { Container, ContainerStatus, KubeObject, Pod, PodCondition } from './types';

/** The condition of that type, or undefined. */
export const podCondition = (pod: Pod, type: string): PodCondition | undefined =>
  pod.status.conditions?.find((condition) => condition.type === type);

/** Whether the Ready condition is True (as podutil.IsPodReady). */
export const isPodReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True';

/** When the Ready condition last changed, RFC 3339; undefined when the pod is not ready. */
export const readySince = (pod: Pod): string | undefined => {
  const ready = podCondition(pod, 'Ready');
  return ready?.status === 'True' ? ready.lastTransitionTime : undefined;
};

export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/** Whether the pod came to an end: it Succeeded or Failed. */
export const isPodTerminal = (pod: Pod): boolean => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';

/** An init container that runs on beside the others (as IsRestartableInitContainer). */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** The claims that the pod's volumes name, generic ephemeral ones included. */
export function claimNames(pod: Pod): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral ? [`${pod.metadata.name}-${volume.name}`] : [];
  });
}

/** Why a claim of that name is not the one of the pod's ephemeral volume, in words (as VolumeIsForPod); undefined where it is. */
export function ephemeralTrouble(pod: Pod, { metadata }: KubeObject): string | undefined {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner?.uid === pod.metadata.uid) return undefined;
  const { namespace, name } = pod.metadata;
  return `PVC ${metadata.namespace}/${metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}

/** All containers of a pod: its own, init containers, ephemeral ones. */
export const everyContainer = ({ spec }: Pick<Pod, 'spec'>): readonly Container[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []),
  ...(spec.ephemeralContainers ?? []),
];

/** The statuses of all containers of a pod. */
export const everyStatus = ({ status }: Pick<Pod, 'status'>): readonly ContainerStatus[] => [
  ...(status.containerStatuses ?? []),
  ...(status.initContainerStatuses ?? []),
  ...(status.ephemeralContainerStatuses ?? []),
];
