/**
 * Which pods must go so that one that matters more finds a place (as the DefaultPreemption plug-in): on a node as few as
 * possible, those that matter least, sparing disruption budgets where that can be done; and the node where it hurts least.
 */
import type { Node, Pod, PodDisruptionBudget } from '../../api/types';
import { fromLabelSelector, matches } from '../../meta/labels';
import { compareText } from '../../meta/text';
import { isPlaced } from './counts';
import { besideNominated, type FoundNodes, filterOf, mayNeedCompany, withNominated } from './filters';
import { noPreemption } from './message';
import { priorityOf } from './nominated';
import { PREEMPTED, type Refusal } from './types';
import type { ClusterView } from './view';

const BUDGETS = 'poddisruptionbudgets.policy';
const NO_VICTIMS = 'No preemption victims found for incoming pod';
const NEVER = 'not eligible due to preemptionPolicy=Never.';
const UNDER_WAY = 'not eligible due to a terminating pod on the nominated node.';

export interface Candidate {
  readonly node: Node;
  /** Those that matter most first; at least one. */
  readonly victims: readonly Pod[];
  /** Victims that a disruption budget would not let go. */
  readonly violations: number;
}

export type Preemption =
  | { readonly candidate: Candidate }
  /** Nothing is to be done, in kube-scheduler's words; where room is being made for the pod already, that goes on or not. */
  | { readonly why: string; readonly goesOn: boolean };

/** Changes nothing. Budgets must be up to date. */
export function findPreemption(view: ClusterView, pod: Pod, { refusals }: FoundNodes): Preemption {
  if (pod.spec.preemptionPolicy === 'Never') return { why: NEVER, goesOn: true };
  if (isUnderWay(view, pod, refusals)) return { why: UNDER_WAY, goesOn: true };
  const lesser = lesserThan(view, pod);
  const budgets = [...view.store.list<PodDisruptionBudget>(BUDGETS)];
  const candidates: Candidate[] = [];
  const looked: (readonly string[])[] = [];
  for (const [node, { isFinal }] of refusals) {
    if (isFinal) continue;
    const found = onNode(view, pod, node, lesser.get(node.metadata.name) ?? [], budgets);
    if ('node' in found) candidates.push(found);
    else looked.push(found.reasons);
  }
  if (candidates.length > 0) return { candidate: candidates.reduce((a, b) => (isBetter(b, a) ? b : a)) };
  return { why: noPreemption(view.nodes.size, looked), goesOn: false };
}

/** Whether pods are ending for this pod already (as PodEligibleToPreemptOthers). Asked often while many wait: it looks at one node. */
function isUnderWay(view: ClusterView, pod: Pod, refusals: ReadonlyMap<Node, Refusal>): boolean {
  const node = view.nodes.get(pod.status.nominatedNodeName ?? '');
  if (!node || refusals.get(node)?.isFinal) return false;
  for (const uid of view.priorities.on(node.metadata.name)) {
    const other = view.store.byUid(uid) as Pod | undefined;
    if (!other || other.metadata.deletionTimestamp === undefined || priorityOf(other) >= priorityOf(pod)) continue;
    if (other.status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason === PREEMPTED) return true;
  }
  return false;
}

/** Node -> the pods there that matter less than one pod. Those that matter most first. */
type Lesser = ReadonlyMap<string, readonly Pod[]>;

function lesserThan({ store, priorities }: ClusterView, pod: Pod): Lesser {
  const found = new Map<string, Pod[]>();
  // Among pods of one priority, the usual case, nobody need be looked at.
  if (priorityOf(pod) <= priorities.lowest()) return found;
  for (const other of store.list<Pod>('pods')) {
    if (!isPlaced(other) || priorityOf(other) >= priorityOf(pod)) continue;
    const node = other.spec.nodeName ?? '';
    const pods = found.get(node) ?? [];
    found.set(node, pods);
    pods.push(other);
  }
  for (const pods of found.values()) pods.sort(byImportance);
  return found;
}

/** Whom the pod would drive from the node (as SelectVictimsOnNode); why it would not help otherwise. */
function onNode(
  view: ClusterView,
  pod: Pod,
  node: Node,
  others: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): Candidate | { readonly reasons: readonly string[] } {
  if (others.length === 0) return { reasons: [NO_VICTIMS] };
  const alone = (): Refusal | undefined => filterOf(view, pod)(node);
  // Many may be nominated: they are supposed to be there but once, unless the pod might fit because of them.
  if (mayNeedCompany(pod))
    return victimsOn(view, node, others, budgets, () => besideNominated(view, pod, node) ?? alone());
  return withNominated(view, pod, node, () => victimsOn(view, node, others, budgets, alone));
}

function victimsOn(
  view: ClusterView,
  node: Node,
  others: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
  refusal: () => Refusal | undefined,
): Candidate | { readonly reasons: readonly string[] } {
  for (const other of others) view.place(other, undefined);
  const gone = new Set(others);
  try {
    const still = refusal();
    if (still) return { reasons: still.reasons };
    const { protectedPods, others: free } = byBudget(others, budgets);
    for (const other of [...protectedPods, ...free]) {
      view.place(undefined, other);
      if (refusal()) view.place(other, undefined);
      else gone.delete(other);
    }
    const victims = others.filter((other) => gone.has(other));
    const violations = protectedPods.filter((other) => gone.has(other)).length;
    if (victims.length === 0) return { reasons: [NO_VICTIMS] };
    return { node, victims, violations };
  } finally {
    for (const other of gone) view.place(undefined, other);
  }
}

/** Those that matter more first, of equals those that have run longer (as MoreImportantPod). */
const byImportance = (a: Pod, b: Pod): number => priorityOf(b) - priorityOf(a) || compareText(startOf(a), startOf(b));

/** A pod that has not started starts later than all others. */
const startOf = ({ status }: Pod): string => status.startTime ?? '~';

/** Pods that budgets do not let go, and the others; each in the order given (as filterPodsWithPDBViolation). */
function byBudget(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]) {
  const left = budgets.map(({ metadata, spec, status }) => ({
    namespace: metadata.namespace,
    selector: fromLabelSelector(spec.selector),
    known: status?.disruptedPods ?? {},
    allowed: status?.disruptionsAllowed ?? 0,
  }));
  const protectedPods: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let isViolated = false;
    for (const budget of left) {
      if (budget.namespace !== pod.metadata.namespace || budget.selector === 'nothing' || budget.selector.length === 0)
        continue;
      if (!matches(budget.selector, pod.metadata.labels) || Object.hasOwn(budget.known, pod.metadata.name)) continue;
      budget.allowed -= 1;
      if (budget.allowed < 0) isViolated = true;
    }
    (isViolated ? protectedPods : others).push(pod);
  }
  return { protectedPods, others };
}

/** Whether it hurts less to make room there (as pickOneNodeForPreemption); of equals the first by name. */
function isBetter(a: Candidate, b: Candidate): boolean {
  const order =
    a.violations - b.violations ||
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    compareText(earliest(b), earliest(a));
  return order < 0;
}

const highest = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));

/** Every victim counts, those with a negative priority too. */
const sum = ({ victims }: Candidate): number => victims.reduce((total, pod) => total + priorityOf(pod) + 2 ** 31, 0);

/** When the first of the victims that matter most has started. */
function earliest(candidate: Candidate): string {
  const most = highest(candidate);
  const starts = candidate.victims.filter((pod) => priorityOf(pod) === most).map(startOf);
  return starts.reduce((a, b) => (compareText(b, a) < 0 ? b : a));
}
