/** Variants of one plan side by side: a row each. */
import type { PlanAnswer } from '../../core/reports/plan';
import { lasting, table } from './words';

export interface ComparedView {
  readonly label: string;
  readonly plan: PlanAnswer;
}

/** How many changes of the order are shown. */
const MOST_PODS = 12;

export function compareText(command: string, variants: readonly ComparedView[]): string {
  const rows = variants.map(({ label, plan }) => {
    const { availability, durationSeconds = 0, budgets = [] } = plan;
    if (plan.result === 'refused') return [label, 'refused', '-', '-', '-', '-', '-'];
    return [
      label,
      plan.result,
      lasting(durationSeconds * 1000),
      String(availability?.mostUnavailable ?? 0),
      lasting((availability?.downtimeSeconds ?? 0) * 1000),
      String(budgets.length),
      orderOf(plan),
    ];
  });
  const head = ['VARIANT', 'RESULT', 'DURATION', 'MOST DOWN', 'DOWNTIME', 'BUDGETS BROKEN', 'PODS CREATED IN ORDER'];
  return `Plan: ${command}\n\n${table([head, ...rows])}`;
}

/** The pods in the order in which they are created; those of one instant together. */
function orderOf({ transitions = [] }: PlanAnswer): string {
  const created = transitions.filter(({ event }) => event === 'create');
  const groups: string[][] = [];
  let last = '';
  for (const { time, pod } of created.slice(0, MOST_PODS)) {
    if (time === last) groups.at(-1)?.push(pod);
    else groups.push([pod]);
    last = time;
  }
  const more = created.length > MOST_PODS ? ` … ${created.length - MOST_PODS} more` : '';
  return groups.length === 0 ? 'none' : groups.map((group) => group.join('+')).join(' ') + more;
}
