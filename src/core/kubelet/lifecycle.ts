/**
 * A pod's life on its node as pure transitions: what its status becomes at an instant, and when to look again. A healthy
 * container runs for ever, an init container completes, probes pass when their time has come.
 */

import { isSidecar } from '../api/pod';
import type { Container, ContainerStatus, Pod, PodStatus } from '../api/types';
import type { SimulationConfig } from '../apiserver/config';
import { fromTime, toTime } from '../meta/time';
import { containerId, imageId } from './ids';
import { backOffMessage, isPullable, pullError } from './images';
import { project } from './pod-status';
import { probeDeadlines } from './probes';

/** A pod that carries it as "false" runs without being ready until it becomes "true". */
export const READY_ANNOTATION = 'stsctl.dev/ready';

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Transition {
  readonly status: PodStatus;
  /** Look again at this instant (ms). */
  readonly wakeAt?: number;
  /** What the kubelet tells of it as Events. */
  readonly happenings: readonly Happening[];
}

export interface NodeFacts {
  readonly hostIP: string;
  readonly podIP: string;
  readonly config: SimulationConfig;
}

const ERR_PULL = 'ErrImagePull';
const BACK_OFF = 'ImagePullBackOff';
/** How long a failed pull shows as an error before it shows as backing off. */
const PULL_ERROR_MS = 1000;

const waiting = (container: Container, reason: string, message?: string): ContainerStatus => ({
  name: container.name,
  image: container.image ?? '',
  imageID: '',
  ready: false,
  restartCount: 0,
  started: false,
  state: { waiting: message === undefined ? { reason } : { message, reason } },
  lastState: {},
});

/** The first status on the node: everything waits (as kubelet's first status of a pod). */
export function accept(pod: Pod, now: number): PodStatus {
  const inits = pod.spec.initContainers ?? [];
  const reason = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return project(
    pod,
    { ...pod.status, observedGeneration: pod.metadata.generation },
    inits.map((container) => waiting(container, reason)),
    pod.spec.containers.map((container) => waiting(container, reason)),
    now,
  );
}

/** Whether the containers have been started: the pod has its address. */
export const isStarted = (pod: Pod): boolean => pod.status.podIP !== undefined;

/** Brings the pod as far as it is at `now`: starts what may start, passes what has passed. */
export function advance(pod: Pod, facts: NodeFacts, now: number): Transition {
  const happenings: Happening[] = [];
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
  const progress: Progress = { pod, now, config: facts.config, happenings, wakeAt: undefined };
  const inits = advanceInits(progress, base.initContainerStatuses ?? []);
  const containers = inits.done
    ? pod.spec.containers.map((container) =>
        advanceContainer(progress, container, statusOf(base.containerStatuses, container)),
      )
    : pod.spec.containers.map((container) => waiting(container, 'PodInitializing'));
  return {
    status: project(pod, base, inits.statuses, containers, now),
    ...(progress.wakeAt !== undefined && { wakeAt: progress.wakeAt }),
    happenings,
  };
}

interface Progress {
  readonly pod: Pod;
  readonly now: number;
  readonly config: SimulationConfig;
  readonly happenings: Happening[];
  wakeAt: number | undefined;
}

const wake = (progress: Progress, at: number): void => {
  if (progress.wakeAt === undefined || at < progress.wakeAt) progress.wakeAt = at;
};

const statusOf = (
  statuses: readonly ContainerStatus[] | undefined,
  container: Container,
): ContainerStatus | undefined => statuses?.find((status) => status.name === container.name);

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
      const status = advanceContainer(progress, container, before);
      next.push(status);
      done = status.started === true;
      continue;
    }
    if (before?.state?.terminated) {
      next.push(before);
      continue;
    }
    const status = advanceInit(progress, container, before);
    next.push(status);
    done = status.state?.terminated !== undefined;
  }
  return { statuses: next, done };
}

function advanceInit(progress: Progress, container: Container, before: ContainerStatus | undefined): ContainerStatus {
  const { now, config } = progress;
  const startedAt = before?.state?.running?.startedAt;
  if (startedAt === undefined) {
    const started = start(progress, container, before);
    if (started.state?.running && config.init > 0) {
      wake(progress, now + config.init);
      return { ...started, started: true };
    }
    return started.state?.running ? complete(started, now) : started;
  }
  if (now >= fromTime(startedAt) + config.init) return complete(before as ContainerStatus, now);
  wake(progress, now + config.init);
  return before as ContainerStatus;
}

const complete = (status: ContainerStatus, now: number): ContainerStatus => ({
  ...status,
  ready: true,
  started: false,
  state: {
    terminated: {
      ...(status.containerID !== undefined && { containerID: status.containerID }),
      exitCode: 0,
      finishedAt: toTime(now),
      reason: 'Completed',
      startedAt: status.state?.running?.startedAt ?? toTime(now),
    },
  },
});

function advanceContainer(
  progress: Progress,
  container: Container,
  before: ContainerStatus | undefined,
): ContainerStatus {
  const { pod, now } = progress;
  const running = before?.state?.running ? before : start(progress, container, before);
  const startedAt = running.state?.running?.startedAt;
  if (startedAt === undefined) return running;
  const elapsed = now - fromTime(startedAt);
  const deadlines = probeDeadlines(container);
  const started = running.started === true || elapsed >= deadlines.started;
  const held = pod.metadata.annotations?.[READY_ANNOTATION] === 'false';
  const ready = !held && (running.ready || elapsed >= deadlines.ready);
  if (!started) wake(progress, now - elapsed + deadlines.started + roundUp(progress));
  else if (!ready && !held) wake(progress, now - elapsed + deadlines.ready + roundUp(progress));
  return started === running.started && ready === running.ready ? running : { ...running, started, ready };
}

/** `startedAt` has whole seconds: the rest of the second that the start really took place in. */
const roundUp = (progress: Progress): number => progress.now % 1000;

/** Starts a container, or says why it can't: its image. */
function start(progress: Progress, container: Container, before: ContainerStatus | undefined): ContainerStatus {
  const { pod, now, happenings } = progress;
  const image = container.image ?? '';
  if (!isPullable(image)) {
    const reason = before?.state?.waiting?.reason;
    if (reason === BACK_OFF) return before as ContainerStatus;
    if (reason === ERR_PULL) {
      happenings.push({ type: 'Normal', reason: 'BackOff', message: backOffMessage(image) });
      happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' });
      return waiting(container, BACK_OFF, `${backOffMessage(image)}: ${ERR_PULL}: ${pullError(image)}`);
    }
    happenings.push({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` });
    happenings.push({
      type: 'Warning',
      reason: 'Failed',
      message: `Failed to pull image "${image}": ${pullError(image)}`,
    });
    happenings.push({ type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' });
    wake(progress, now + PULL_ERROR_MS);
    return waiting(container, ERR_PULL, pullError(image));
  }
  happenings.push({
    type: 'Normal',
    reason: 'Pulled',
    message: `Container image "${image}" already present on machine and can be accessed by the pod`,
  });
  happenings.push({ type: 'Normal', reason: 'Created', message: 'Container created' });
  happenings.push({ type: 'Normal', reason: 'Started', message: 'Container started' });
  const restartCount = before?.restartCount ?? 0;
  return {
    containerID: containerId(pod.metadata.uid, container.name, restartCount),
    image,
    imageID: imageId(image),
    lastState: {},
    name: container.name,
    ready: false,
    restartCount,
    started: false,
    state: { running: { startedAt: toTime(now) } },
  };
}
