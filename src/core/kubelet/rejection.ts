/** Pods that somebody put on a node without asking the scheduler, and that the node turns away (as the kubelet's admission). */
import { hostPortsOf, NO_FREE_PORTS, portsClash } from '../api/host-ports';
import { isPodTerminal } from '../api/pod';
import type { Pod, PodStatus } from '../api/types';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Why the node does not take the pod; `others` are all pods, wherever they are. */
export function rejectionOf(pod: Pod, others: () => readonly Pod[]): Rejection | undefined {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0) return undefined;
  const isTaken = others().some(
    (other) =>
      other.spec.nodeName === pod.spec.nodeName &&
      other.metadata.uid !== pod.metadata.uid &&
      other.status.containerStatuses !== undefined &&
      !isPodTerminal(other) &&
      portsClash(wanted, hostPortsOf(other)),
  );
  return isTaken ? { reason: 'NodePorts', message: `Predicate NodePorts failed: ${NO_FREE_PORTS}` } : undefined;
}

/** Failed before anything was started (as rejectPod). */
export const rejectedStatus = ({ status, metadata }: Pod, { reason, message }: Rejection): PodStatus => ({
  ...status,
  observedGeneration: metadata.generation,
  phase: 'Failed',
  reason,
  message: `Pod was rejected: ${message}`,
});
