/** Rows of nodes, leases, priorities, budgets and autoscalers. */

import type { Node, PodDisruptionBudget } from '../../api/types';
import { compareText } from '../../meta/text';
import {
  AGE,
  ageOf,
  asMaps,
  asNumber,
  asText,
  at,
  integer,
  type Json,
  NAME,
  type TablePrinter,
  text,
  wide,
} from './printer';

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
    const architecture = node.status?.nodeInfo?.architecture;
    return [
      node.metadata.name,
      nodeStatus(node),
      rolesOf(node) || '<none>',
      ageOf(node, now),
      node.status?.nodeInfo?.kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      info('osImage'),
      architecture ? `${info('kernelVersion')} (${architecture})` : info('kernelVersion'),
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

/** Nothing measures here: the present value of every metric is unknown. */
export const autoscalerPrinter = (): TablePrinter => ({
  columns: [NAME, text('Reference'), text('Targets'), text('MinPods'), text('MaxPods'), text('Replicas'), AGE],
  cells: (autoscaler, now) => [
    autoscaler.metadata.name,
    `${asText(at(autoscaler, 'spec', 'scaleTargetRef', 'kind'))}/${asText(at(autoscaler, 'spec', 'scaleTargetRef', 'name'))}`,
    targetsOf(asMaps(at(autoscaler, 'spec', 'metrics'))),
    asText(at(autoscaler, 'spec', 'minReplicas')) || '<unset>',
    asText(at(autoscaler, 'spec', 'maxReplicas')),
    asText(at(autoscaler, 'status', 'currentReplicas')) || '0',
    ageOf(autoscaler, now),
  ],
});

/** The first two metrics, and how many more there are (as formatHPAMetrics). */
function targetsOf(metrics: readonly Json[]): string {
  if (metrics.length === 0) return '<none>';
  const shown = metrics.slice(0, 2).map(targetOf).join(', ');
  return metrics.length > 2 ? `${shown} + ${metrics.length - 2} more...` : shown;
}

function targetOf(metric: Json): string {
  const fields: Record<string, string> = {
    ContainerResource: 'containerResource',
    External: 'external',
    Object: 'object',
    Pods: 'pods',
    Resource: 'resource',
  };
  const field = fields[asText(metric.type)];
  if (field === undefined) return '<unknown type>';
  const source = at(metric, field);
  const utilization = asText(at(source, 'target', 'averageUtilization'));
  const target = utilization
    ? `${utilization}%`
    : asText(at(source, 'target', 'averageValue') ?? at(source, 'target', 'value'));
  const prefix = field === 'resource' || field === 'containerResource' ? `${asText(at(source, 'name'))}: ` : '';
  const suffix = !prefix && field !== 'pods' && at(source, 'target', 'averageValue') !== undefined ? ' (avg)' : '';
  return `${prefix}<unknown>/${target || '<auto>'}${suffix}`;
}
