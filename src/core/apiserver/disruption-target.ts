/** The mark of a pod that is about to be ended for a reason that lies outside of it. */
import type { PodCondition, PodStatus } from '../api/types';
import { toTime } from '../meta/time';

/** The status with the condition DisruptionTarget; the same status where it is marked so already. */
export function withDisruption(status: PodStatus, reason: string, message: string, now: number): PodStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === 'DisruptionTarget');
  if (before?.status === 'True' && before.reason === reason && before.message === message) return status;
  const target: PodCondition = {
    lastProbeTime: null,
    lastTransitionTime: before?.status === 'True' ? (before.lastTransitionTime ?? toTime(now)) : toTime(now),
    message,
    reason,
    status: 'True',
    type: 'DisruptionTarget',
  };
  return { ...status, conditions: [...conditions.filter((condition) => condition !== before), target] };
}
