/** A node that is out of reach, and what that means for a pod on it. */
import { podCondition } from '../../api/pod';
import type { Node, Pod } from '../../api/types';
import type { Reason } from '../../reports/why';
import { nodeFaults } from './faults';
import { allUntil, at, command, endAlone, leafEnds, listed, reason, subjectOf } from './words';
import type { World } from './world';

export interface LostNode {
  readonly name: string;
  readonly because: string;
  /** ms */
  readonly since: number | undefined;
  /** No such node any more: it can't return by itself. */
  readonly isGone: boolean;
  /** Why it is out of reach, where somebody made it so. */
  readonly faults: readonly Reason[];
}

const OUT_OF_REACH = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready'];

/** The pod's node when it is not there, not ready or unreachable. */
export function lostNode(world: World, pod: Pod): LostNode | undefined {
  const name = pod.spec.nodeName;
  if (!name) return undefined;
  const faults = nodeFaults(world, name);
  const node = world.get<Node>('nodes', undefined, name);
  if (!node) return { name, because: `node ${name} does not exist`, since: undefined, isGone: true, faults };
  return nodeState(node, faults);
}

/** A node that is not ready or out of reach; undefined for one that is well. `faults` are those that cut it off. */
export function nodeState(node: Node, faults: readonly Reason[]): LostNode | undefined {
  const { name } = node.metadata;
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
  const since = at(ready?.lastTransitionTime);
  if (ready && ready.status !== 'True') {
    return { name, because: `node ${name} is lost (Ready is ${ready.status})`, since, isGone: false, faults };
  }
  const taint = node.spec.taints?.find(({ key }) => OUT_OF_REACH.includes(key));
  if (taint)
    return { name, because: `node ${name} is lost (it has the taint ${taint.key})`, since, isGone: false, faults };
  const [fault] = faults;
  // The node controller notices the silence only after a while.
  return fault && { name, because: `node ${name} has fallen silent`, since: fault.since, isGone: false, faults };
}

/** For a pod that was not told to go: it counts as unready until its node returns or it is evicted. */
export function nodeLost(world: World, pod: Pod, lost: LostNode): Reason {
  const { name, namespace, uid } = pod.metadata;
  const eviction = world.memory(`taint-eviction/${namespace}/${name}/${uid}`) as { readonly at: number } | undefined;
  const evicted =
    eviction && eviction.at > world.now
      ? ` (at ${clock(eviction.at)} the pod is told to go, and stays Terminating)`
      : '';
  return reason({
    rule: 'node-lost',
    on: subjectOf(pod),
    message: `${lost.because}, and nobody knows what ${name} is doing there`,
    source: 'node lifecycle controller: monitorNodeHealth',
    since: lost.since ?? at(podCondition(pod, 'Ready')?.lastTransitionTime),
    until: allUntil(lost.faults),
    endsAlone: lost.faults.length > 0 && endAlone(lost.faults),
    ends: `${returns(lost)}${evicted}, or ${FORCE}`,
    remedy: forced(pod),
    because: lost.faults,
  });
}

function returns({ isGone, faults }: LostNode): string {
  if (isGone) return 'the pod garbage collector sees that the node is gone';
  return faults.length > 0 ? `the node returns (${listed(leafEnds(faults))})` : 'the node returns';
}

/** For a pod that is Terminating: only its kubelet may confirm that it has ended. */
export const terminatingOnLostNode = (pod: Pod, lost: LostNode, since: number | undefined): Reason =>
  reason({
    rule: 'node-lost',
    on: subjectOf(pod),
    message:
      `${pod.metadata.name} is Terminating, but ${lost.because}: ` +
      'nobody can confirm that its containers have ended, so the object stays and its name is taken',
    source: 'kubernetes.io/docs: Force Delete StatefulSet Pods',
    since,
    until: allUntil(lost.faults),
    endsAlone: lost.faults.length > 0 && endAlone(lost.faults),
    ends: `${returns(lost)}, or ${FORCE}`,
    remedy: forced(pod),
    because: lost.faults,
  });

const FORCE =
  'the pod is deleted by force: only when its containers have surely ended, ' +
  'or two pods may run under one name (a StatefulSet promises at most one)';

/** A finalizer keeps the pod all the same: then its going is not waited for. */
export const forced = ({ metadata: { name, namespace, finalizers = [] } }: Pod): readonly string[] => [
  command(namespace, `delete pod ${name} --force --grace-period=0${finalizers.length > 0 ? ' --wait=false' : ''}`),
];

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
