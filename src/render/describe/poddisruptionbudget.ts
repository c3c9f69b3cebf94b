/** `describe poddisruptionbudget`. */

import type { PodDisruptionBudget } from '../../core/api/types';
import { formatLabelSelector } from '../../core/meta/labels';
import { writeEvents } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describePodDisruptionBudget(budget: PodDisruptionBudget, related: Related, now: number): string {
  const w = new DetailWriter();
  const { metadata, spec, status } = budget;
  w.field(0, 'Name', metadata.name);
  w.field(0, 'Namespace', metadata.namespace ?? '');
  if (spec.minAvailable !== undefined) w.field(0, 'Min available', spec.minAvailable);
  else if (spec.maxUnavailable !== undefined) w.field(0, 'Max unavailable', spec.maxUnavailable);
  w.field(0, 'Selector', spec.selector ? formatLabelSelector(spec.selector) : '<unset>');
  w.line(0, 'Status:');
  w.field(2, 'Allowed disruptions', status?.disruptionsAllowed ?? 0);
  w.field(2, 'Current', status?.currentHealthy ?? 0);
  w.field(2, 'Desired', status?.desiredHealthy ?? 0);
  w.field(2, 'Total', status?.expectedPods ?? 0);
  writeEvents(w, related.events, now);
  return w.toString();
}
