/** A pod of a set that is not ready, not available or on its way out: a reason with the pod's own reasons behind it. */
import { isPodReady, isTerminating } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { Reason } from '../../reports/why';
import { brokenRevision } from './broken-revision';
import { podReasons } from './pod';
import type { SetView } from './set';
import { allUntil, endAlone, endsWith, plural, reason, remedies, subjectOf } from './words';
import type { World } from './world';

/** Since when the pod is not ready, ms: its last fall, or its creation. */
export const unreadySince = (world: World, pod: Pod): number | undefined =>
  world.transition(pod, 'unready') ?? world.transition(pod, 'create') ?? Date.parse(pod.metadata.creationTimestamp);

/** The pod is not ready, and `consequence` says what is held back by that; empty where nothing is. */
export function notReady(world: World, view: SetView, pod: Pod, consequence = ''): Reason {
  const because = podReasons(world, pod);
  const broken = brokenRevision(world, view, pod, because);
  if (broken) return broken;
  const { name } = pod.metadata;
  const state = isTerminating(pod) ? 'is Terminating' : 'is not ready';
  return reason({
    rule: consequence === '' ? (isTerminating(pod) ? 'pod-terminating' : 'pod-not-ready') : 'predecessor-not-ready',
    on: subjectOf(pod),
    message: consequence === '' ? `${name} ${state}` : `${name} ${state}: ${consequence}`,
    source:
      consequence === ''
        ? 'kubelet: GeneratePodReadyCondition'
        : 'StatefulSet controller: processReplica, OrderedReady',
    since: unreadySince(world, pod),
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: endsWith(`${name} is running and ready`, because),
    remedy: remedies(because),
    because,
  });
}

/** The pod is beyond the replicas that the set asks for, and on its way out. */
export function scaledAway(world: World, pod: Pod): Reason {
  const because = podReasons(world, pod);
  const { name } = pod.metadata;
  return reason({
    rule: 'pod-terminating',
    on: subjectOf(pod),
    message: `${name} is Terminating, for the set is scaled down`,
    source: 'StatefulSet controller: processCondemned',
    since: world.transition(pod, 'terminate') ?? because[0]?.since,
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: endsWith(`${name} is gone`, because),
    remedy: remedies(because),
    because,
  });
}

/** The pod is ready, but not yet for minReadySeconds. */
export function notAvailable(world: World, view: SetView, pod: Pod): Reason {
  const seconds = view.set.spec.minReadySeconds ?? 0;
  return reason({
    rule: 'min-ready-seconds',
    on: subjectOf(pod),
    message: `${pod.metadata.name} is ready, but not yet for ${plural(seconds, 'second')} (minReadySeconds)`,
    source: 'StatefulSet controller: IsPodAvailable',
    since: world.transition(pod, 'ready'),
    until: view.availableAt(pod),
    endsAlone: true,
    ends: `${pod.metadata.name} stays ready for ${plural(seconds, 'second')}`,
  });
}

/** What is the matter with a pod that does not count as available. */
export function unavailability(world: World, view: SetView, pod: Pod): readonly Reason[] {
  if (isPodReady(pod) && !isTerminating(pod) && !view.isAvailable(pod)) return [notAvailable(world, view, pod)];
  return podReasons(world, pod);
}
