/** Pods of a set that are in the same trouble: told once for all of them. */
import type { Pod } from '../../api/types';
import type { Reason } from '../../reports/why';
import { allUntil, endsWith, listed, remedies } from './words';

/** Reasons that name one pod alone; others name all the pods that they concern. */
const SINGLE = ['pod-not-ready', 'pod-terminating'];

export interface PodTrouble {
  readonly pod: Pod;
  readonly reason: Reason;
}

/** One reason for each trouble, in the order of the first pod that has it. */
export function alike(troubles: readonly PodTrouble[]): readonly Reason[] {
  const groups = new Map<string, PodTrouble[]>();
  for (const trouble of troubles) {
    const key = kindOf(trouble);
    const group = groups.get(key);
    if (group) group.push(trouble);
    else groups.set(key, [trouble]);
  }
  return [...groups.values()].map(together);
}

/** The same for pods whose reasons differ in their names and times only. */
function kindOf({ pod, reason }: PodTrouble): string {
  if (!SINGLE.includes(reason.rule)) return reason.message;
  const words = ({ rule, message, endsAlone, because = [] }: Reason): unknown => [
    rule,
    message.replaceAll(pod.metadata.name, '*').replace(/\d\d:\d\d:\d\d/g, ''),
    endsAlone,
    because.map(words),
  ];
  return JSON.stringify(words(reason));
}

function together(group: readonly PodTrouble[]): Reason {
  const [{ reason }] = group as [PodTrouble];
  if (group.length === 1 || !SINGLE.includes(reason.rule)) return reason;
  const names = listed(group.map(({ pod }) => pod.metadata.name));
  const reasons = group.map((one) => one.reason);
  const since = Math.min(...reasons.flatMap((one) => one.since ?? []));
  const until = allUntil(reasons);
  const remedy = remedies(reasons);
  const { until: _, remedy: __, ...rest } = reason;
  return {
    ...rest,
    message: reason.message.replace(`${group[0]?.pod.metadata.name} is`, `${names} are`),
    ...(Number.isFinite(since) && { since }),
    ...(until !== undefined && { until }),
    ends: endsWith(
      reason.rule === 'pod-not-ready' ? `${names} are running and ready` : `${names} are gone`,
      reason.because ?? [],
    ),
    ...(remedy && { remedy }),
  };
}
