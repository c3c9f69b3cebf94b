/** Why a pod has no node: its claims, what it asks for, what the nodes refuse; from what the scheduler said last. */
import { claimNames, podCondition } from '../../api/pod';
import type { Node, PersistentVolumeClaim, Pod } from '../../api/types';
import type { Reason } from '../../reports/why';
import { claimReasons } from './claim';
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
  const because = [...claimTroubles(world, pod), ...nodeTroubles(world, pod, condition?.message ?? '')];
  return reason({
    rule: 'unschedulable',
    on,
    message: `${name} has no node${condition?.message ? `: ${condition.message}` : ' yet'}`,
    source: 'scheduler: findNodesThatFitPod',
    since,
    until: because.length > 0 ? allUntil(because) : undefined,
    endsAlone: because.length > 0 && endAlone(because),
    ends: because.length > 0 ? listed(because.map(({ ends }) => ends)) : 'a node takes it',
    remedy: remedies(because),
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

const SHORTAGE = /\d+ Insufficient ([a-z0-9](?:[a-z0-9./-]*[a-z0-9])?)/g;

/** What the scheduler's last message says of the nodes, each with what helps. */
function nodeTroubles(world: World, pod: Pod, message: string): readonly Reason[] {
  const reasons: Reason[] = [];
  const nodes = world.list<Node>('nodes');
  const because = (rule: string, text: string, ends: string, remedy: readonly string[] = []): void => {
    reasons.push(
      reason({
        rule,
        on: subjectOf(pod),
        message: text,
        source: 'scheduler: filter plug-ins',
        endsAlone: false,
        ends,
        remedy,
      }),
    );
  };
  const short = [...new Set([...message.matchAll(SHORTAGE)].map((match) => match[1] ?? ''))];
  if (short.length > 0) {
    const most = short.map((resource) => `${largest(nodes, resource)} ${resource}`).join(' and ');
    because(
      'insufficient-resources',
      `no node has enough ${listed(short)} left; the largest offers ${most} in all`,
      `a node has more ${listed(short)} left, or the pod asks for less`,
    );
  }
  if (message.includes('node(s) were unschedulable')) {
    const cordoned = nodes.filter((node) => node.spec.unschedulable).map((node) => node.metadata.name);
    because(
      'node-cordoned',
      `node ${listed(cordoned)} ${cordoned.length > 1 ? 'are' : 'is'} cordoned`,
      `node ${listed(cordoned)} ${cordoned.length > 1 ? 'are' : 'is'} uncordoned`,
      cordoned.map((node) => `uncordon ${node}`),
    );
  }
  if (message.includes('untolerated taint')) {
    const tainted = nodes.flatMap((node) =>
      (node.spec.taints ?? [])
        .filter(({ effect }) => effect !== 'PreferNoSchedule')
        .map((taint) => ({ node: node.metadata.name, ...taint })),
    );
    const own = tainted.filter(({ key }) => !key.startsWith('node.kubernetes.io/'));
    because(
      'node-taint',
      `the pod does not tolerate ${listed(tainted.map(({ node, key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect} on ${node}`))}`,
      'a taint is removed, or the pod tolerates it',
      own.map(({ node, key, effect }) => `taint nodes ${node} ${key}:${effect}-`),
    );
  }
  if (message.includes("didn't match Pod's node affinity/selector")) {
    const wanted = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
    because(
      'node-selector',
      wanted.length > 0 ? `no node has the labels ${listed(wanted)}` : "no node matches the pod's node affinity",
      wanted.length > 0
        ? `a node gets the labels ${listed(wanted)}, or the pod asks for others`
        : 'a node matches, or the pod asks for less',
    );
  }
  return reasons;
}

function largest(nodes: readonly Node[], resource: string): string {
  const offers = nodes.map((node) => node.status.allocatable?.[resource]).filter((offer) => offer !== undefined);
  return offers.sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))[0] ?? '0';
}
