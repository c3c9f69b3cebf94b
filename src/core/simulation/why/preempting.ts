/** Pods that matter less end to make room for one that matters more: what each of them has to say of it. */
import { isTerminating, podCondition } from '../../api/pod';
import type { Pod } from '../../api/types';
import { priorityOf } from '../../controllers/scheduler/nominated';
import { PREEMPTED } from '../../controllers/scheduler/types';
import type { Reason } from '../../reports/why';
import { podReasons } from './pod';
import { allUntil, endAlone, listed, reason, remedies, subjectOf } from './words';
import type { World } from './world';

/** Why the pod waits although its node is chosen. Undefined where nobody ends for it. */
export function preemptingReason(world: World, pod: Pod, since: number | undefined): Reason | undefined {
  const node = pod.status.nominatedNodeName;
  if (node === undefined) return undefined;
  const victims = world.list<Pod>('pods').filter((other) => other.spec.nodeName === node && isMakingRoom(other));
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

const isMakingRoom = (pod: Pod): boolean =>
  isTerminating(pod) && podCondition(pod, 'DisruptionTarget')?.reason === PREEMPTED;

/** ` to make room for a-0`, of a pod that ends for one that matters more; otherwise empty. */
export function toMakeRoom(world: World, pod: Pod): string {
  if (!isMakingRoom(pod)) return '';
  const waiting = world
    .list<Pod>('pods')
    .filter(
      (other) => other.status.nominatedNodeName === pod.spec.nodeName && !other.spec.nodeName && !isTerminating(other),
    )
    .filter((other) => priorityOf(other) > priorityOf(pod));
  const names = waiting.map(({ metadata }) => metadata.name);
  return ` to make room for ${names.length > 0 ? listed(names) : 'a pod that matters more'}`;
}
