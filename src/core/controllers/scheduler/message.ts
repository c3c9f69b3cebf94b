/** Why no node takes a pod, in kube-scheduler's words (as FitError). */
import { compareText } from '../../meta/text';
import type { Refusal } from './types';

/** `refusals` holds one a node. */
export function message(nodes: number, refusals: readonly Refusal[]): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { reasons } of refusals) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const why = [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort(compareText)
    .join(', ');
  return `0/${nodes} nodes are available: ${why}. ${noPreemption(nodes, refusals)}`;
}

/** Nodes on which pods of a lower priority could have made room, had there been any, and those where nothing would help. */
function noPreemption(nodes: number, refusals: readonly Refusal[]): string {
  const hopeless = refusals.filter((refusal) => refusal.isFinal).length;
  const reasons = [
    hopeless < nodes ? `${nodes - hopeless} No preemption victims found for incoming pod` : '',
    hopeless > 0 ? `${hopeless} Preemption is not helpful for scheduling` : '',
  ].filter((reason) => reason !== '');
  return `preemption: 0/${nodes} nodes are available: ${reasons.sort(compareText).join(', ')}.`;
}
