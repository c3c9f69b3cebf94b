/**
 * The volumes that a claim may still take: those without a claim, and those that are reserved for one, bound or not: its own side
 * of the binding may have failed. Names only.
 */
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/types';

export class AvailableVolumes {
  private readonly free = new Set<string>();
  /** `namespace/name` of a claim -> volumes that name it. */
  private readonly reserved = new Map<string, Set<string>>();

  note(volume: PersistentVolume): void {
    const { name } = volume.metadata;
    const { claimRef } = volume.spec;
    const phase = volume.status?.phase;
    if (phase === 'Released' || phase === 'Failed') return;
    if (!claimRef) {
      if (phase !== 'Bound') this.free.add(name);
      return;
    }
    const key = `${claimRef.namespace}/${claimRef.name}`;
    const names = this.reserved.get(key);
    if (names) names.add(name);
    else this.reserved.set(key, new Set([name]));
  }

  forget(volume: PersistentVolume): void {
    const { name } = volume.metadata;
    const { claimRef } = volume.spec;
    this.free.delete(name);
    if (!claimRef) return;
    const key = `${claimRef.namespace}/${claimRef.name}`;
    const names = this.reserved.get(key);
    names?.delete(name);
    if (names?.size === 0) this.reserved.delete(key);
  }

  *for(claim: PersistentVolumeClaim): Iterable<string> {
    yield* this.reserved.get(`${claim.metadata.namespace}/${claim.metadata.name}`) ?? [];
    yield* this.free;
  }
}
