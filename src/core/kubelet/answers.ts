/** What the answer of a run inside a container comes to: pure, like everything that the kubelet decides. */
import type { Container, ContainerStatus, Pod } from '../api/types';
import type { SimulationConfig } from '../apiserver/config';
import type { ContainerRun, ProbeKind, RunOutcome } from '../apiserver/container-runtime';
import { fromTime } from '../meta/time';
import type { CommandRecord, ContainerRecord, PodRecord } from './memory';
import { answered, firstRecord } from './prober';
import { probesOf } from './probing';
import type { Happening } from './progress';

export interface Answer {
  readonly record: PodRecord;
  readonly happenings: readonly Happening[];
}

/** The exit code of a process that was told to end, and did. */
const TERMINATED = 143;

const NAMES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' };

/** Takes the outcome of a run of a container that is still in the life that the run was asked for. */
export function takeAnswer(
  record: PodRecord,
  { pod, container, status, isInit }: { pod: Pod; container: Container; status: ContainerStatus; isInit: boolean },
  { purpose }: ContainerRun,
  outcome: RunOutcome,
  { now, config }: { now: number; config: SimulationConfig },
): Answer {
  const own = record.containers[container.name] ?? made(status, now);
  const keep = (next: ContainerRecord): PodRecord => ({
    ...record,
    containers: { ...record.containers, [container.name]: next },
  });
  if (purpose.kind === 'start') {
    const least = isInit ? config.init : 0;
    return { record: keep({ ...own, command: commandAfter(container, outcome, now, least) }), happenings: [] };
  }
  const succeeded = outcome.exitCode === 0;
  if (purpose.kind === 'hook') {
    if (succeeded || purpose.hook === 'preStop') return { record, happenings: [] };
    const happenings = [warning(container, 'FailedPostStartHook', outcome.message ?? 'PostStartHook failed')];
    return { record: keep(killed(own, now)), happenings };
  }
  const kind = purpose.probe;
  const probe = probesOf(container).find(([name]) => name === kind)?.[1];
  const state = own.probes[kind];
  if (!probe || !state) return { record, happenings: [] };
  const verdict = answered(state, probe, succeeded, own.startedAt, now);
  const happenings: Happening[] = [];
  let next: ContainerRecord = { ...own, probes: { ...own.probes, [kind]: verdict.record } };
  if (!succeeded)
    happenings.push(warning(container, 'Unhealthy', `${NAMES[kind]} probe failed: ${outcome.message ?? ''}`));
  if (verdict.failed && kind !== 'readiness') {
    const message = `Container ${container.name} failed ${kind} probe, will be restarted`;
    happenings.push({ type: 'Normal', reason: 'Killing', message, container: container.name });
    next = killed(next, now + Math.min(config.stop, graceOf(pod)));
  }
  if (verdict.record.passed && kind === 'startup') {
    const others = probesOf(container).filter(([name]) => name !== 'startup' && !next.probes[name]);
    const first = others.map(([name, spec]) => [name, firstRecord(name, spec, own.startedAt, now)]);
    next = { ...next, probes: { ...next.probes, ...Object.fromEntries(first) } };
  }
  return { record: keep(next), happenings };
}

function made(status: ContainerStatus, now: number): ContainerRecord {
  const startedAt = status.state?.running?.startedAt;
  return {
    restart: status.restartCount,
    startedAt: startedAt === undefined ? now : fromTime(startedAt),
    probes: {},
  };
}

function commandAfter(
  { terminationMessagePolicy }: Container,
  { elapsedMs, exitCode, retryAfterMs, tail, terminationMessage }: RunOutcome,
  now: number,
  least: number,
): CommandRecord {
  if (exitCode !== undefined) {
    const fallsBack = terminationMessagePolicy === 'FallbackToLogsOnError' && exitCode !== 0;
    const message = terminationMessage ?? (fallsBack ? tail : undefined);
    const at = now + Math.max(elapsedMs, least);
    return { state: 'ends', at, exitCode, ...(message && { message }) };
  }
  return retryAfterMs === undefined ? { state: 'runs' } : { state: 'retries', at: now + Math.max(1, retryAfterMs) };
}

/** It is told to end, and will have ended at that instant. */
const killed = (record: ContainerRecord, at: number): ContainerRecord => ({
  ...record,
  killed: true,
  command: { state: 'ends', at, exitCode: TERMINATED, reason: 'Error' },
});

const warning = ({ name }: Container, reason: string, message: string): Happening => ({
  type: 'Warning',
  reason,
  message,
  container: name,
});

const graceOf = (pod: Pod): number => Number(pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
