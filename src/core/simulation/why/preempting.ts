/** Why a pod waits although its node is chosen: pods that matter less end there first, to make room for it. */
import { isTerminating, podCondition } from '../../api/pod';
import type { Pod } from '../../api/types';
import { PREEMPTED } from '../../controllers/scheduler/types';
import type { Reason } from '../../reports/why';
import { podReasons } from './pod';
import { allUntil, endAlone, listed, reason, remedies, subjectOf } from './words';
import type { World } from './world';

/** Undefined where nobody ends for the pod. */
export function preemptingReason(world: World, pod: Pod, since: number | undefined): Reason | undefined {
  const node = pod.status.nominatedNodeName;
  if (node === undefined) return undefined;
  const victims = world
    .list<Pod>('pods')
    .filter(
      (other) =>
        other.spec.nodeName === node &&
        isTerminating(other) &&
        podCondition(other, 'DisruptionTarget')?.reason === PREEMPTED,
    );
  if (victims.length === 0) return undefined;
  const because = victims.flatMap((victim) => podReasons(world, victim));
  const names = listed(victims.map((victim) => victim.metadata.name));
  const [is, ends] = victims.length > 1 ? ['are', 'end'] : ['is', 'ends'];
  return reason({
    rule: 'preempting',
    on: subjectOf(pod),
    message: `${pod.metadata.name} has no node yet: it matters more than ${names}, which ${ends} on ${node} to make room for it`,
    source: 'scheduler: DefaultPreemption plug-in',
    since,
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: `${names} ${is} gone`,
    remedy: remedies(because),
    because,
  });
}
