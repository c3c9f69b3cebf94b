/**
 * What a node finds wrong with a pod that was put on it past the scheduler (as generalFilter of kubelet/lifecycle/predicate.go):
 * room, selection, taints that drive away. The first trouble counts.
 */
import { isSelected, NOT_SELECTED } from '../api/node-selection';
import { podResourcesWithOverhead } from '../api/pod-resources';
import { resourceList } from '../api/resource-list';
import type { Node, Pod } from '../api/types';
import { tolerates } from '../apiserver/tolerations';
import type { Quantity } from '../meta/quantity';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Thousandths of a cpu; bytes, pieces. */
type Amounts = ReadonlyMap<string, bigint>;

const FIRST = ['cpu', 'memory', 'ephemeral-storage'];
const UNTOLERATED = "node(s) had taints that the pod didn't tolerate";
const known = new WeakMap<Pod['spec'], Amounts>();

export const predicateFailed = (name: string, what: string): Rejection => ({
  reason: name,
  message: `Predicate ${name} failed: ${what}`,
});

/** Somebody has looked whether the pod fits before it was bound. */
export const wasScheduled = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'PodScheduled' && is === 'True') === true;

/** What the node lacks for the pod beside those that it has taken. */
export function shortageOn(node: Node, pod: Pod, taken: readonly Pod[]): Rejection | undefined {
  const offered = resourceList(node.status?.allocatable);
  const room = offered.get('pods');
  if (room && BigInt(taken.length + 1) > room.value()) return outOf('pods', 1n, BigInt(taken.length), room.value());
  const requests = requestsOf(pod);
  const names = [...requests.keys()].filter((name) => !FIRST.includes(name)).sort();
  for (const name of [...FIRST, ...names]) {
    const wanted = requests.get(name) ?? 0n;
    const amount = offered.get(name);
    // What the node does not know is somebody else's matter.
    if (wanted <= 0n || !amount) continue;
    const capacity = inUnits(name, amount);
    const used = taken.reduce((sum, other) => sum + (requestsOf(other).get(name) ?? 0n), 0n);
    if (wanted > capacity - used) return outOf(name, wanted, used, capacity);
  }
  return undefined;
}

export const notSelected = (node: Node, pod: Pod): Rejection | undefined =>
  isSelected(pod, node) ? undefined : predicateFailed('NodeAffinity', NOT_SELECTED);

/** Only taints that drive pods away matter to the node: those that keep the scheduler off do not. */
export function drivenAway(node: Node, { spec: { tolerations = [] } }: Pod): Rejection | undefined {
  const drives = (node.spec?.taints ?? []).some(
    (taint) => taint.effect === 'NoExecute' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  return drives ? predicateFailed('TaintToleration', UNTOLERATED) : undefined;
}

const outOf = (name: string, requested: bigint, used: bigint, capacity: bigint): Rejection => ({
  reason: `OutOf${name}`,
  message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});

function requestsOf({ spec }: Pod): Amounts {
  let amounts = known.get(spec);
  if (!amounts) {
    amounts = new Map([...podResourcesWithOverhead(spec, 'requests')].map(([name, q]) => [name, inUnits(name, q)]));
    known.set(spec, amounts);
  }
  return amounts;
}

const inUnits = (name: string, amount: Quantity): bigint => (name === 'cpu' ? amount.milliValue() : amount.value());
