/** Why a pod is not what it should be: on its way out, without a node, on a lost node, or not ready. */
import { isPodReady, isPodTerminal, isTerminating, podCondition } from '../../api/pod';
import type { Pod, StatefulSet } from '../../api/types';
import { controllerOf } from '../../controllers/statefulset/adoption';
import type { Explanation, Reason } from '../../reports/why';
import { brokenRevision } from './broken-revision';
import { budgetNotes } from './budget-notes';
import { claimNotes } from './claim-notes';
import { containerReasons, nextStep } from './containers';
import { podDeletion } from './deletion';
import { lostNode, nodeLost } from './nodes';
import { schedulingReason } from './scheduling';
import { SetView } from './set';
import { labelMismatches, oldRevision } from './set-notes';
import { notAvailable } from './set-pods';
import { at, reason, subjectOf } from './words';
import type { World } from './world';

/** What keeps a pod from being ready, or from being gone; empty for one that is ready. */
export function podReasons(world: World, pod: Pod): readonly Reason[] {
  return world.within(subjectOf(pod), () => {
    if (isTerminating(pod)) return podDeletion(world, pod);
    if (isPodTerminal(pod)) return [ended(pod)];
    if (!pod.spec.nodeName) return [schedulingReason(world, pod)];
    const lost = lostNode(world, pod);
    if (lost) return [nodeLost(world, pod, lost)];
    if (isPodReady(pod)) return [];
    const containers = containerReasons(world, pod);
    return containers.length > 0 ? containers : [unready(world, pod)];
  });
}

export function explainPod(world: World, pod: Pod): Explanation {
  const own = podReasons(world, pod);
  const broken = brokenPod(world, pod, own);
  const reasons = broken ? [broken] : own.length > 0 ? own : notAvailableYet(world, pod);
  return { subject: subjectOf(pod), summary: summaryOf(pod, reasons), reasons, notes: podNotes(world, pod) };
}

/** A pod that is ready, but not yet for the minReadySeconds of its set: it does not count. */
function notAvailableYet(world: World, pod: Pod): readonly Reason[] {
  const view = viewOf(world, pod);
  if (!view || !isPodReady(pod) || isTerminating(pod) || view.isAvailable(pod)) return [];
  return [notAvailable(world, view, pod)];
}

/** What is easily mistaken for a wait, and what happens when the pod goes. */
function podNotes(world: World, pod: Pod): readonly Reason[] {
  const view = viewOf(world, pod);
  const claims = claimNotes(world, [pod]);
  if (view) return [...oldRevision(view, pod), ...claims, ...budgetNotes(world, [pod])];
  if (controllerOf(pod)) return claims;
  const others = world.list<StatefulSet>('statefulsets.apps', pod.metadata.namespace);
  return [...others.flatMap((set) => labelMismatches(set, [pod])), ...claims];
}

/** The pod of a set that only another template helps: what to do is the set's business. */
function brokenPod(world: World, pod: Pod, own: readonly Reason[]): Reason | undefined {
  const view = viewOf(world, pod);
  return view && brokenRevision(world, view, pod, own);
}

/** The set that controls the pod. */
function viewOf(world: World, pod: Pod): SetView | undefined {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'StatefulSet') return undefined;
  const set = world.get<StatefulSet>('statefulsets.apps', pod.metadata.namespace, owner.name);
  return set?.metadata.uid === owner.uid ? new SetView(world, set) : undefined;
}

function summaryOf(pod: Pod, reasons: readonly Reason[]): string {
  const { phase } = pod.status;
  if (isTerminating(pod)) return 'it is being deleted';
  if (isPodTerminal(pod)) return `it has come to its end (${phase})`;
  if (reasons.length === 0) return 'nothing: it is running and ready';
  if (reasons[0]?.rule === 'min-ready-seconds') return 'it is running and ready, but not available yet';
  if (!pod.spec.nodeName) return 'it is Pending: it has no node';
  return phase === 'Running' ? 'it is running but not ready' : `it is ${phase ?? 'not started'} and not ready`;
}

function ended(pod: Pod): Reason {
  const owner = controllerOf(pod);
  const why = pod.status.reason ? ` (${pod.status.reason})` : '';
  const owned = owner?.kind === 'StatefulSet';
  return reason({
    rule: 'pod-ended',
    on: subjectOf(pod),
    message: `${pod.metadata.name} has come to its end: ${pod.status.phase}${why}${pod.status.message ? `, ${pod.status.message}` : ''}`,
    source: owned ? 'StatefulSet controller: processReplica' : 'kubelet: getPhase',
    since: at(podCondition(pod, 'Ready')?.lastTransitionTime),
    endsAlone: owned,
    ends: owned
      ? `StatefulSet ${owner.name} deletes it and makes a new one`
      : 'it is deleted and made again by hand: nobody controls it',
  });
}

function unready(world: World, pod: Pod): Reason {
  const condition = podCondition(pod, 'Ready');
  const step = nextStep(world, pod);
  const message = condition?.message || condition?.reason;
  return reason({
    rule: 'pod-not-ready',
    on: subjectOf(pod),
    message: `${pod.metadata.name} is not ready${message ? `: ${message}` : ''}`,
    source: 'kubelet: generateAPIPodStatus',
    since: at(condition?.lastTransitionTime ?? pod.metadata.creationTimestamp),
    until: step,
    endsAlone: step !== undefined,
    ends: 'its Ready condition becomes True',
  });
}
