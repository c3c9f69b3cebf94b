/**
 * A pod's life on its node as pure transitions: what its status becomes at an instant, and when to look again. A container
 * that is not really run is healthy: it runs for ever, an init container completes, probes pass when their time has come.
 */
import { isSidecar } from '../api/pod';
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '../api/types';
import type { ContainerRun } from '../apiserver/container-runtime';
import { fromTime, toTime } from '../meta/time';
import { crashed } from './crashes';
import type { PodRecord } from './memory';
import { advanceLife, advancePlayed, isPlayed } from './played';
import { project, terminated } from './pod-status';
import { probeDeadlines } from './probes';
import { type Happening, type NodeFacts, type Progress, wake } from './progress';
import { isHeld } from './readiness';
import type { ContainerRole } from './restarts';
import { start } from './start';
import { CRASH_LOOP, waiting } from './waiting';

export { READY_ANNOTATION } from './readiness';

export interface Transition {
  readonly status: PodStatus;
  /** When to look again, ms: something will have changed. */
  readonly wakeAt: number | undefined;
  /** When to look whether something has changed that nobody tells of, ms. */
  readonly pollAt: number | undefined;
  /** When a crashed container is started again, ms. */
  readonly restartAt: number | undefined;
  /** When an image that could not be pulled is tried again, ms. */
  readonly pullAt: number | undefined;
  readonly happenings: readonly Happening[];
  /** What is to be run inside containers now. */
  readonly runs: readonly ContainerRun[];
  /** What is to be remembered of the pod. */
  readonly record: PodRecord;
}

/** The first status on the node: everything waits (as kubelet's first status of a pod). */
export function accept(pod: Pod, now: number): PodStatus {
  const inits = pod.spec.initContainers ?? [];
  const reason = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return project(
    pod,
    { ...pod.status, observedGeneration: pod.metadata.generation, conditions: scheduled(pod, now) },
    inits.map((container) => waiting(container, reason)),
    pod.spec.containers.map((container) => waiting(container, reason)),
    now,
  );
}

/** A pod that got to its node is scheduled, whoever put it there. */
function scheduled({ status }: Pod, now: number): readonly PodCondition[] {
  const known = status.conditions ?? [];
  if (known.some(({ type, status: is }) => type === 'PodScheduled' && is === 'True')) return known;
  const condition = { lastProbeTime: null, lastTransitionTime: toTime(now), status: 'True', type: 'PodScheduled' };
  return [...known.filter(({ type }) => type !== 'PodScheduled'), condition];
}

/** Whether the containers have been started: the pod has its address. */
export const isStarted = (pod: Pod): boolean => pod.status.podIP !== undefined;

/** Brings the pod as far as it is at `now`: starts what may start, passes what has passed. */
export function advance(pod: Pod, facts: NodeFacts, now: number, record: PodRecord): Transition {
  const base: PodStatus = isStarted(pod)
    ? pod.status
    : {
        ...pod.status,
        hostIP: facts.hostIP,
        hostIPs: [{ ip: facts.hostIP }],
        podIP: facts.podIP,
        podIPs: [{ ip: facts.podIP }],
        startTime: toTime(now),
      };
  const progress: Progress = {
    pod,
    now,
    facts,
    happenings: [],
    runs: [],
    record,
    wakeAt: undefined,
    pollAt: undefined,
    restartAt: undefined,
    pullAt: undefined,
  };
  const inits = advanceInits(progress, base.initContainerStatuses ?? []);
  const containers = inits.done
    ? pod.spec.containers.map((container) =>
        advanceContainer(progress, container, statusOf(base.containerStatuses, container), 'main'),
      )
    : pod.spec.containers.map((container) => waiting(container, 'PodInitializing'));
  const ephemeral = advanceEphemeral(progress, base.ephemeralContainerStatuses ?? []);
  const { wakeAt, pollAt, restartAt, pullAt, happenings, runs } = progress;
  return {
    status: { ...project(pod, base, inits.statuses, containers, now), ...ephemeral },
    wakeAt,
    pollAt,
    restartAt,
    pullAt,
    happenings,
    runs,
    record: progress.record,
  };
}

const statusOf = (
  statuses: readonly ContainerStatus[] | undefined,
  container: Container,
): ContainerStatus | undefined => statuses?.find((status) => status.name === container.name);

/** Ephemeral containers start whatever the others do, once, and count for nothing: they are neither started nor ready. */
function advanceEphemeral(
  progress: Progress,
  statuses: readonly ContainerStatus[],
): Pick<PodStatus, 'ephemeralContainerStatuses'> {
  const containers = progress.pod.spec.ephemeralContainers ?? [];
  if (containers.length === 0) return {};
  const next = containers.map((container) => {
    const before = statusOf(statuses, container);
    if (before?.state?.terminated) return before;
    const { started: _, ...status } = advanceContainer(progress, container, before, 'ephemeral');
    return { ...status, ready: false };
  });
  return { ephemeralContainerStatuses: next };
}

/** One init container after the other; a sidecar only has to start. */
function advanceInits(
  progress: Progress,
  statuses: readonly ContainerStatus[],
): { statuses: ContainerStatus[]; done: boolean } {
  const next: ContainerStatus[] = [];
  let done = true;
  for (const container of progress.pod.spec.initContainers ?? []) {
    const before = statusOf(statuses, container);
    if (!done) {
      next.push(before ?? waiting(container, 'PodInitializing'));
      continue;
    }
    if (isSidecar(container)) {
      const status = advanceContainer(progress, container, before, 'sidecar');
      next.push(status);
      done = status.started === true;
      continue;
    }
    if (before?.state?.terminated?.exitCode === 0) {
      next.push(before);
      continue;
    }
    const status = advanceInit(progress, container, before);
    next.push(status);
    done = status.state?.terminated?.exitCode === 0;
  }
  return { statuses: next, done };
}

function advanceInit(progress: Progress, container: Container, last: ContainerStatus | undefined): ContainerStatus {
  if (isPlayed(progress, container)) return advancePlayed(progress, container, last, 'init');
  const before = last && advanceLife(progress, container, last, 'init');
  if (before && isDown(before)) return before;
  const { now, facts } = progress;
  const { init } = facts.config;
  const startedAt = before?.state?.running?.startedAt;
  if (startedAt === undefined) {
    const started = start(progress, container, before);
    if (started.state?.running && init > 0) {
      wake(progress, now + init);
      return { ...started, started: true };
    }
    if (!started.state?.running) return started;
    return crashed(progress, container, started) ?? complete(started, now);
  }
  if (now >= fromTime(startedAt) + init) return complete(before as ContainerStatus, now);
  wake(progress, now + init);
  return before as ContainerStatus;
}

const complete = (status: ContainerStatus, now: number): ContainerStatus =>
  terminated(status, { exitCode: 0, reason: 'Completed' }, now, true);

function advanceContainer(
  progress: Progress,
  container: Container,
  last: ContainerStatus | undefined,
  role: ContainerRole,
): ContainerStatus {
  if (isPlayed(progress, container)) return advancePlayed(progress, container, last, role);
  const { now } = progress;
  const before = last && advanceLife(progress, container, last, role);
  if (before && isDown(before)) return before;
  const running = before?.state?.running ? before : start(progress, container, before);
  const startedAt = running.state?.running?.startedAt;
  if (startedAt === undefined) return running;
  if (running !== before) crashed(progress, container, running);
  const elapsed = now - fromTime(startedAt);
  const deadlines = probeDeadlines(container);
  const started = running.started === true || elapsed >= deadlines.started;
  const held = isHeld(progress, container, running, running !== last);
  const ready = !held && (running.ready || elapsed >= deadlines.ready);
  if (!started) wake(progress, now - elapsed + deadlines.started + roundUp(progress));
  else if (!ready && !held) wake(progress, now - elapsed + deadlines.ready + roundUp(progress));
  return started === running.started && ready === running.ready ? running : { ...running, started, ready };
}

/** Ended, or held back after it ended. */
const isDown = ({ state }: ContainerStatus): boolean =>
  state?.terminated !== undefined || state?.waiting?.reason === CRASH_LOOP;

/** `startedAt` has whole seconds: the rest of the second that the start really took place in. */
const roundUp = (progress: Progress): number => progress.now % 1000;
