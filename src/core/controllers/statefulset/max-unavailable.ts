/** How many pods a rolling update may take down at once, behind the MaxUnavailableStatefulSet gate. */
import type { StatefulSet } from '../../api/types';
import { scaledValue } from '../../meta/intstr';

/** Percentages are of the replicas, rounded down, and never less than 1 (as getStatefulSetMaxUnavailable). */
export function maxUnavailableOf(set: StatefulSet): number {
  const value = set.spec.updateStrategy.rollingUpdate?.maxUnavailable ?? 1;
  return Math.max(1, scaledValue(value, set.spec.replicas, false));
}
