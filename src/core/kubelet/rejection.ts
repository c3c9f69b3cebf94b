/** Pods that somebody put on a node without asking the scheduler, and that the node turns away (as the kubelet's admission). */
import { hostPortsOf, NO_FREE_PORTS, portsClash } from '../api/host-ports';
import { isPodTerminal } from '../api/pod';
import type { Node, Pod, PodStatus } from '../api/types';
import { drivenAway, notSelected, predicateFailed, type Rejection, shortageOn, wasScheduled } from './admission';

export type { Rejection };

/** Why the node does not take the pod; `others` are all pods, wherever they are. */
export function rejectionOf(pod: Pod, node: Node | undefined, others: () => readonly Pod[]): Rejection | undefined {
  const wantsPorts = hostPortsOf(pod).length > 0;
  const isChecked = node !== undefined && !wasScheduled(pod);
  if (!wantsPorts && !isChecked) return undefined;
  const taken = others().filter((other) => isTaken(other, pod));
  if (!isChecked) return portConflict(pod, taken);
  return shortageOn(node, pod, taken) ?? notSelected(node, pod) ?? portConflict(pod, taken) ?? drivenAway(node, pod);
}

/** The node has taken the other pod, which has not ended. */
const isTaken = (other: Pod, pod: Pod): boolean =>
  other.spec.nodeName === pod.spec.nodeName &&
  other.metadata.uid !== pod.metadata.uid &&
  other.status.containerStatuses !== undefined &&
  !isPodTerminal(other);

function portConflict(pod: Pod, taken: readonly Pod[]): Rejection | undefined {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0 || !taken.some((other) => portsClash(wanted, hostPortsOf(other)))) return undefined;
  return predicateFailed('NodePorts', NO_FREE_PORTS);
}

/** Failed before anything was started (as rejectPod). */
export const rejectedStatus = ({ status, metadata }: Pod, { reason, message }: Rejection): PodStatus => ({
  ...status,
  observedGeneration: metadata.generation,
  phase: 'Failed',
  reason,
  message: `Pod was rejected: ${message}`,
});
