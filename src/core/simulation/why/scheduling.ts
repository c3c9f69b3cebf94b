/** Why a pod has no node: its claims, what it asks for, what the nodes refuse; from what the scheduler said last. */
import { claimNames, podCondition } from '../../api/pod';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types';
import { controllerOf } from '../../controllers/statefulset/adoption';
import type { Reason } from '../../reports/why';
import { claimReasons } from './claim';
import { type NodeTrouble, nodeTroubles } from './node-troubles';
import { preemptingReason } from './preempting';
import { SetView } from './set';
import { wayToNode } from './ways-to-node';
import { allUntil, at, endAlone, listed, reason, remedies, subjectOf } from './words';
import type { World } from './world';

const SCHEDULER = 'default-scheduler';

export function schedulingReason(world: World, pod: Pod): Reason {
  const { name } = pod.metadata;
  const on = subjectOf(pod);
  const gates = (pod.spec.schedulingGates ?? []) as readonly { readonly name: string }[];
  const condition = podCondition(pod, 'PodScheduled');
  const since = at(condition?.lastTransitionTime ?? pod.metadata.creationTimestamp);
  if (gates.length > 0) {
    return reason({
      rule: 'scheduling-gated',
      on,
      message: `${name} has no node: it is held back by the scheduling gate ${listed(gates.map((gate) => gate.name))}`,
      source: 'scheduler: SchedulingGates plug-in',
      since,
      endsAlone: false,
      ends: 'whoever set the gate removes it',
    });
  }
  const scheduler = pod.spec.schedulerName ?? SCHEDULER;
  if (scheduler !== SCHEDULER) {
    return reason({
      rule: 'no-scheduler',
      on,
      message: `${name} has no node: it asks for the scheduler ${JSON.stringify(scheduler)}, and none of that name is running`,
      source: 'pod.spec.schedulerName',
      since,
      endsAlone: false,
      ends: `a scheduler of that name is there, or the pod is made again with ${SCHEDULER}`,
    });
  }
  const preempting = preemptingReason(world, pod, since);
  if (preempting) return preempting;
  const said = condition?.message ?? '';
  const claims = claimTroubles(world, pod);
  const troubles = nodeTroubles(world, pod, said);
  const because = [...claims, ...troubles.map((trouble) => nodeReason(pod, trouble))];
  const ends = [...claims.map((one) => one.ends), troubles.map((one) => one.ends).join(', or ')].filter(Boolean);
  const ways = [...(remedies(claims) ?? []), ...wayOut(world, pod, said, troubles)];
  return reason({
    rule: 'unschedulable',
    on,
    message: `${name} has no node${condition?.message ? `: ${condition.message}` : ' yet'}`,
    source: 'scheduler: findNodesThatFitPod',
    since,
    until: because.length > 0 ? allUntil(because) : undefined,
    endsAlone: because.length > 0 && endAlone(because),
    ends: ends.length > 0 ? listed(ends) : 'a node takes it',
    remedy: ways,
    because,
  });
}

/** Claims that are missing, unbound or on their way out. */
function claimTroubles(world: World, pod: Pod): readonly Reason[] {
  return claimNames(pod).flatMap((name) => {
    const { namespace = '' } = pod.metadata;
    const claim = world.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
    if (claim) return claimReasons(world, claim);
    return [
      reason({
        rule: 'claim-missing',
        on: { kind: 'PersistentVolumeClaim', namespace, name },
        message: `claim ${name} does not exist`,
        source: 'scheduler: VolumeBinding plug-in',
        endsAlone: false,
        ends: `claim ${name} is created`,
      }),
    ];
  });
}

const nodeReason = (pod: Pod, { rule, message, ends }: NodeTrouble): Reason =>
  reason({ rule, on: subjectOf(pod), message, source: 'scheduler: filter plug-ins', endsAlone: false, ends });

/** Pods of one set that the scheduler says the same of have the same way out. */
function wayOut(world: World, pod: Pod, said: string, troubles: readonly NodeTrouble[]): readonly string[] {
  if (troubles.length === 0) return [];
  const perNode = troubles.find((one) => one.perNode !== undefined)?.perNode;
  const nodes = (): number => Math.ceil(inSameTrouble(world, pod) / (perNode ?? 1));
  const key = `node/${controllerOf(pod)?.uid ?? pod.metadata.uid}/${said}`;
  return world.once(key, () => wayToNode(world, pod, perNode !== undefined, nodes())) ?? [];
}

/** Pods of the set that have no node, and those that have yet to be made. */
function inSameTrouble(world: World, pod: Pod): number {
  const owner = controllerOf(pod);
  const set = owner && world.get<StatefulSet>('statefulsets.apps', pod.metadata.namespace, owner.name);
  if (!set || set.metadata.uid !== owner.uid) return 1;
  const view = new SetView(world, set);
  return view.missing.length + view.inRange.filter(({ spec }) => !spec.nodeName).length;
}
