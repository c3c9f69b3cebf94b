/** Which nodes can take a pod: the filters of the default profile in their order; a node's first refusal counts. */
import type { Node, Pod } from '../../api/types';
import { interPodFilter } from './inter-pod';
import { namedNodes, unselected } from './node-affinity';
import { placedOn, priorityOf } from './nominated';
import { spreadFilter } from './spread';
import { unschedulable, untolerated } from './taints';
import { termsOf } from './terms';
import { constraintsOf, final, type Refusal } from './types';
import type { ClusterView } from './view';

export interface FoundNodes {
  /** In order of their names; that on which room was made for the pod alone, where it can go there. */
  readonly nodes: readonly Node[];
  /** Of the others, in order of their names. */
  readonly refusals: ReadonlyMap<Node, Refusal>;
}

export type NodeFilter = (node: Node) => Refusal | undefined;

/** Nodes that the pod's affinity does not name are not looked at (as the result of PreFilter). */
const NOT_NAMED = final("node(s) didn't satisfy plugin(s) [NodeAffinity]");

export function findNodes(view: ClusterView, pod: Pod): FoundNodes {
  const filter = filterOf(view, pod);
  const named = namedNodes(pod);
  const nodes: Node[] = [];
  const refusals = new Map<Node, Refusal>();
  for (const node of view.nodes.values()) {
    const isOut = named !== undefined && !named.has(node.metadata.name);
    const refusal = isOut ? NOT_NAMED : (besideNominated(view, pod, node) ?? filter(node));
    if (refusal) refusals.set(node, refusal);
    else nodes.push(node);
  }
  const own = nodes.find((node) => node.metadata.name === pod.status.nominatedNodeName);
  return { nodes: own ? [own] : nodes, refusals };
}

/** What the nodes say to the pod as things are. */
export function filterOf(view: ClusterView, pod: Pod): NodeFilter {
  const spread = spreadFilter(view, pod);
  const interPod = interPodFilter(view, pod);
  const needs = view.volumes.needs(pod);
  return (node) =>
    unschedulable(pod, node) ??
    untolerated(pod, node) ??
    unselected(pod, node) ??
    view.ports.conflict(pod, node) ??
    view.room.shortage(pod, node) ??
    view.volumes.refusal(needs, node) ??
    spread?.(node) ??
    interPod?.(node);
}

/**
 * What the node says if the pods for which room is being made there had come, as far as they matter at least as much as the
 * pod does (as RunFilterPluginsWithNominatedPods). To be asked once the view has answered for the pod as things are.
 */
export function besideNominated(view: ClusterView, pod: Pod, node: Node): Refusal | undefined {
  if (nominatedBeside(view, pod, node).length === 0) return undefined;
  return withNominated(view, pod, node, () => filterOf(view, pod)(node));
}

/** Asks something as if these pods had come. */
export function withNominated<T>(view: ClusterView, pod: Pod, node: Node, ask: () => T): T {
  const came = nominatedBeside(view, pod, node).map((other) => placedOn(other, node));
  for (const other of came) view.place(undefined, other);
  try {
    return ask();
  } finally {
    for (const other of came) view.place(other, undefined);
  }
}

/** Whether company can help the pod: of any other it is true that it fits without those beside whom it fits. */
export const mayNeedCompany = (pod: Pod): boolean =>
  termsOf(pod).affinity.length > 0 ||
  constraintsOf(pod).some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');

const nominatedBeside = (view: ClusterView, pod: Pod, node: Node): readonly Pod[] =>
  view.nominated
    .on(node.metadata.name)
    .filter((other) => other.metadata.uid !== pod.metadata.uid && priorityOf(other) >= priorityOf(pod));
