/** Why a pod's volumes can't be mounted: a ConfigMap or Secret that is missing, or what the kubelet said last. */
import type { Pod } from '../../api/types';
import { isStarted } from '../../kubelet/lifecycle';
import type { Reason } from '../../reports/why';
import { at, reason, subjectOf } from './words';
import type { World } from './world';

/** Undefined for a pod whose volumes are mounted, or that has not come so far. */
export function mountTrouble(world: World, pod: Pod): Reason | undefined {
  if (isStarted(pod)) return undefined;
  const message = world.memory(`kubelet/${pod.metadata.uid}/mount`);
  if (typeof message !== 'string') return undefined;
  const event = world.event(pod, ['FailedMount']);
  return reason({
    rule: 'mount',
    on: subjectOf(pod),
    message: `${pod.metadata.name} can't be started: ${message}`,
    source: 'kubelet: WaitForAttachAndMount',
    since: at(event?.firstTimestamp),
    endsAlone: false,
    ends: 'what the volume refers to is there; the kubelet looks again by itself',
  });
}
