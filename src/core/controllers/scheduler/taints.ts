/** Taints of nodes and what pods tolerate of them (as the TaintToleration and NodeUnschedulable plug-ins). */
import type { Node, Pod, Toleration } from '../../api/types';
import { tolerates } from '../../apiserver/tolerations';
import { final, type Refusal } from './types';

const UNSCHEDULABLE = final('node(s) were unschedulable');
/** Which taint it is must not be told to whoever may see pods alone. */
const UNTOLERATED = final('node(s) had untolerated taint(s)');

const tolerationsOf = (pod: Pod): readonly Toleration[] => pod.spec.tolerations ?? [];

/** A node that was closed takes only pods that tolerate it. */
export function unschedulable(pod: Pod, node: Node): Refusal | undefined {
  if (!node.spec?.unschedulable) return undefined;
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  return tolerationsOf(pod).some((toleration) => tolerates(toleration, taint)) ? undefined : UNSCHEDULABLE;
}

export function untolerated(pod: Pod, node: Node): Refusal | undefined {
  const taints = node.spec?.taints;
  if (!taints || taints.length === 0) return undefined;
  const repels = taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerationsOf(pod).some((toleration) => tolerates(toleration, taint)),
  );
  return repels ? UNTOLERATED : undefined;
}

/** How many taints there are that the pod would rather not have. */
export function dislikedTaints(pod: Pod, node: Node): number {
  const relevant = tolerationsOf(pod).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
  return (node.spec?.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && !relevant.some((toleration) => tolerates(toleration, taint)),
  ).length;
}
