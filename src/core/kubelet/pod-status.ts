/** What a pod's status says follows from its containers: phase, conditions, readiness gates. */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../api/types';
import { toTime } from '../meta/time';

/** Phase and conditions follow from the containers (as the kubelet's getPhase and generateAPIPodStatus). */
export function project(
  pod: Pod,
  base: PodStatus,
  initContainerStatuses: readonly ContainerStatus[],
  containerStatuses: readonly ContainerStatus[],
  now: number,
): PodStatus {
  const started = base.podIP !== undefined;
  const initialized = initContainerStatuses.every(
    (status) => status.state?.terminated !== undefined || status.started === true,
  );
  const anyWaiting = containerStatuses.some((status) => status.state?.waiting !== undefined);
  const containersReady = started && initialized && containerStatuses.every((status) => status.ready);
  const ready = containersReady && gatesPass(pod);
  const unready = containerStatuses.filter((status) => !status.ready).map((status) => status.name);
  const notReady: Pick<PodCondition, 'reason' | 'message'> = {
    message: `containers with unready status: [${unready.join(' ')}]`,
    reason: 'ContainersNotReady',
  };
  const incomplete: Pick<PodCondition, 'reason' | 'message'> = {
    message: `containers with incomplete status: [${incompleteInits(initContainerStatuses).join(' ')}]`,
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
    phase: initialized && started && !anyWaiting ? 'Running' : 'Pending',
    conditions: [
      ...wanted.map(([type, holds, why]) => condition(before, type, holds, why, now)),
      ...before.filter((c) => !ours.has(c.type)),
    ],
    containerStatuses,
    ...(initContainerStatuses.length > 0 && { initContainerStatuses }),
  };
}

const incompleteInits = (statuses: readonly ContainerStatus[]): string[] =>
  statuses.filter((status) => !status.state?.terminated && status.started !== true).map((status) => status.name);

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
  const lastTransitionTime = old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : toTime(now);
  return holds
    ? { lastProbeTime: null, lastTransitionTime, status, type }
    : { lastProbeTime: null, lastTransitionTime, ...why, status, type };
}
