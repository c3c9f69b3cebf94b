/** A pod that the kubelet ends to get its node's memory back (as the eviction manager does). */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../api/types';
import { toTime } from '../meta/time';
import { terminated } from './pod-status';

const FIGURES = { threshold: '100Mi', available: '48Mi', used: '512Mi' };

/** Why, in the eviction manager's words. */
export function evictionMessage({ spec }: Pod): string {
  const [container] = spec.containers;
  const { threshold, available, used } = FIGURES;
  const request = container?.resources?.requests?.memory ?? '0';
  return (
    `The node was low on resource: memory. Threshold quantity: ${threshold}, available: ${available}. ` +
    `Container ${container?.name} was using ${used}, request is ${request}, has larger consumption of memory. `
  );
}

/** Failed for good, its containers killed. */
export function evictedStatus(pod: Pod, now: number): PodStatus {
  const { status } = pod;
  const message = evictionMessage(pod);
  const time = toTime(now);
  const target: PodCondition = {
    lastProbeTime: null,
    lastTransitionTime: time,
    message,
    reason: 'TerminationByKubelet',
    status: 'True',
    type: 'DisruptionTarget',
  };
  const conditions = (status.conditions ?? [])
    .filter(({ type }) => type !== target.type)
    .map((condition) => {
      if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') return condition;
      const { message: _message, ...rest } = condition;
      const lastTransitionTime = condition.status === 'False' ? condition.lastTransitionTime : time;
      return { ...rest, lastTransitionTime, reason: 'PodFailed', status: 'False' as const };
    });
  return {
    ...status,
    phase: 'Failed',
    reason: 'Evicted',
    message,
    conditions: [target, ...conditions],
    ...(status.containerStatuses && { containerStatuses: status.containerStatuses.map((each) => killed(each, now)) }),
  };
}

const killed = (status: ContainerStatus, now: number): ContainerStatus =>
  status.state?.running ? terminated(status, { exitCode: 137, reason: 'Error' }, now) : status;
