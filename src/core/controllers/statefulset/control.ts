/**
 * The decision flow of one sync: replicas in ordinal order, then condemned pods from the highest ordinal, then the
 * rolling update from the highest ordinal down to the partition (as stateful_set_control.go). Being blocked is a value
 * with a reason, not an error.
 */
import { isTerminating } from '../../api/pod';
import type { Pod, StatefulSet } from '../../api/types';
import type { SetRevisions } from './history';
import { templateOf } from './history';
import { maxUnavailableOf } from './max-unavailable';
import type { OrdinalSet } from './ordinals';
import type { PodControl } from './pod-control';
import type { Replicas } from './replicas';
import {
  allowsBurst,
  endOrdinal,
  isCreated,
  isFailed,
  isPending,
  isRunningAndReady,
  isSucceeded,
  podNameFor,
  startOrdinal,
} from './utils';

/** Why a sync stopped where it did. */
export interface Waiting {
  readonly rule:
    | 'replaced-pod-gone'
    | 'stale-claim'
    | 'pod-created'
    | 'terminating'
    | 'not-ready'
    | 'not-available'
    | 'scale-down-unhealthy'
    | 'scale-down'
    | 'update'
    | 'update-unavailable'
    | 'max-unavailable'
    | 'set-deleted';
  /** The pod that is waited for. */
  readonly pod?: string;
}

export interface Outcome {
  readonly waiting?: Waiting;
  /** Pods at the current revision that this sync deleted for the update: they no longer count as current. */
  readonly deletedForUpdate: number;
  /** What failed; the status is written all the same, then the sync is tried again. */
  readonly error?: unknown;
}

const blocked = (rule: Waiting['rule'], pod?: string): Outcome => ({
  waiting: pod === undefined ? { rule } : { rule, pod },
  deletedForUpdate: 0,
});

const DONE: Outcome = { deletedForUpdate: 0 };

export function reconcile(
  set: StatefulSet,
  revisions: SetRevisions,
  replicas: Replicas,
  pods: PodControl,
  maxUnavailableGate: boolean,
): Outcome {
  if (set.metadata.deletionTimestamp !== undefined) return blocked('set-deleted');
  const monotonic = !allowsBurst(set);
  const firstUnavailable = firstUnavailablePod(replicas);
  try {
    const replica = monotonic
      ? firstBlocked(replicas.unsettled, (ordinal) => processReplica(set, revisions, replicas, pods, true, ordinal))
      : burst(replicas.actionable.values(), (ordinal) =>
          processReplica(set, revisions, replicas, pods, false, ordinal),
        );
    if (replica) return replica;
    const condemned = replicas.condemned.values().reverse();
    for (const ordinal of condemned) fixClaims(set, pods, replicas.pod(ordinal));
    const condemn = (ordinal: number): Outcome | undefined =>
      processCondemned(set, replicas, pods, monotonic, firstUnavailable, ordinal);
    const scaled = monotonic ? firstOutcome(condemned, condemn) : burst(condemned, condemn);
    if (scaled) return scaled;
    if (set.spec.updateStrategy.type === 'OnDelete') return DONE;
    return maxUnavailableGate
      ? updateWithMaxUnavailable(set, revisions, replicas, pods)
      : updateOneByOne(set, revisions, replicas, pods);
  } catch (error) {
    return { error, deletedForUpdate: 0 };
  }
}

/** In ordinal order, up to the first that blocks. */
function firstBlocked(ordinals: OrdinalSet, run: (ordinal: number) => Outcome | undefined): Outcome | undefined {
  for (let next = ordinals.lowest(); next !== undefined; next = ordinals.atLeast(next + 1)) {
    const outcome = run(next);
    if (outcome) return outcome;
  }
  return undefined;
}

function firstOutcome(ordinals: readonly number[], run: (ordinal: number) => Outcome | undefined): Outcome | undefined {
  for (const ordinal of ordinals) {
    const outcome = run(ordinal);
    if (outcome) return outcome;
  }
  return undefined;
}

/** Bursts try all, blocked by none, and throw the first failure at the end. */
function burst(ordinals: readonly number[], run: (ordinal: number) => Outcome | undefined): undefined {
  let failure: { error: unknown } | undefined;
  for (const ordinal of ordinals) {
    try {
      run(ordinal);
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure) throw failure.error;
  return undefined;
}

function firstUnavailablePod(replicas: Replicas): number | undefined {
  const inRange = replicas.unavailable.lowest();
  if (inRange !== undefined) return inRange;
  return replicas.condemned.values().find((ordinal) => {
    const pod = replicas.pod(ordinal);
    return pod === undefined || isTerminating(pod) || !replicas.isAvailable(ordinal);
  });
}

function processReplica(
  set: StatefulSet,
  revisions: SetRevisions,
  replicas: Replicas,
  pods: PodControl,
  monotonic: boolean,
  ordinal: number,
): Outcome | undefined {
  const pod = replicas.pod(ordinal);
  const name = podNameFor(set, ordinal);
  if (!pod || !isCreated(pod)) {
    const stale = pods.staleClaim(set, ordinal);
    if (stale !== undefined) return blocked('stale-claim', name);
    const revision = needsCurrentRevision(set, ordinal) ? revisions.current : revisions.update;
    pods.create(set, templateOf(revision), ordinal, revision.metadata.name);
    return blocked('pod-created', name);
  }
  if (isFailed(pod) || isSucceeded(pod)) {
    if (!isTerminating(pod)) pods.delete(set, pod);
    return blocked('replaced-pod-gone', name);
  }
  if (isPending(pod)) pods.createMissingClaims(set, pod);
  if (monotonic) {
    if (isTerminating(pod)) return blocked('terminating', name);
    if (!isRunningAndReady(pod)) return blocked('not-ready', name);
    if (!replicas.isAvailable(ordinal)) return blocked('not-available', name);
  }
  pods.update(set, pod);
  return undefined;
}

/**
 * Below the partition a missing pod returns at the current revision; without a rollingUpdate block the current replicas
 * take the partition's place (as newVersionedStatefulSetPod).
 */
function needsCurrentRevision(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  if (type !== 'RollingUpdate') return false;
  const current = rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status.currentReplicas ?? 0);
  return ordinal < startOrdinal(set) + current;
}

function fixClaims(set: StatefulSet, pods: PodControl, pod: Pod | undefined): void {
  if (pod && !pods.claimsMatchRetentionPolicy(set, pod)) pods.updateClaimOwners(set, pod);
}

function processCondemned(
  set: StatefulSet,
  replicas: Replicas,
  pods: PodControl,
  monotonic: boolean,
  firstUnavailable: number | undefined,
  ordinal: number,
): Outcome | undefined {
  const pod = replicas.pod(ordinal) as Pod;
  const name = pod.metadata.name;
  if (isTerminating(pod)) return monotonic ? blocked('terminating', name) : undefined;
  if (monotonic && ordinal !== firstUnavailable && !replicas.isAvailable(ordinal)) {
    return blocked('scale-down-unhealthy', firstUnavailable === undefined ? name : podNameFor(set, firstUnavailable));
  }
  pods.delete(set, pod);
  return blocked('scale-down', name);
}

/** The lowest ordinal that the update may touch. */
const updateFloor = (set: StatefulSet): number =>
  startOrdinal(set) + (set.spec.updateStrategy.rollingUpdate?.partition ?? 0);

function updateOneByOne(set: StatefulSet, revisions: SetRevisions, replicas: Replicas, pods: PodControl): Outcome {
  const floor = updateFloor(set);
  const outdated = replicas.highestNotAt(revisions.update.metadata.name, floor, endOrdinal(set));
  const unavailable = replicas.unavailable.atMost(endOrdinal(set));
  const waitsFor = unavailable !== undefined && unavailable >= floor ? unavailable : undefined;
  if (outdated === undefined || (waitsFor !== undefined && waitsFor > outdated)) {
    return waitsFor === undefined ? DONE : blocked('update-unavailable', podNameFor(set, waitsFor));
  }
  const pod = replicas.pod(outdated) as Pod;
  pods.delete(set, pod);
  return { waiting: { rule: 'update', pod: pod.metadata.name }, deletedForUpdate: 1 };
}

function updateWithMaxUnavailable(
  set: StatefulSet,
  revisions: SetRevisions,
  replicas: Replicas,
  pods: PodControl,
): Outcome {
  const allowed = maxUnavailableOf(set);
  const budget = allowed - replicas.unavailable.size;
  if (budget <= 0) return blocked('max-unavailable');
  const floor = updateFloor(set);
  let deleted = 0;
  let to = endOrdinal(set);
  let last: string | undefined;
  while (deleted < budget) {
    const outdated = replicas.highestNotAt(revisions.update.metadata.name, floor, to);
    if (outdated === undefined) break;
    const pod = replicas.pod(outdated) as Pod;
    pods.delete(set, pod);
    last = pod.metadata.name;
    deleted += 1;
    to = outdated - 1;
  }
  return last === undefined ? DONE : { waiting: { rule: 'update', pod: last }, deletedForUpdate: deleted };
}
