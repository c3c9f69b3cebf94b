/** The set's status: computed from the counters, written when it differs (as updateStatefulSetStatus). */
import type { StatefulSet, StatefulSetStatus } from '../../api/types';
import type { SetRevisions } from './history';
import type { Replicas } from './replicas';

/** What the status says of the pods as they were when the sync began. */
export function computeStatus(set: StatefulSet, revisions: SetRevisions, replicas: Replicas): StatefulSetStatus {
  const counts = replicas.counts;
  const current = revisions.current.metadata.name;
  const update = revisions.update.metadata.name;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: counts.replicas,
    readyReplicas: counts.ready,
    availableReplicas: counts.available,
    currentReplicas: replicas.livingAt(current),
    updatedReplicas: replicas.livingAt(update),
    currentRevision: current,
    updateRevision: update,
    collisionCount: revisions.collisionCount,
  };
}

/**
 * The update revision becomes the current one once a RollingUpdate is through: updated, ready and total replicas are all
 * what the spec asks for (as completeRollingUpdate).
 */
export function completeRollingUpdate(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const through =
    set.spec.updateStrategy.type === 'RollingUpdate' &&
    status.updatedReplicas === status.replicas &&
    status.readyReplicas === status.replicas &&
    status.replicas === set.spec.replicas;
  if (!through) return status;
  return {
    ...status,
    ...(status.updateRevision !== undefined && { currentRevision: status.updateRevision }),
    currentReplicas: status.updatedReplicas ?? 0,
  };
}

const COMPARED = [
  'observedGeneration',
  'replicas',
  'readyReplicas',
  'availableReplicas',
  'currentReplicas',
  'updatedReplicas',
  'currentRevision',
  'updateRevision',
  'collisionCount',
] as const;

/** Whether the stored status must be replaced; counters that are absent are zero. */
export const isInconsistent = (stored: StatefulSetStatus, status: StatefulSetStatus): boolean =>
  stored.collisionCount === undefined || COMPARED.some((field) => (stored[field] ?? 0) !== (status[field] ?? 0));

/** As Go writes it: zero counters with omitempty are left out. */
export function omitZeroes(status: StatefulSetStatus): StatefulSetStatus {
  const { readyReplicas, currentReplicas, updatedReplicas, ...rest } = status;
  return {
    ...rest,
    ...(readyReplicas && { readyReplicas }),
    ...(currentReplicas && { currentReplicas }),
    ...(updatedReplicas && { updatedReplicas }),
  };
}
