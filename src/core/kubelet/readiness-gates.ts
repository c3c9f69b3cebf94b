/** Conditions that others set and the pod's readiness hangs on (as NeedToReconcilePodReadiness): the kubelet looks when they change. */
import { podCondition } from '../api/pod';
import type { Pod } from '../api/types';

/** Whether somebody has set one of the pod's readiness gates otherwise. */
export function gatesMoved(old: Pod, pod: Pod): boolean {
  const gates = pod.spec.readinessGates as readonly { readonly conditionType: string }[] | undefined;
  if (!gates || old.status === pod.status) return false;
  return gates.some(
    ({ conditionType }) => podCondition(old, conditionType)?.status !== podCondition(pod, conditionType)?.status,
  );
}
