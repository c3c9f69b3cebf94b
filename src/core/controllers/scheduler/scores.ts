/** Which of several nodes is best for a pod: the scores of the default profile, by their weights. */
import type { Node, Pod } from '../../api/types';
import { compareText } from '../../meta/text';
import type { NodeRoom } from './fit';
import { type InterPodState, interPodScores } from './inter-pod';
import { preference } from './node-affinity';
import { type SpreadState, spreadScores } from './spread';
import { dislikedTaints } from './taints';

export interface ScoreState extends InterPodState, SpreadState {
  readonly room: NodeRoom;
}

const WEIGHTS = { taints: 3, nodeAffinity: 2, fit: 1, spread: 2, interPod: 2, balanced: 1 };

/**
 * The best of the nodes that can take the pod. Of equals (upstream throws a die) the one that `liked` names, then the one
 * with the fewest pods, then the first by name.
 */
export function best(state: ScoreState, pod: Pod, nodes: readonly Node[], liked: string | undefined): Node {
  const [only] = nodes as readonly [Node, ...Node[]];
  if (nodes.length === 1) return only;
  const totals = nodes.map(
    (node) => WEIGHTS.fit * state.room.leastAllocated(pod, node) + WEIGHTS.balanced * state.room.balanced(pod, node),
  );
  const add = (weight: number, scores: readonly number[] | undefined): void => {
    scores?.forEach((score, i) => {
      totals[i] = (totals[i] ?? 0) + weight * score;
    });
  };
  add(WEIGHTS.taints, reversed(nodes.map((node) => dislikedTaints(pod, node))));
  add(WEIGHTS.nodeAffinity, normalized(nodes.map((node) => preference(pod, node))));
  add(WEIGHTS.spread, spreadScores(state, pod, nodes));
  add(WEIGHTS.interPod, interPodScores(state, pod, nodes));
  const most = Math.max(...totals);
  const tied = nodes.filter((_, i) => totals[i] === most);
  const name = (node: Node): string => node.metadata.name;
  return (
    tied.find((node) => name(node) === liked) ??
    tied.reduce((a, b) => {
      const order = state.room.pods(name(b)) - state.room.pods(name(a)) || compareText(name(b), name(a));
      return order < 0 ? b : a;
    }, tied[0] as Node)
  );
}

/** To 0…100 by the largest (as DefaultNormalizeScore). */
function normalized(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  return scores.map((score) => (most === 0 ? 0 : Math.trunc((100 * score) / most)));
}

const reversed = (scores: readonly number[]): number[] => normalized(scores).map((score) => 100 - score);
