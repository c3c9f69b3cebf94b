/** Pure questions about sets and their pods (as stateful_set_utils.go). */
import { isPodReady, readySince } from '../../api/pod';
import type { OwnerReference, Pod, StatefulSet } from '../../api/types';
import { fromTime } from '../../meta/time';

export const REVISION_LABEL = 'controller-revision-hash';
export const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

const MAX_ORDINAL = 2 ** 31 - 1;

export interface ParentAndOrdinal {
  /** Empty when the name has no ordinal. */
  readonly parent: string;
  /** -1 when the name has no ordinal, or one that is no 32-bit number. */
  readonly ordinal: number;
}

/** Splits `web-0` into its set's name and its ordinal (as getParentNameAndOrdinal). */
export function parentAndOrdinal(podName: string): ParentAndOrdinal {
  let at = podName.length;
  while (at > 0 && podName.charCodeAt(at - 1) >= 48 && podName.charCodeAt(at - 1) <= 57) at -= 1;
  if (at === podName.length || at === 0 || podName[at - 1] !== '-') return { parent: '', ordinal: -1 };
  const ordinal = Number(podName.slice(at));
  return { parent: podName.slice(0, at - 1), ordinal: ordinal > MAX_ORDINAL ? -1 : ordinal };
}

export const ordinalOf = (pod: Pod): number => parentAndOrdinal(pod.metadata.name).ordinal;
export const podNameFor = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;
export const isMemberOf = (set: StatefulSet, pod: Pod): boolean =>
  parentAndOrdinal(pod.metadata.name).parent === set.metadata.name;

export const startOrdinal = (set: StatefulSet): number => set.spec.ordinals?.start ?? 0;
/** The highest ordinal of the set; below the start where it has no replicas. */
export const endOrdinal = (set: StatefulSet): number => startOrdinal(set) + set.spec.replicas - 1;
export const isInOrdinalRange = (set: StatefulSet, ordinal: number): boolean =>
  ordinal >= startOrdinal(set) && ordinal <= endOrdinal(set);

export const allowsBurst = (set: StatefulSet): boolean => set.spec.podManagementPolicy === 'Parallel';

export const isCreated = (pod: Pod): boolean => pod.status.phase !== undefined && pod.status.phase !== '';
export const isPending = (pod: Pod): boolean => pod.status.phase === 'Pending';
export const isFailed = (pod: Pod): boolean => pod.status.phase === 'Failed';
export const isSucceeded = (pod: Pod): boolean => pod.status.phase === 'Succeeded';
export const revisionOf = (pod: Pod): string => pod.metadata.labels?.[REVISION_LABEL] ?? '';

/** Both the phase and the condition count (as isRunningAndReady). */
export const isRunningAndReady = (pod: Pod): boolean => pod.status.phase === 'Running' && isPodReady(pod);

/**
 * When a running and ready pod has been ready for `minReadySeconds` (ms since 1970); undefined while it is not ready.
 * Zero seconds make every ready pod available (as podutil.IsPodAvailable).
 */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  if (!isRunningAndReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = readySince(pod);
  return since === undefined ? undefined : fromTime(since) + minReadySeconds * 1000;
}

/** Name, namespace, the two labels, hostname and subdomain are those of the set's member (as identityMatches). */
export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const { parent, ordinal } = parentAndOrdinal(pod.metadata.name);
  return (
    ordinal >= 0 &&
    parent === set.metadata.name &&
    pod.metadata.name === podNameFor(set, ordinal) &&
    pod.metadata.namespace === set.metadata.namespace &&
    pod.metadata.labels?.[POD_NAME_LABEL] === pod.metadata.name &&
    pod.metadata.labels?.[POD_INDEX_LABEL] === String(ordinal)
  );
}

export function newControllerRef(set: StatefulSet): OwnerReference {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: set.metadata.name,
    uid: set.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
