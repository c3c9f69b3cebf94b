/** Pods that found no place, and which of them may find one after a change (as the scheduling queue's unschedulable pods). */
import { claimNames } from '../../api/pod';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import { priorityOf } from './nominated';

/** Keys are `namespace/name`. */
type Keys = ReadonlySet<string>;

const NOBODY: Keys = new Set();

export class WaitingPods {
  /** Key -> priority. */
  private readonly priorities = new Map<string, number>();
  /** The priorities of pods that ever waited. */
  private readonly ranks = new Set<number>();
  /** Those for which it matters where other pods are. */
  private readonly sociable = new Set<string>();
  /** Claim -> those that name it. */
  private readonly byClaim = new Map<string, Set<string>>();

  add(key: string, pod: Pod): void {
    if (this.priorities.has(key)) return;
    this.priorities.set(key, priorityOf(pod));
    this.ranks.add(priorityOf(pod));
    if (pod.spec.affinity || pod.spec.topologySpreadConstraints) this.sociable.add(key);
    for (const claim of claimsOf(pod)) {
      const keys = this.byClaim.get(claim) ?? new Set();
      this.byClaim.set(claim, keys.add(key));
    }
  }

  /** False when it did not wait. */
  delete(key: string, pod: Pod): boolean {
    if (!this.priorities.delete(key)) return false;
    this.sociable.delete(key);
    for (const claim of claimsOf(pod)) {
      const keys = this.byClaim.get(claim);
      keys?.delete(key);
      if (keys?.size === 0) this.byClaim.delete(claim);
    }
    return true;
  }

  /** All of them, those that matter most first (as the PrioritySort plug-in). */
  all(): readonly string[] {
    return this.sorted(this.priorities.keys());
  }

  /** Those that look at where other pods are. */
  besideOthers(): readonly string[] {
    return this.sorted(this.sociable);
  }

  /** Those that use the claim: what becomes of another pod's claims concerns nobody (as the hints of the VolumeBinding plug-in). */
  using({ metadata: { namespace, name } }: PersistentVolumeClaim): readonly string[] {
    return this.sorted(this.byClaim.get(`${namespace}/${name}`) ?? NOBODY);
  }

  /** Those that may use the volume: it is for one claim, or for whoever comes. */
  wanting({ spec: { claimRef } }: PersistentVolume): readonly string[] {
    if (claimRef?.name !== undefined)
      return this.sorted(this.byClaim.get(`${claimRef.namespace ?? ''}/${claimRef.name}`) ?? NOBODY);
    return this.sorted(new Set([...this.byClaim.values()].flatMap((keys) => [...keys])));
  }

  private sorted(keys: Iterable<string>): readonly string[] {
    const priority = (key: string): number => this.priorities.get(key) ?? 0;
    const found = [...keys];
    return this.ranks.size > 1 ? found.sort((a, b) => priority(b) - priority(a)) : found;
  }
}

const claimsOf = (pod: Pod): readonly string[] =>
  claimNames(pod).map((name) => `${pod.metadata.namespace ?? ''}/${name}`);
