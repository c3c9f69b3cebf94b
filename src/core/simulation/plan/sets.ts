/** Whether StatefulSets are where they are to be: what decides between settled and stuck. */
import { isPodReady, isTerminating } from '../../api/pod';
import type { Pod, StatefulSet } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { isInOrdinalRange, parentAndOrdinal, revisionOf, startOrdinal } from '../../controllers/statefulset/utils';

export const SETS = 'statefulsets.apps';

export const controllerOf = (pod: Pod): string | undefined =>
  pod.metadata.ownerReferences?.find((reference) => reference.controller)?.uid;

/** The pods of each set, by the set's uid, in one look at all pods. */
export function podsBySet(store: Store): ReadonlyMap<string, readonly Pod[]> {
  const sets = new Map<string, Pod[]>();
  for (const pod of store.list<Pod>('pods')) {
    const uid = controllerOf(pod);
    if (uid === undefined) continue;
    const pods = sets.get(uid);
    if (pods) pods.push(pod);
    else sets.set(uid, [pod]);
  }
  return sets;
}

/** What a set that nothing more will happen to is short of, in a few words; undefined where it is what it is to be. */
export function shortOf(set: StatefulSet, pods: readonly Pod[]): string | undefined {
  const { spec, status, metadata } = set;
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (status.observedGeneration !== metadata.generation) return 'its controller has not seen its last change';
  const ready = status.readyReplicas ?? 0;
  const wanted = spec.replicas;
  if (ready < wanted) return `${ready} of ${wanted} pods are ready`;
  if (status.availableReplicas < wanted) return `${status.availableReplicas} of ${wanted} pods are available`;
  const condemned = pods.filter((pod) => !isInOrdinalRange(set, ordinalIn(pod))).length;
  if (condemned > 0) return `${condemned} pod${condemned > 1 ? 's' : ''} too many`;
  const behind = outdated(set, pods).filter((pod) => !isHeldBack(set, pod)).length;
  if (behind > 0) return `${behind} pod${behind > 1 ? 's are' : ' is'} not updated`;
  return undefined;
}

/** Pods that don't wear the update revision. */
export const outdated = (set: StatefulSet, pods: readonly Pod[]): readonly Pod[] =>
  pods.filter((pod) => !isTerminating(pod) && revisionOf(pod) !== set.status.updateRevision);

/** Whether the update strategy keeps the controller from updating the pod. */
export function isHeldBack(set: StatefulSet, pod: Pod): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  if (type === 'OnDelete') return true;
  return ordinalIn(pod) < startOrdinal(set) + (rollingUpdate?.partition ?? 0);
}

/** Whether a set bears the pod's name or is to bear it. */
export function isWanted(store: Store, sets: ReadonlySet<string>, namespace: string, name: string): boolean {
  const { parent, ordinal } = parentAndOrdinal(name);
  const set = sets.has(`${namespace}/${parent}`) ? store.get<StatefulSet>(SETS, namespace, parent) : undefined;
  if (set) return set.metadata.deletionTimestamp === undefined && isInOrdinalRange(set, ordinal);
  const pod = store.get<Pod>('pods', namespace, name);
  return pod !== undefined && !isTerminating(pod);
}

/** A pod that belongs to no set and is not what it is to be: ready, or through with its work. */
export const isUnfinished = (pod: Pod): boolean =>
  !isTerminating(pod) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed' && !isPodReady(pod);

const ordinalIn = (pod: Pod): number => parentAndOrdinal(pod.metadata.name).ordinal;
