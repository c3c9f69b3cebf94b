/** What a pod's status says follows from its containers: phase, conditions, readiness gates. */
import { isSidecar } from '../api/pod';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../api/types';
import { toTime } from '../meta/time';

/** How a container ended. */
export interface Ending {
  readonly exitCode: number;
  readonly reason: string;
  /** Left out where it is empty. */
  readonly message?: string | undefined;
}

/** The status of a container that has ended at an instant, ms; it ran until then. */
export function terminated(
  status: ContainerStatus,
  { exitCode, reason, message }: Ending,
  now: number,
  ready = false,
): ContainerStatus {
  return {
    ...status,
    ready,
    started: false,
    state: {
      terminated: {
        ...(status.containerID !== undefined && { containerID: status.containerID }),
        exitCode,
        finishedAt: toTime(now),
        ...(message && { message }),
        reason,
        startedAt: status.state?.running?.startedAt ?? toTime(now),
      },
    },
  };
}

/** Phase and conditions follow from the containers (as the kubelet's getPhase and generateAPIPodStatus). */
export function project(
  pod: Pod,
  base: PodStatus,
  initContainerStatuses: readonly ContainerStatus[],
  containerStatuses: readonly ContainerStatus[],
  now: number,
): PodStatus {
  const started = base.podIP !== undefined;
  const waitingInits = incompleteInits(pod, initContainerStatuses);
  const initialized = waitingInits.length === 0;
  const containersReady = started && initialized && containerStatuses.every((status) => status.ready);
  const ready = containersReady && gatesPass(pod);
  const unready = containerStatuses.filter((status) => !status.ready).map((status) => status.name);
  const phase = phaseOf(pod, started && initialized, initContainerStatuses, containerStatuses);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const notReady: Pick<PodCondition, 'reason' | 'message'> = isOver
    ? { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
    : { message: `containers with unready status: [${unready.join(' ')}]`, reason: 'ContainersNotReady' };
  const incomplete: Pick<PodCondition, 'reason' | 'message'> = {
    message: `containers with incomplete status: [${waitingInits.join(' ')}]`,
    reason: 'ContainersNotInitialized',
  };
  const wanted: [string, boolean, Pick<PodCondition, 'reason' | 'message'>][] = [
    ['PodReadyToStartContainers', started, {}],
    ['Initialized', initialized, incomplete],
    ['Ready', ready, notReady],
    ['ContainersReady', containersReady, notReady],
  ];
  const before = base.conditions ?? [];
  const ours = new Set(wanted.map(([type]) => type));
  return {
    ...base,
    phase,
    conditions: wanted
      .map(([type, holds, why]) => condition(before, type, holds, why, now))
      .concat(before.filter((c) => !ours.has(c.type))),
    containerStatuses,
    ...(initContainerStatuses.length > 0 && { initContainerStatuses }),
  };
}

/** Init containers that have not completed, and sidecars that have not started. */
function incompleteInits(pod: Pod, statuses: readonly ContainerStatus[]): string[] {
  const specs = pod.spec.initContainers ?? [];
  return statuses
    .filter(({ started, state }, i) => {
      const spec = specs[i];
      return spec && isSidecar(spec) ? started !== true : state?.terminated?.exitCode !== 0;
    })
    .map(({ name }) => name);
}

/** As the kubelet's getPhase. */
function phaseOf(
  pod: Pod,
  initialized: boolean,
  inits: readonly ContainerStatus[],
  containers: readonly ContainerStatus[],
): string {
  const policy = pod.spec.restartPolicy;
  const failedInit = inits.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (failedInit && policy === 'Never') return 'Failed';
  if (!initialized) return 'Pending';
  let running = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const { state, lastState } of containers) {
    if (state?.running) running++;
    else if (state?.terminated) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (lastState?.terminated) stopped++;
    else return 'Pending';
  }
  if (running > 0 || stopped === 0 || policy === undefined || policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** Custom readiness gates hold a pod back until somebody sets their conditions. */
function gatesPass(pod: Pod): boolean {
  const gates = (pod.spec.readinessGates ?? []) as readonly { conditionType: string }[];
  return gates.every((gate) => pod.status.conditions?.find((c) => c.type === gate.conditionType)?.status === 'True');
}

function condition(
  before: readonly PodCondition[],
  type: string,
  holds: boolean,
  why: Pick<PodCondition, 'reason' | 'message'>,
  now: number,
): PodCondition {
  const status = holds ? 'True' : 'False';
  const old = before.find((c) => c.type === type);
  // What others note in a condition stays while it says the same.
  if (old?.status === status && (holds || (old.reason === why.reason && old.message === why.message))) return old;
  const lastTransitionTime = old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : toTime(now);
  return holds
    ? { lastProbeTime: null, lastTransitionTime, status, type }
    : { lastProbeTime: null, lastTransitionTime, ...why, status, type };
}
