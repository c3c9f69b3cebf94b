/** Rows of nodes, leases, priorities, budgets and autoscalers. */

import type { Node, PodDisruptionBudget } from '../../api/types';
import { compareText } from '../../meta/text';
import { AGE, ageOf, asNumber, asText, at, integer, NAME, type TablePrinter, text, wide } from './printer';

export const nodePrinter = (): TablePrinter<Node> => ({
  columns: [
    NAME,
    text('Status'),
    text('Roles'),
    AGE,
    text('Version'),
    wide('Internal-IP'),
    wide('External-IP'),
    wide('OS-Image'),
    wide('Kernel-Version'),
    wide('Container-Runtime'),
  ],
  cells(node, now) {
    const address = (type: string): string => node.status?.addresses?.find((a) => a.type === type)?.address || '<none>';
    const info = (field: string): string => node.status?.nodeInfo?.[field] || '<unknown>';
    return [
      node.metadata.name,
      nodeStatus(node),
      rolesOf(node) || '<none>',
      ageOf(node, now),
      node.status?.nodeInfo?.kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      info('osImage'),
      info('kernelVersion'),
      info('containerRuntimeVersion'),
    ];
  },
});

function nodeStatus(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (node.spec?.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

function rolesOf(node: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(prefix)) roles.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role') roles.add(value);
  }
  roles.delete('');
  return [...roles].sort(compareText).join(',');
}

export const budgetPrinter = (): TablePrinter<PodDisruptionBudget> => ({
  columns: [NAME, text('Min Available'), text('Max Unavailable'), integer('Allowed Disruptions'), AGE],
  cells: (budget, now) => [
    budget.metadata.name,
    String(budget.spec.minAvailable ?? 'N/A'),
    String(budget.spec.maxUnavailable ?? 'N/A'),
    budget.status?.disruptionsAllowed ?? 0,
    ageOf(budget, now),
  ],
});

export const leasePrinter = (): TablePrinter => ({
  columns: [NAME, text('Holder'), AGE],
  cells: (lease, now) => [lease.metadata.name, asText(at(lease, 'spec', 'holderIdentity')), ageOf(lease, now)],
});

export const priorityClassPrinter = (): TablePrinter => ({
  columns: [
    NAME,
    integer('Value'),
    { name: 'Global-Default', type: 'boolean', priority: 0 },
    AGE,
    text('PreemptionPolicy'),
  ],
  cells: (priority, now) => [
    priority.metadata.name,
    asNumber(priority.value),
    priority.globalDefault === true,
    ageOf(priority, now),
    asText(priority.preemptionPolicy),
  ],
});
