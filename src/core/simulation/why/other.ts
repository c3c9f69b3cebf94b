/** Other objects: why they are not gone though they are deleted, and of a node, why pods do not come to it or leave it. */
import type { KubeObject, Node, Pod, PodDisruptionBudget } from '../../api/types';
import type { Explanation, Reason } from '../../reports/why';
import { budgetNotes } from './budget-notes';
import { deletionReasons } from './deletion';
import { nodeFaults } from './faults';
import { nodeState } from './nodes';
import { allUntil, endAlone, endsWith, plural, reason, remedies, subjectOf } from './words';
import type { World } from './world';

export function explainOther(world: World, object: KubeObject): Explanation {
  const leaving = object.metadata.deletionTimestamp !== undefined;
  if (object.kind === 'Node' && !leaving) return explainNode(world, object as Node);
  if (object.kind === 'PodDisruptionBudget' && !leaving) return explainBudget(world, object as PodDisruptionBudget);
  return {
    subject: subjectOf(object),
    summary: leaving
      ? 'it is being deleted'
      : 'nothing that is known here: only StatefulSets, pods and claims wait; of other objects it is known why they are not gone yet',
    reasons: deletionReasons(world, object),
    notes: [],
  };
}

function explainNode(world: World, node: Node): Explanation {
  const pods = world.list<Pod>('pods').filter(({ spec }) => spec.nodeName === node.metadata.name);
  const reasons = [...silence(world, node), ...cordon(node)];
  const state = reasons.length === 0 ? 'nothing: it is ready and takes pods' : 'it takes no new pods';
  return {
    subject: subjectOf(node),
    summary: `${state}; ${plural(pods.length, 'pod')} on it`,
    reasons,
    notes: budgetNotes(world, pods),
  };
}

function explainBudget(world: World, budget: PodDisruptionBudget): Explanation {
  const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = budget.status ?? {};
  const { namespace, name } = budget.metadata;
  return {
    subject: subjectOf(budget),
    summary:
      `nothing: it allows ${plural(disruptionsAllowed, 'eviction')} now ` +
      `(${desiredHealthy} healthy pods wanted, ${currentHealthy} there)`,
    reasons: [],
    notes: budgetNotes(world, world.list<Pod>('pods', namespace)).filter(({ on }) => on?.name === name),
  };
}

function silence(world: World, node: Node): readonly Reason[] {
  const faults = nodeFaults(world, node.metadata.name);
  const state = nodeState(node, faults);
  if (!state) return [];
  return [
    reason({
      rule: 'node-lost',
      on: subjectOf(node),
      message: `${state.because}: nobody knows what its pods are doing`,
      source: 'node lifecycle controller: monitorNodeHealth',
      since: state.since,
      until: allUntil(faults),
      endsAlone: faults.length > 0 && endAlone(faults),
      ends: endsWith('the node returns', faults),
      remedy: remedies(faults),
      because: faults,
    }),
  ];
}

const cordon = (node: Node): readonly Reason[] =>
  node.spec.unschedulable
    ? [
        reason({
          rule: 'node-cordoned',
          on: subjectOf(node),
          message: `node ${node.metadata.name} is cordoned: pods stay on it, and no new ones come`,
          source: 'scheduler: NodeUnschedulable plug-in',
          endsAlone: false,
          ends: `node ${node.metadata.name} is uncordoned`,
          remedy: [`uncordon ${node.metadata.name}`],
        }),
      ]
    : [];
