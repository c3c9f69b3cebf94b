/**
 * A container whose image the catalogue models: its command, its probes and its hooks are really run. The kubelet asks for
 * the runs here and takes their answers into account; a crashed container is restarted, ever more slowly.
 */
import type { Container, ContainerStatus } from '../api/types';
import { formatDuration } from '../meta/duration';
import { crashed } from './crashes';
import { ask, end, keep, recordOf } from './present-life';
import { firstRecord } from './prober';
import { askProbes, hookOf, probesOf } from './probing';
import { type Progress, wake } from './progress';
import { isHeld } from './readiness';
import { backOff, type ContainerRole, restarts } from './restarts';
import { start } from './start';
import { CRASH_LOOP } from './waiting';

/** Whether anything of the container is to be run: else it is healthy, and needs no more than its start. */
export function isPlayed(progress: Progress, container: Container): boolean {
  const { runtime } = progress.facts;
  // Whoever attaches to it ends it.
  if (runtime && container.stdin === true) return true;
  if (!runtime?.models(container.image ?? '')) return false;
  return hasWords(container) || container.lifecycle !== undefined || probesOf(container).length > 0;
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
  const message = `back-off ${formatDuration(holdMs)} restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  progress.happenings.push({
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${container.name} in pod ${name}_${namespace}(${uid})`,
    container: container.name,
  });
  wake(progress, restartsAt, record.passes ? 'wakeAt' : 'restartAt');
  return { ...status, ready: false, state: { waiting: { message, reason: CRASH_LOOP } }, lastState: { terminated } };
}

const restart = (
  progress: Progress,
  container: Container,
  status: ContainerStatus,
  role: ContainerRole,
): ContainerStatus => begin(progress, container, { ...status, restartCount: status.restartCount + 1 }, role);
