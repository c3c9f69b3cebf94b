/**
 * A container whose image the catalogue models: its command, its probes and its hooks are really run. The kubelet asks for
 * the runs here and takes their answers into account; a crashed container is restarted, ever more slowly.
 */
import type { Container, ContainerStatus, Probe } from '../api/types';
import type { ProbeAction, ProbeKind, RunPurpose } from '../apiserver/container-runtime';
import { fromTime, toTime } from '../meta/time';
import { crashed } from './crashes';
import type { ContainerRecord, ProbeRecord } from './memory';
import { firstRecord, timeoutOf } from './prober';
import { type Progress, wake } from './progress';
import { isHeld } from './readiness';
import { backOff, type ContainerRole, restarts } from './restarts';
import { start } from './start';
import { CRASH_LOOP } from './waiting';

const PROBES: readonly (readonly [ProbeKind, 'startupProbe' | 'readinessProbe' | 'livenessProbe'])[] = [
  ['startup', 'startupProbe'],
  ['readiness', 'readinessProbe'],
  ['liveness', 'livenessProbe'],
];

/** Whether anything of the container is to be run: else it is healthy, and needs no more than its start. */
export function isPlayed(progress: Progress, container: Container): boolean {
  const { runtime } = progress.facts;
  // Whoever attaches to it ends it.
  if (runtime && container.stdin === true) return true;
  if (!runtime?.models(container.image ?? '')) return false;
  return (
    hasWords(container) ||
    container.lifecycle !== undefined ||
    PROBES.some(([, field]) => container[field] !== undefined)
  );
}

const hasWords = ({ command = [], args = [] }: Container): boolean => command.length > 0 || args.length > 0;

export function advancePlayed(
  progress: Progress,
  container: Container,
  before: ContainerStatus | undefined,
  role: ContainerRole,
): ContainerStatus {
  return advanceLife(progress, container, before ?? begin(progress, container, undefined, role), role);
}

/** What crashes and restarts make of a container, and of one that is played its runs. */
export function advanceLife(
  progress: Progress,
  container: Container,
  before: ContainerStatus,
  role: ContainerRole,
): ContainerStatus {
  let status = before;
  for (let step = 0; step < 3; step++) {
    const next = advanceOnce(progress, container, status, role);
    if (next === status) break;
    status = next;
  }
  return status;
}

/** One transition; the same status where nothing is due. */
function advanceOnce(
  progress: Progress,
  container: Container,
  status: ContainerStatus,
  role: ContainerRole,
): ContainerStatus {
  const { running, terminated, waiting } = status.state ?? {};
  if (running) {
    const ended = crashed(progress, container, status);
    if (ended || !isPlayed(progress, container)) return ended ?? status;
    return advanceRunning(progress, container, status, role);
  }
  if (terminated) return afterEnd(progress, container, status, role);
  if (waiting?.reason !== CRASH_LOOP)
    return isPlayed(progress, container) ? begin(progress, container, status, role) : status;
  const { restartsAt = progress.now, passes } = recordOf(progress, container, status);
  if (progress.now >= restartsAt) return restart(progress, container, status, role);
  wake(progress, restartsAt, passes ? 'wakeAt' : 'restartAt');
  return status;
}

/** Starts the container and asks for its command and hook. */
function begin(
  progress: Progress,
  container: Container,
  before: ContainerStatus | undefined,
  role: ContainerRole,
): ContainerStatus {
  const status = start(progress, container, before);
  if (!status.state?.running) return status;
  const { now } = progress;
  if (!isPlayed(progress, container)) {
    const { backOffMs } = progress.record.containers[container.name] ?? {};
    const held = backOffMs === undefined ? {} : { backOffMs };
    keep(progress, container, { restart: status.restartCount, startedAt: now, probes: {}, ...held });
    return status;
  }
  const runsCommand = hasWords(container) && progress.facts.runtime?.models(container.image ?? '') === true;
  const old = progress.record.containers[container.name];
  keep(progress, container, {
    restart: status.restartCount,
    startedAt: now,
    probes: Object.fromEntries(
      probesOf(container)
        .filter(([kind]) => kind === 'startup' || !container.startupProbe)
        .map(([kind, probe]) => [kind, firstRecord(kind, probe, now, now)]),
    ),
    ...(runsCommand && { command: { state: 'asked' } }),
    ...(old?.backOffMs !== undefined && { backOffMs: old.backOffMs }),
  });
  if (runsCommand) ask(progress, container, status, { kind: 'start' });
  const hook = hookOf(container, 'postStart');
  if (hook) ask(progress, container, status, { kind: 'hook', hook: 'postStart', action: hook });
  return { ...status, started: role === 'init' || !container.startupProbe };
}

function advanceRunning(
  progress: Progress,
  container: Container,
  status: ContainerStatus,
  role: ContainerRole,
): ContainerStatus {
  const { now } = progress;
  const record = recordOf(progress, container, status);
  const { command } = record;
  if (command?.state === 'ends') {
    if (now >= command.at) return end(progress, status, command.exitCode, command.reason, command.message);
    wake(progress, command.at);
  } else if (command?.state === 'retries') {
    if (now >= command.at) {
      keep(progress, container, { ...record, command: { state: 'asked' } });
      ask(progress, container, status, { kind: 'start' });
    } else wake(progress, command.at, 'pollAt');
  }
  if (role === 'init') return status;
  askProbes(progress, container, status);
  const { startup, readiness } = recordOf(progress, container, status).probes;
  const started = container.startupProbe === undefined || startup?.passed === true;
  const held = isHeld(progress, container, status, record.startedAt === now);
  const ready = !held && started && (container.readinessProbe === undefined || readiness?.passed === true);
  return started === status.started && ready === status.ready ? status : { ...status, started, ready };
}

/** Asks for the probes that are due, and notes when the others are. */
function askProbes(progress: Progress, container: Container, status: ContainerStatus): void {
  const { now } = progress;
  if (recordOf(progress, container, status).killed) return;
  for (const [kind, probe] of probesOf(container)) {
    const record = recordOf(progress, container, status);
    const isGated =
      kind !== 'startup' && container.startupProbe !== undefined && record.probes.startup?.passed !== true;
    if (isGated) continue;
    const state = record.probes[kind] ?? firstRecord(kind, probe, record.startedAt, now);
    if (state.asked || state.nextAt === undefined) continue;
    if (now < state.nextAt) {
      keepProbe(progress, container, record, kind, state);
      wake(progress, state.nextAt, isPoll(state, probe) ? 'pollAt' : 'wakeAt');
      continue;
    }
    keepProbe(progress, container, record, kind, { ...state, asked: true });
    ask(progress, container, status, { kind: 'probe', probe: kind, action: probe as ProbeAction }, timeoutOf(probe));
  }
}

/** Whether another answer like the last one would change nothing. */
function isPoll(state: ProbeRecord, probe: Probe): boolean {
  if (state.last !== false) return false;
  return !state.passed || state.streak >= Math.max(1, probe.failureThreshold ?? 3);
}

/** The container ends now. */
export function end(
  progress: Progress,
  status: ContainerStatus,
  exitCode: number,
  reason = exitCode === 0 ? 'Completed' : 'Error',
  message?: string,
): ContainerStatus {
  const startedAt = status.state?.running?.startedAt ?? toTime(progress.now);
  return {
    ...status,
    ready: exitCode === 0 && isInit(progress, status),
    started: false,
    state: {
      terminated: {
        ...(status.containerID !== undefined && { containerID: status.containerID }),
        exitCode,
        finishedAt: toTime(progress.now),
        ...(message !== undefined && message !== '' && { message }),
        reason,
        startedAt,
      },
    },
  };
}

const isInit = ({ pod }: Progress, { name }: ContainerStatus): boolean =>
  (pod.spec.initContainers ?? []).some((container) => container.name === name);

/** Restarts what is to be restarted, at once the first time and after a hold from then on. */
function afterEnd(
  progress: Progress,
  container: Container,
  status: ContainerStatus,
  role: ContainerRole,
): ContainerStatus {
  const { pod, now } = progress;
  const terminated = status.state?.terminated;
  if (!terminated || !restarts(pod.spec.restartPolicy, role, terminated.exitCode)) return status;
  const record = recordOf(progress, container, status);
  const { holdMs, nextMs } = backOff(record.backOffMs, now - record.startedAt);
  const restartsAt = now + holdMs;
  keep(progress, container, { ...record, backOffMs: nextMs, restartsAt });
  if (holdMs === 0) return restart(progress, container, { ...status, lastState: { terminated } }, role);
  const { name, namespace, uid } = pod.metadata;
  const message = `back-off ${goDuration(holdMs)} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  progress.happenings.push({
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`,
  });
  wake(progress, restartsAt, record.passes ? 'wakeAt' : 'restartAt');
  return { ...status, ready: false, state: { waiting: { message, reason: CRASH_LOOP } }, lastState: { terminated } };
}

/** As Go prints whole seconds: `10s`, `1m20s`, `5m0s`. */
const goDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
};

const restart = (
  progress: Progress,
  container: Container,
  status: ContainerStatus,
  role: ContainerRole,
): ContainerStatus => begin(progress, container, { ...status, restartCount: status.restartCount + 1 }, role);

// --- records and runs ---

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

export function keepProbe(
  progress: Progress,
  container: Container,
  record: ContainerRecord,
  kind: ProbeKind,
  state: ProbeRecord,
): void {
  keep(progress, container, { ...record, probes: { ...record.probes, [kind]: state } });
}

export const probesOf = (container: Container): readonly (readonly [ProbeKind, Probe])[] =>
  PROBES.flatMap(([kind, field]) => (container[field] ? [[kind, container[field]] as const] : []));

export function hookOf(container: Container, hook: 'postStart' | 'preStop'): ProbeAction | undefined {
  const { lifecycle } = container as { readonly lifecycle?: Readonly<Record<string, ProbeAction | undefined>> };
  return lifecycle?.[hook];
}

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
