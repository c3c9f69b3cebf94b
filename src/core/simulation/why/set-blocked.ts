/** What the StatefulSet controller stopped at, as a reason: one for each rule of its decision flow. */
import { isPodReady } from '../../api/pod';
import type { PersistentVolumeClaim } from '../../api/types';
import { claimNamesFor } from '../../controllers/statefulset/claims';
import type { Waiting } from '../../controllers/statefulset/control';
import { maxUnavailableOf } from '../../controllers/statefulset/max-unavailable';
import { isInOrdinalRange, parentAndOrdinal } from '../../controllers/statefulset/utils';
import type { Reason } from '../../reports/why';
import { deletionReasons } from './deletion';
import { podReasons } from './pod';
import type { SetView } from './set';
import { notAvailable, notReady, unavailability, unreadySince } from './set-pods';
import { allUntil, at, endAlone, endsWith, listed, plural, reason, remedies, subjectOf } from './words';
import type { World } from './world';

export function blockedReason(world: World, view: SetView, { rule, pod: name = '' }: Waiting): Reason {
  const pod = view.pod(name);
  const on = { kind: 'Pod', namespace: view.namespace, name };
  const because = pod ? podReasons(world, pod) : [];
  const rest = { on, until: allUntil(because), endsAlone: endAlone(because), remedy: remedies(because), because };
  switch (rule) {
    case 'not-ready':
      if (pod) return notReady(world, view, pod, held(view, name));
      break;
    case 'not-available':
      if (pod)
        return {
          ...notAvailable(world, view, pod),
          ...(consequence(view, name) && { message: available(world, view, name) }),
        };
      break;
    case 'terminating':
      return reason({
        ...rest,
        rule: held(view, name) ? 'predecessor-terminating' : 'pod-terminating',
        message: `${name} is Terminating${held(view, name) ? `: ${held(view, name)}` : inRange(view, name)}`,
        source: 'StatefulSet controller: processReplica, OrderedReady',
        since: because[0]?.since,
        ends: endsWith(`${name} is gone`, because),
      });
    case 'replaced-pod-gone':
      return reason({
        ...rest,
        rule: 'replaced-pod-gone',
        message: `${name} has come to its end (${pod?.status.phase ?? 'gone'}) and a new one is made when it is gone`,
        source: 'StatefulSet controller: processReplica',
        since: because[0]?.since,
        ends: endsWith(`${name} is gone`, because),
      });
    case 'stale-claim':
      return staleClaim(world, view, name);
    case 'scale-down-unhealthy':
      return heldScaleDown(world, view, name);
    case 'update-unavailable':
      return heldUpdate(world, view, name);
    case 'max-unavailable':
      return overBudget(world, view);
    default:
  }
  return reason({
    ...rest,
    rule,
    message: `the controller waits for ${name || view.name}`,
    source: 'StatefulSet controller: updateStatefulSet',
    ends: `${name || view.name} has changed`,
  });
}

const available = (world: World, view: SetView, name: string): string => {
  const pod = view.pod(name);
  return `${pod ? notAvailable(world, view, pod).message : name}: ${consequence(view, name)}`;
};

const consequence = (view: SetView, name: string): string => held(view, name);

/** What is not done while the pod is in the way; empty when there is nothing to do after it. */
function held(view: SetView, name: string): string {
  const { ordinal } = parentAndOrdinal(name);
  const missing = view.missing.filter((other) => parentAndOrdinal(other).ordinal > ordinal);
  const outdated = view.isOnDelete
    ? []
    : view.outdated.filter((pod) => view.isReached(pod) && pod.metadata.name !== name).map((pod) => pod.metadata.name);
  const condemned = view.condemned.map((pod) => pod.metadata.name).filter((other) => other !== name);
  const parts = [
    ...(missing.length > 0 ? [`${listed(missing)} ${be(missing)} created only after it`] : []),
    ...(condemned.length > 0 ? [`${listed(condemned)} ${be(condemned)} scaled away only after it`] : []),
    ...(outdated.length > 0 ? [`${listed(outdated)} ${be(outdated)} updated only after it`] : []),
  ];
  return parts.join('; ');
}

const inRange = (view: SetView, name: string): string =>
  isInOrdinalRange(view.set, parentAndOrdinal(name).ordinal)
    ? ': a new one is made when it is gone'
    : ': it is being scaled away';

const be = (names: readonly string[]): string => (names.length > 1 ? 'are' : 'is');

function staleClaim(world: World, view: SetView, name: string): Reason {
  const { ordinal } = parentAndOrdinal(name);
  const claims = claimNamesFor(view.set, ordinal).flatMap((claim) => {
    const found = world.get<PersistentVolumeClaim>('persistentvolumeclaims', view.namespace, claim);
    return found?.metadata.ownerReferences?.some((ref) => ref.kind === 'Pod' && ref.name === name) ? [found] : [];
  });
  const because = claims.flatMap((claim) => deletionReasons(world, claim));
  const [claim] = claims;
  return reason({
    rule: 'stale-claim',
    on: claim ? subjectOf(claim) : { kind: 'Pod', namespace: view.namespace, name },
    message: `claim ${claim?.metadata.name ?? ''} still belongs to an earlier ${name} and is about to be deleted: ${name} is made when it is gone`,
    source: 'StatefulSet controller: PodClaimIsStale',
    since: at(claim?.metadata.deletionTimestamp),
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: endsWith('the claim is gone', because),
    remedy: remedies(because),
    because,
  });
}

function heldScaleDown(world: World, view: SetView, name: string): Reason {
  const pod = view.pod(name);
  const because = pod ? unavailability(world, view, pod) : [];
  const condemned = view.condemned.map((other) => other.metadata.name);
  return reason({
    rule: 'scale-down-unhealthy',
    on: { kind: 'Pod', namespace: view.namespace, name },
    message: `scaling down waits: ${name} is not healthy, so ${listed(condemned)} ${be(condemned)} kept`,
    source: 'StatefulSet controller: processCondemned, OrderedReady',
    since: pod && (isPodReady(pod) ? because[0]?.since : unreadySince(world, pod)),
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: endsWith(`${name} is ready`, because),
    remedy: remedies(because),
    because,
  });
}

function heldUpdate(world: World, view: SetView, name: string): Reason {
  const pod = view.pod(name);
  const outdated = view.outdated.filter((other) => view.isReached(other)).map((other) => other.metadata.name);
  if (pod && !isPodReady(pod)) {
    const told = notReady(
      world,
      view,
      pod,
      outdated.length > 0 ? `${listed(outdated)} ${be(outdated)} updated only after it` : '',
    );
    return told.rule === 'predecessor-not-ready'
      ? { ...told, source: 'StatefulSet controller: updateStatefulSet, rolling update' }
      : told;
  }
  const because = pod ? unavailability(world, view, pod) : [];
  return reason({
    rule: because[0]?.rule === 'min-ready-seconds' ? 'min-ready-seconds' : 'update-unavailable',
    on: { kind: 'Pod', namespace: view.namespace, name },
    message: `${because[0]?.rule === 'min-ready-seconds' ? because[0].message : `${name} is not available`}${
      outdated.length > 0 ? `: ${listed(outdated)} ${be(outdated)} updated only after it` : ''
    }`,
    source: 'StatefulSet controller: updateStatefulSet, rolling update',
    since: because[0]?.since,
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: because[0]?.rule === 'min-ready-seconds' ? because[0].ends : endsWith(`${name} is available`, because),
    remedy: remedies(because),
    because: because[0]?.rule === 'min-ready-seconds' ? [] : because,
  });
}

function overBudget(world: World, view: SetView): Reason {
  const unavailable = view.inRange.filter((pod) => !view.isAvailable(pod));
  const names = unavailable.map((pod) => pod.metadata.name);
  const allowed = maxUnavailableOf(view.set);
  const because = unavailable.slice(0, 3).flatMap((pod) => {
    const why = unavailability(world, view, pod);
    return isPodReady(pod) ? why : [notReady(world, view, pod)];
  });
  return reason({
    rule: 'max-unavailable',
    on: { kind: 'Pod', namespace: view.namespace, name: names[names.length - 1] ?? view.name },
    message: `maxUnavailable allows ${plural(allowed, 'pod')} to be unavailable during an update, and ${listed([...names, ...view.missing])} ${
      names.length + view.missing.length > 1 ? 'are' : 'is'
    }`,
    source: 'StatefulSet controller: updateStatefulSetAfterInvariantEstablished, gate MaxUnavailableStatefulSet',
    since: because[0]?.since,
    until: allUntil(because),
    endsAlone: endAlone(because),
    ends: endsWith(`fewer than ${allowed} pods are unavailable`, because),
    remedy: remedies(because),
    because,
  });
}
