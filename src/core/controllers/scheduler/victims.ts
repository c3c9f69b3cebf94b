/** Drives out the pods that make room for one that matters more (as prepareCandidate). */
import type { Pod } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import { withDisruption } from '../../apiserver/disruption-target';
import { priorityOf } from './nominated';
import type { Candidate } from './preemption';
import { COMPONENT, PREEMPTED } from './types';
import type { ClusterView } from './view';

/**
 * The victims end as every pod that is deleted does, with their grace period, whatever budgets say. Gives the pods that waited
 * for the same node and matter less: they had better look elsewhere.
 */
export function driveOut(
  { store, recorder, now }: ControllerContext,
  view: ClusterView,
  pod: Pod,
  { node, victims }: Candidate,
): readonly Pod[] {
  const nodeName = node.metadata.name;
  const why = `${pod.spec.schedulerName ?? COMPONENT}: preempting to accommodate a higher priority pod`;
  for (const victim of victims) {
    if (victim.metadata.deletionTimestamp !== undefined) continue;
    const status = withDisruption(victim.status, PREEMPTED, why, now());
    if (status !== victim.status) store.updateStatus(victim, status);
    const { namespace = '', name, uid } = victim.metadata;
    store.delete('pods', namespace, name, { preconditions: { uid } });
    const text = `Preempted by pod ${pod.metadata.uid} on node ${nodeName}`;
    recorder.event(victim, 'Normal', 'Preempted', text, COMPONENT);
  }
  const displaced = view.nominated.on(nodeName).filter((other) => priorityOf(other) < priorityOf(pod));
  for (const other of displaced) {
    const { nominatedNodeName: _, ...status } = other.status;
    store.updateStatus<Pod>(other, status);
  }
  return displaced;
}
