/** When an import was read, as far as the objects themselves tell. */
import type { KubeObject, Pod, StatefulSet } from '../../../api/types';
import { fromTime } from '../../../meta/time';

/** The last instant (ms) that the objects tell of, and by which those that are available are so. */
export function instantOf({ objects }: { readonly objects: readonly KubeObject[] }): number {
  let last = 0;
  const note = (time: unknown, plus = 0): void => {
    const at = typeof time === 'string' && time !== '' ? fromTime(time) + plus : Number.NaN;
    if (at > last) last = at;
  };
  const patience = new Map<string, number>();
  for (const object of objects)
    if (object.kind === 'StatefulSet') {
      const { spec, status } = object as StatefulSet;
      const isAvailable = status?.availableReplicas === status?.readyReplicas;
      patience.set(object.metadata.uid, isAvailable ? Number(spec.minReadySeconds ?? 0) * 1000 : 0);
    }
  for (const object of objects) {
    note(object.metadata.creationTimestamp);
    if (object.kind !== 'Pod') continue;
    const { status } = object as Pod;
    for (const { lastTransitionTime } of status?.conditions ?? []) note(lastTransitionTime);
    for (const { state } of status?.containerStatuses ?? []) note(state?.running?.startedAt);
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
    if (ready?.status === 'True') note(ready.lastTransitionTime, patience.get(owner?.uid ?? '') ?? 0);
  }
  return last;
}
