/** Why no node takes a pod, in kube-scheduler's words (as FitError). */
import { compareText } from '../../meta/text';
import type { Refusal } from './types';

/** What the DynamicResources plug-in has to say of a pod without resource claims, asked before preemption is. */
const NO_CLAIMS = 'no new claims to deallocate';
const NOT_HELPFUL = 'Preemption is not helpful for scheduling';

/** `refusals` holds one a node. What was tried against it follows, where it did not help. */
export function message(nodes: number, refusals: Iterable<Refusal>, preemption?: string): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const why = available(
    nodes,
    [...refusals].flatMap(({ reasons }) => reasons),
  );
  return preemption === undefined ? why : `${why} ${NO_CLAIMS}, preemption: ${preemption}`;
}

/** Why on no node other pods could make room; `looked` holds the reasons of each node where that was looked into. */
export function noPreemption(nodes: number, looked: readonly (readonly string[])[]): string {
  const hopeless = new Array<string>(nodes - looked.length).fill(NOT_HELPFUL);
  return available(nodes, [...looked.flat(), ...hopeless]);
}

function available(nodes: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const why = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(compareText);
  return `0/${nodes} nodes are available: ${why.join(', ')}.`;
}
