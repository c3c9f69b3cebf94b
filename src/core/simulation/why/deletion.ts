/** Why an object that is being deleted is still there: its grace period, its finalizers, its dependents, its users. */
import { claimNames } from '../../api/pod';
import type { KubeObject, Namespace, PersistentVolumeClaim, Pod } from '../../api/types';
import { PV_PROTECTION, PVC_PROTECTION } from '../../apiserver/admission';
import { FOREGROUND, ORPHAN } from '../../apiserver/deletion';
import { STOP_TIMER } from '../../kubelet/timers';
import type { Reason } from '../../reports/why';
import { fateOf } from './claim-notes';
import { deletePod } from './deleting';
import { faultsOf } from './faults';
import { forced, lostNode, terminatingOnLostNode } from './nodes';
import { podReasons } from './pod';
import { toMakeRoom } from './preempting';
import {
  allUntil,
  at,
  command,
  endAlone,
  endsWith,
  listed,
  plural,
  quoted,
  reason,
  remedies,
  subjectOf,
  timerKeyOf,
} from './words';
import type { World } from './world';

/** Of many objects that stand in the way, so many are explained. */
const SHOWN = 3;

/** When the deletion was asked for, ms: the timestamp is when the grace period is over. */
const askedAt = ({ metadata }: KubeObject): number | undefined => {
  const end = at(metadata.deletionTimestamp);
  return end === undefined ? undefined : end - Number(metadata.deletionGracePeriodSeconds ?? 0) * 1000;
};

export function podDeletion(world: World, pod: Pod): readonly Reason[] {
  const since = world.transition(pod, 'terminate') ?? askedAt(pod);
  const { name, finalizers } = pod.metadata;
  const stop = world.nextTimer([STOP_TIMER], timerKeyOf(pod));
  // Nobody is asked about its containers any more.
  const isForced = Number(pod.metadata.deletionGracePeriodSeconds ?? 0) === 0 && stop === undefined;
  if (isForced && finalizers && finalizers.length > 0) return finalizerReasons(world, pod);
  const lost = lostNode(world, pod);
  if (lost) return [terminatingOnLostNode(pod, lost, since), ...finalizerReasons(world, pod)];
  if (stop !== undefined || Number(pod.metadata.deletionGracePeriodSeconds ?? 0) > 0) {
    const end = at(pod.metadata.deletionTimestamp);
    const late = stop === undefined && end !== undefined && end < world.now;
    const faults = faultsOf(world, 'pod', pod, ['stuck-terminating']);
    if (!late) {
      const ends = 'its containers have ended';
      // What is broken holds the pod beyond its grace period, known beforehand.
      const healed = allUntil(faults);
      const held = {
        until: healed && Math.max(healed, stop ?? healed),
        endsAlone: endAlone(faults),
        ends: endsWith(ends, faults),
        remedy: remedies(faults),
        because: faults,
      };
      const stopping = reason({
        rule: 'pod-terminating',
        on: subjectOf(pod),
        message: `${name} is Terminating${toMakeRoom(world, pod)}: its containers are being stopped, with ${plural(Number(pod.metadata.deletionGracePeriodSeconds ?? 0), 'second')} of grace`,
        source: 'kubelet: killPod',
        since,
        ...(faults.length > 0 ? held : { until: stop ?? end, endsAlone: true, ends }),
      });
      return [stopping, ...finalizerReasons(world, pod)];
    }
    return [
      reason({
        rule: 'stuck-terminating',
        on: subjectOf(pod),
        message: `${name} is Terminating${toMakeRoom(world, pod)}, its grace period is over and the kubelet has not confirmed that its containers have ended`,
        source: 'kubelet: SyncTerminatedPod',
        since,
        endsAlone: faults.length > 0 && endAlone(faults),
        until: allUntil(faults),
        ends: `${endsWith('the kubelet confirms the end', faults)}, or the pod is deleted by force: only when its containers have surely ended`,
        remedy: forced(pod),
        because: faults,
      }),
      ...finalizerReasons(world, pod),
    ];
  }
  return [
    reason({
      rule: 'pod-terminating',
      on: subjectOf(pod),
      message: `${name} is Terminating`,
      source: 'API server: BeforeDelete',
      since,
      endsAlone: true,
      ends: 'the object is removed',
    }),
  ];
}

/** What the finalizers of an object wait for. */
function finalizerReasons(world: World, object: KubeObject): readonly Reason[] {
  const known: Reason[] = [];
  const others: string[] = [];
  for (const finalizer of object.metadata.finalizers ?? []) {
    if (finalizer === FOREGROUND) known.push(foreground(world, object));
    else if (finalizer === PVC_PROTECTION) known.push(claimInUse(world, object));
    else if (finalizer === PV_PROTECTION) known.push(volumeInUse(object));
    else if (finalizer === ORPHAN) known.push(orphaning(object));
    else others.push(finalizer);
  }
  return others.length > 0 ? [...known, foreign(world, object, others)] : known;
}

const orphaning = (object: KubeObject): Reason =>
  reason({
    rule: 'orphaning',
    on: subjectOf(object),
    message: `${object.metadata.name} waits until the garbage collector has released what it owns`,
    source: 'garbage collector: orphanDependents',
    since: askedAt(object),
    endsAlone: true,
    ends: 'its dependents no longer name it as their owner',
  });

/** Finalizers of controllers that are not known here. */
function foreign(world: World, object: KubeObject, finalizers: readonly string[]): Reason {
  const { namespace, name } = object.metadata;
  const left = (object.metadata.finalizers ?? []).filter((other) => !finalizers.includes(other));
  const type = typeOf(world, object);
  const patch = JSON.stringify({ metadata: { finalizers: left.length > 0 ? left : null } });
  return reason({
    rule: 'finalizer',
    on: subjectOf(object),
    message: `${object.kind.toLowerCase()} ${name} is held by the finalizer${finalizers.length > 1 ? 's' : ''} ${listed(finalizers)}`,
    source: 'kubernetes.io/docs: Finalizers',
    since: (object.kind === 'Pod' && world.transition(object as Pod, 'terminate')) || askedAt(object),
    endsAlone: false,
    ends: `whoever set ${listed(finalizers)} removes ${finalizers.length > 1 ? 'them' : 'it'}; by hand only when that controller is gone for good`,
    remedy: [command(namespace, `patch ${type} ${name} --type=merge -p ${quoted(patch)}`)],
  });
}

/** `pod`, `pvc`, `statefulset`: a word that names the object's type. */
export function typeOf(world: World, object: KubeObject): string {
  const resource = world.store.resourceOf(object);
  return resource?.singular || object.kind.toLowerCase();
}

function foreground(world: World, owner: KubeObject): Reason {
  const blocking = [...world.store.dependents(owner.metadata.uid)].filter((dependent) =>
    dependent.metadata.ownerReferences?.some((ref) => ref.uid === owner.metadata.uid && ref.blockOwnerDeletion),
  );
  const because = blocking.slice(0, SHOWN).flatMap((dependent) => deletionReasons(world, dependent));
  return reason({
    rule: 'foreground-deletion',
    on: subjectOf(owner),
    message: `${owner.kind} ${owner.metadata.name} is deleted in the foreground: it stays until what it owns is gone${
      blocking.length > 0 ? `: ${listed(blocking.map((o) => `${o.kind.toLowerCase()}/${o.metadata.name}`))}` : ''
    }`,
    source: 'garbage collector: processDeletingDependentsItem',
    since: askedAt(owner),
    endsAlone: endAlone(because),
    ends: endsWith('all dependents with blockOwnerDeletion are gone', because),
    remedy: remedies(because),
    because,
  });
}

/** Why an object of any kind is still there; empty for one that nobody deletes. */
export function deletionReasons(world: World, object: KubeObject): readonly Reason[] {
  if (object.metadata.deletionTimestamp === undefined) return [];
  if (object.kind === 'Pod') return podReasons(world, object as Pod);
  return world.within(subjectOf(object), () =>
    object.kind === 'Namespace' ? [namespaceContent(world, object as Namespace)] : finalizerReasons(world, object),
  );
}

/** A namespace goes when its content is gone, pods first. */
function namespaceContent(world: World, namespace: Namespace): Reason {
  const { name } = namespace.metadata;
  const kinds = [...world.store.storage.resources()].filter((key) => world.store.resource(key).namespaced);
  const left = kinds.flatMap((key) => (key === 'events' ? [] : world.list<KubeObject>(key, name)));
  const held = left.filter(
    ({ metadata }) => metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length > 0,
  );
  const leaving = held.length > 0 ? held : left.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const because = leaving.slice(0, SHOWN).flatMap((object) => deletionReasons(world, object));
  const others = left.filter((object) => !leaving.includes(object));
  return reason({
    rule: 'namespace-content',
    on: subjectOf(namespace),
    message: `namespace ${name} is Terminating and not empty: ${listed([...leaving, ...others].map((o) => `${o.kind.toLowerCase()}/${o.metadata.name}`))}`,
    source: 'namespace controller: deleteAllContent',
    since: at(namespace.metadata.deletionTimestamp),
    endsAlone: endAlone(because),
    ends: endsWith('its content is gone', because),
    remedy: remedies(because),
    because,
  });
}

function claimInUse(world: World, claim: KubeObject): Reason {
  const users = world
    .list<Pod>('pods', claim.metadata.namespace)
    .filter((pod) => pod.spec.nodeName && claimNames(pod).includes(claim.metadata.name));
  const leaving = users.filter((pod) => pod.metadata.deletionTimestamp !== undefined);
  const because = leaving.slice(0, SHOWN).flatMap((pod) => podReasons(world, pod));
  const stay = users.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const names = users.map((pod) => pod.metadata.name);
  const [first] = users;
  if (!first) {
    return reason({
      rule: 'claim-terminating',
      on: subjectOf(claim),
      message: `claim ${claim.metadata.name} is Terminating, and nobody uses it any more`,
      source: 'pvc-protection controller: deletePVC',
      since: askedAt(claim),
      endsAlone: true,
      ends: 'the claim is gone',
    });
  }
  return reason({
    rule: 'claim-in-use',
    on: subjectOf(first),
    message: `claim ${claim.metadata.name} is Terminating and still used by pod ${listed(names)}`,
    source: 'pvc-protection controller: podUsesPVC',
    since: askedAt(claim),
    endsAlone: stay.length === 0 && endAlone(because),
    ends: `pod ${listed(names)} is gone; ${fateOf(world, claim as PersistentVolumeClaim, names.length > 1 ? 'the last of them' : 'it')}`,
    remedy: [...stay.map((pod) => deletePod(world, pod)), ...(remedies(because) ?? [])],
    because,
  });
}

function volumeInUse(volume: KubeObject): Reason {
  const ref = (
    volume.spec as { readonly claimRef?: { readonly namespace?: string; readonly name?: string } } | undefined
  )?.claimRef;
  return reason({
    rule: 'volume-in-use',
    on: ref
      ? { kind: 'PersistentVolumeClaim', ...(ref.namespace && { namespace: ref.namespace }), name: ref.name ?? '' }
      : subjectOf(volume),
    message: `volume ${volume.metadata.name} is Terminating and still bound to claim ${ref?.name ?? ''}`,
    source: 'pv-protection controller: isBeingUsed',
    since: askedAt(volume),
    endsAlone: false,
    ends: `claim ${ref?.name ?? ''} is deleted`,
    ...(ref?.name && { remedy: [command(ref.namespace, `delete pvc ${ref.name}`)] }),
  });
}
