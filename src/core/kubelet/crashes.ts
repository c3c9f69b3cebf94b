/** Containers that a fault ends: when, and with what. What follows is the life of every container that ends. */
import type { Container, ContainerStatus } from '../api/types';
import { toTime } from '../meta/time';
import type { ContainerRecord } from './memory';
import { end, keep, recordOf } from './present-life';
import { type Progress, wake } from './progress';

/** How long a container lives at least before a fault ends it, ms. */
export const LIFE_MS = 1000;

/** The container as a fault ends it now; undefined where none does. A later end is noted as a wake-up. */
export function crashed(
  progress: Progress,
  container: Container,
  status: ContainerStatus,
): ContainerStatus | undefined {
  const { faults } = progress.facts;
  const crash = faults?.crash({ pod: progress.pod, container: container.name, restart: status.restartCount });
  if (!faults || !crash) return undefined;
  const record = knownFrom(progress, container, status);
  const endsBy = record.command?.state === 'ends' ? record.command.at : Number.POSITIVE_INFINITY;
  const at = Math.max(crash.since, Math.min(record.startedAt + LIFE_MS, endsBy));
  if (progress.now < at) {
    wake(progress, at);
    return undefined;
  }
  faults.struck(crash);
  keep(progress, container, { ...record, passes: crash.passes });
  return crash.how === 'oom' ? end(progress, status, 137, 'OOMKilled') : end(progress, status, 1);
}

/** A status has whole seconds: the instant of a start that is just taking place is remembered. */
function knownFrom(progress: Progress, container: Container, status: ContainerStatus): ContainerRecord {
  const record = recordOf(progress, container, status);
  const isRemembered = progress.record.containers[container.name]?.restart === status.restartCount;
  if (isRemembered || status.state?.running?.startedAt !== toTime(progress.now)) return record;
  const known = { ...record, startedAt: progress.now };
  keep(progress, container, known);
  return known;
}
