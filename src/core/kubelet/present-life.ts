/** The present life of a container that is played: what is remembered of it, what is run in it, and its end. */
import type { Container, ContainerStatus } from '../api/types';
import type { RunPurpose } from '../apiserver/container-runtime';
import { fromTime } from '../meta/time';
import type { ContainerRecord, ProbeRecord } from './memory';
import { terminated } from './pod-status';
import type { Progress } from './progress';

/** What is remembered of the container's present life; made up from its status where nothing is. */
export function recordOf(progress: Progress, container: Container, status: ContainerStatus): ContainerRecord {
  const record = progress.record.containers[container.name];
  if (record && record.restart === status.restartCount) return record;
  const startedAt = status.state?.running?.startedAt;
  return {
    restart: status.restartCount,
    startedAt: startedAt === undefined ? progress.now : fromTime(startedAt),
    probes: record === undefined && startedAt !== undefined ? probesAsSeen(status) : {},
    ...(record?.backOffMs !== undefined && { backOffMs: record.backOffMs }),
  };
}

/** What the probes of a container must have answered that nobody here has seen start. */
const probesAsSeen = ({ started, ready }: ContainerStatus): ContainerRecord['probes'] => ({
  ...(started && { startup: PASSED, liveness: PASSED }),
  ...(ready && { readiness: PASSED }),
});

const PASSED: ProbeRecord = { streak: 1, last: true, passed: true };

export function keep(progress: Progress, container: Container, record: ContainerRecord): void {
  const { containers } = progress.record;
  progress.record = { ...progress.record, containers: { ...containers, [container.name]: record } };
}

/** Asks for a run in the container; a probe gets so many ms. */
export function ask(
  progress: Progress,
  container: Container,
  { restartCount }: ContainerStatus,
  purpose: RunPurpose,
  timeoutMs?: number,
): void {
  const { namespace = '', name, uid } = progress.pod.metadata;
  const what = purpose.kind === 'probe' ? purpose.probe : purpose.kind === 'hook' ? purpose.hook : 'start';
  progress.runs.push({
    id: `${uid}/${container.name}/${restartCount}/${what}`,
    ref: { namespace, pod: name, uid, container: container.name, restart: restartCount },
    purpose,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

/** The container ends now. */
export function end(
  progress: Progress,
  status: ContainerStatus,
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  message?: string,
): ContainerStatus {
  const ready = exitCode === 0 && isInit(progress, status);
  return terminated(status, { exitCode, reason, message }, progress.now, ready);
}

const isInit = ({ pod }: Progress, { name }: ContainerStatus): boolean =>
  (pod.spec.initContainers ?? []).some((container) => container.name === name);
