/**
 * What a sync must know about a set's pods, kept up to date pod by pod: which ordinals need attention, which wear which
 * revision, and the counters of the status. A sync then costs what changed, not the size of the set.
 */
import { isTerminating } from '../../api/pod';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { claimNamesFor, isClaimOwnerUpToDate, storageMatches } from './claims';
import { OrdinalSet } from './ordinals';
import {
  availableAt,
  endOrdinal,
  identityMatches,
  isCreated,
  isFailed,
  isInOrdinalRange,
  isPending,
  isRunningAndReady,
  isSucceeded,
  parentAndOrdinal,
  revisionOf,
  startOrdinal,
} from './utils';

interface Member {
  readonly pod: Pod;
  readonly ordinal: number;
  readonly created: boolean;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly revision: string;
  /** See `availableAt`; undefined while not ready. */
  readonly availableAt: number | undefined;
}

export class Replicas {
  private readonly members = new Map<string, Member>();
  private readonly byOrdinal = new Map<number, Member>();
  /** In range: missing, not available, terminating, or with identity, storage or claims to repair. */
  readonly unsettled = new OrdinalSet();
  /** In range: missing, over, or with claims, identity or storage to repair: what a burst acts on at once. */
  readonly actionable = new OrdinalSet();
  /** In range: missing, not available or terminating. */
  readonly unavailable = new OrdinalSet();
  /** Out of range. */
  readonly condemned = new OrdinalSet();
  /** In range, living: ordinals by revision. */
  private readonly wearing = new Map<string, OrdinalSet>();
  /** Ready pods that minReadySeconds still holds back, with the instant (ms) at which each becomes available. */
  private readonly maturing = new Map<number, number>();
  /** Every created pod that is not terminating, by revision; and all revisions worn. */
  private readonly living = new Map<string, number>();
  private readonly worn = new Map<string, number>();
  private readonly touched = new Set<string>();
  private suspects: Pod[] = [];
  private createdCount = 0;
  private readyCount = 0;
  private availableCount = 0;
  private shape = '';
  private set!: StatefulSet;

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Notes that a pod, or a claim of it, may have changed; it is looked at in the next refresh. */
  touch(podName: string): void {
    this.touched.add(podName);
  }

  /**
   * Brings the view up to the store. `pods` lists the set's pods, and is asked only when everything must be looked at
   * again: the first time, and when range, policy or readiness rules of the spec changed.
   */
  refresh(set: StatefulSet, pods: () => Iterable<Pod>): void {
    this.set = set;
    const { replicas, ordinals, minReadySeconds, persistentVolumeClaimRetentionPolicy: policy } = set.spec;
    const shape = `${replicas} ${ordinals?.start ?? 0} ${minReadySeconds ?? 0} ${policy?.whenScaled} ${policy?.whenDeleted}`;
    if (shape !== this.shape) {
      this.shape = shape;
      this.rebuild(pods());
    } else {
      for (const name of this.touched) this.look(name);
    }
    this.touched.clear();
    this.mature();
  }

  pod(ordinal: number): Pod | undefined {
    return this.byOrdinal.get(ordinal)?.pod;
  }

  pods(): Iterable<Pod> {
    return [...this.members.values()].map((member) => member.pod);
  }

  /** The pods looked at since the last call: only their labels and names can have changed. */
  takeSuspects(): readonly Pod[] {
    const { suspects } = this;
    this.suspects = [];
    return suspects;
  }

  isAvailable(ordinal: number): boolean {
    const member = this.byOrdinal.get(ordinal);
    return member?.availableAt !== undefined && member.availableAt <= this.now();
  }

  get counts(): { replicas: number; ready: number; available: number } {
    return { replicas: this.createdCount, ready: this.readyCount, available: this.availableCount };
  }

  /** How many created, living pods wear the revision. */
  livingAt(revision: string): number {
    return this.living.get(revision) ?? 0;
  }

  isWorn(revision: string): boolean {
    return this.worn.has(revision);
  }

  /** The highest living ordinal in range, from `to` down to `from`, that does not wear `revision`. */
  highestNotAt(revision: string, from: number, to: number): number | undefined {
    let highest: number | undefined;
    for (const [worn, ordinals] of this.wearing) {
      if (worn === revision) continue;
      const candidate = ordinals.atMost(to);
      if (candidate !== undefined && candidate >= from && (highest === undefined || candidate > highest))
        highest = candidate;
    }
    return highest;
  }

  /** When the next ready pod becomes available, ms since 1970. */
  nextAvailableAt(): number | undefined {
    let next: number | undefined;
    for (const at of this.maturing.values()) if (next === undefined || at < next) next = at;
    return next;
  }

  private rebuild(pods: Iterable<Pod>): void {
    for (const member of [...this.members.values()]) this.forget(member);
    this.unsettled.clear();
    this.actionable.clear();
    this.unavailable.clear();
    this.condemned.clear();
    for (let ordinal = startOrdinal(this.set); ordinal <= endOrdinal(this.set); ordinal++) {
      this.unsettled.add(ordinal);
      this.actionable.add(ordinal);
      this.unavailable.add(ordinal);
    }
    for (const pod of pods) this.remember(pod);
  }

  private look(name: string): void {
    const member = this.members.get(name);
    if (member) this.forget(member);
    const pod = this.store.get<Pod>('pods', this.set.metadata.namespace ?? '', name);
    if (pod?.metadata.ownerReferences?.some((ref) => ref.controller && ref.uid === this.set.metadata.uid)) {
      this.remember(pod);
    }
  }

  private remember(pod: Pod): void {
    const { ordinal } = parentAndOrdinal(pod.metadata.name);
    const member: Member = {
      pod,
      ordinal,
      created: isCreated(pod),
      ready: isRunningAndReady(pod),
      terminating: isTerminating(pod),
      revision: revisionOf(pod),
      availableAt: availableAt(pod, this.set.spec.minReadySeconds ?? 0),
    };
    this.members.set(pod.metadata.name, member);
    this.suspects.push(pod);
    this.count(member, 1);
    if (ordinal < 0) return;
    this.byOrdinal.set(ordinal, member);
    const available = member.availableAt !== undefined && member.availableAt <= this.now();
    if (available) this.availableCount += 1;
    else if (member.availableAt !== undefined) this.maturing.set(ordinal, member.availableAt);
    if (!isInOrdinalRange(this.set, ordinal)) {
      this.condemned.add(ordinal);
      return;
    }
    const unavailable = !available || member.terminating;
    const wantsAction = !member.created || isFailed(pod) || isSucceeded(pod) || !this.isInOrder(pod, ordinal);
    this.unavailable.set(ordinal, unavailable);
    this.actionable.set(ordinal, wantsAction);
    this.unsettled.set(ordinal, unavailable || wantsAction);
    if (!member.terminating) {
      let ordinals = this.wearing.get(member.revision);
      if (!ordinals) {
        ordinals = new OrdinalSet();
        this.wearing.set(member.revision, ordinals);
      }
      ordinals.add(ordinal);
    }
  }

  private forget(member: Member): void {
    const { ordinal } = member;
    this.members.delete(member.pod.metadata.name);
    this.count(member, -1);
    if (ordinal < 0) return;
    this.byOrdinal.delete(ordinal);
    if (member.availableAt !== undefined && !this.maturing.delete(ordinal)) this.availableCount -= 1;
    this.condemned.delete(ordinal);
    const ordinals = this.wearing.get(member.revision);
    ordinals?.delete(ordinal);
    if (ordinals?.size === 0) this.wearing.delete(member.revision);
    if (isInOrdinalRange(this.set, ordinal)) {
      this.unavailable.add(ordinal);
      this.actionable.add(ordinal);
      this.unsettled.add(ordinal);
    }
  }

  private count(member: Member, by: 1 | -1): void {
    if (member.created) this.createdCount += by;
    if (member.ready) this.readyCount += by;
    bump(this.worn, member.revision, by);
    if (member.created && !member.terminating) bump(this.living, member.revision, by);
  }

  /** Moves the pods whose minReadySeconds are over to the available ones. */
  private mature(): void {
    for (const [ordinal, at] of [...this.maturing]) {
      if (at > this.now()) continue;
      this.maturing.delete(ordinal);
      this.availableCount += 1;
      const member = this.byOrdinal.get(ordinal);
      if (!member || member.terminating || !isInOrdinalRange(this.set, ordinal)) continue;
      this.unavailable.delete(ordinal);
      this.unsettled.set(ordinal, this.actionable.has(ordinal));
    }
  }

  /** Nothing to repair: identity, storage, and the claims: a pending pod has them all, and their owners are right. */
  private isInOrder(pod: Pod, ordinal: number): boolean {
    if (!identityMatches(this.set, pod) || !storageMatches(this.set, pod)) return false;
    return claimNamesFor(this.set, ordinal).every((name) => {
      const claim = this.store.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
      return claim ? isClaimOwnerUpToDate(claim, this.set, pod) : !isPending(pod);
    });
  }
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
