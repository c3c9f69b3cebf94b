/** Which nodes can take a pod: the filters of the default profile in their order; a node's first refusal counts. */
import type { Node, Pod } from '../../api/types';
import { interPodFilter } from './inter-pod';
import { unselected } from './node-affinity';
import { spreadFilter } from './spread';
import { unschedulable, untolerated } from './taints';
import type { Refusal } from './types';
import type { ClusterView } from './view';
import type { VolumeNeeds } from './volumes';

export interface FoundNodes {
  /** In order of their names. */
  readonly nodes: readonly Node[];
  /** Of the others. */
  readonly refusals: readonly Refusal[];
}

export function findNodes(view: ClusterView, pod: Pod, needs: VolumeNeeds): FoundNodes {
  const spread = spreadFilter(view, pod);
  const interPod = interPodFilter(view, pod);
  const nodes: Node[] = [];
  const refusals: Refusal[] = [];
  for (const node of view.nodes.values()) {
    const refusal =
      unschedulable(pod, node) ??
      untolerated(pod, node) ??
      unselected(pod, node) ??
      view.ports.conflict(pod, node) ??
      view.room.shortage(pod, node) ??
      view.volumes.refusal(needs, node) ??
      spread?.(node) ??
      interPod?.(node);
    if (refusal) refusals.push(refusal);
    else nodes.push(node);
  }
  return { nodes, refusals };
}
