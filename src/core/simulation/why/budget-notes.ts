/** Pods on a cordoned node that a disruption budget keeps there: what a drain waits for. */
import { isPodTerminal, isTerminating } from '../../api/pod';
import type { Node, Pod, PodDisruptionBudget } from '../../api/types';
import { fromLabelSelector, matches } from '../../meta/labels';
import type { Reason } from '../../reports/why';
import { command, listed, quoted, reason, subjectOf } from './words';
import type { World } from './world';

/** Of these pods; each budget is told once. */
export function budgetNotes(world: World, pods: readonly Pod[]): readonly Reason[] {
  const held = pods.filter((pod) => isOnCordoned(world, pod) && !isTerminating(pod) && !isPodTerminal(pod));
  const [first] = held;
  if (!first) return [];
  return world
    .list<PodDisruptionBudget>('poddisruptionbudgets.policy', first.metadata.namespace)
    .filter(({ status }) => (status?.disruptionsAllowed ?? 0) === 0)
    .flatMap((budget) => {
      const selector = fromLabelSelector(budget.spec.selector);
      const kept = held.filter(({ metadata }) => matches(selector, metadata.labels));
      return kept.length > 0 ? [told(budget, kept)] : [];
    });
}

const isOnCordoned = (world: World, { spec }: Pod): boolean =>
  spec.nodeName !== undefined && world.get<Node>('nodes', undefined, spec.nodeName)?.spec.unschedulable === true;

function told(budget: PodDisruptionBudget, pods: readonly Pod[]): Reason {
  const { name, namespace } = budget.metadata;
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0 } = budget.status ?? {};
  const names = pods.map(({ metadata }) => metadata.name);
  const nodes = [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))].sort();
  const allHealthy = currentHealthy >= expectedPods && currentHealthy > 0;
  const less = budget.spec.minAvailable !== undefined ? { minAvailable: currentHealthy - 1 } : { maxUnavailable: 1 };
  return reason({
    rule: 'disruption-budget',
    on: subjectOf(budget),
    message:
      `${listed(names)} can't be evicted from ${listed(nodes)}, which ${nodes.length > 1 ? 'are' : 'is'} cordoned: ` +
      `budget ${name} wants ${desiredHealthy} healthy pods, and there are ${currentHealthy}`,
    source: 'API server: EvictionREST',
    endsAlone: false,
    ends: allHealthy ? `budget ${name} wants fewer healthy pods` : `more pods of budget ${name} are healthy`,
    remedy: allHealthy
      ? [command(namespace, `patch pdb ${name} --type=merge -p ${quoted(JSON.stringify({ spec: less }))}`)]
      : [],
  });
}
