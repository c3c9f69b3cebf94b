/** What becomes of claims and volumes: made, taken again, left behind, deleted. */
import { claimNames } from '../../api/pod';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import { resourceKey } from '../../apiserver/storage';
import type { Store } from '../../apiserver/store';
import type { StoreEvent } from '../../apiserver/watch';
import type { ClaimChange, VolumeChange } from '../../reports/plan';

const CLAIMS = 'persistentvolumeclaims';

interface Left {
  readonly time: string;
  readonly namespace: string;
  readonly claim: string;
  readonly pod: string;
}

export class StorageLog {
  private readonly claims: ClaimChange[] = [];
  private readonly volumes: VolumeChange[] = [];
  /** Claims made on the way and not yet taken by the pod that they are for. */
  private readonly fresh = new Set<string>();
  /** By claim: the last pod that left it. */
  private readonly left = new Map<string, Left>();

  constructor(private readonly store: Store) {}

  observe({ type, resource, object, old }: StoreEvent, now: number): void {
    const time = new Date(now).toISOString();
    switch (resourceKey(resource)) {
      case 'pods':
        if (type === 'ADDED') this.takes(object as Pod, time);
        if (type === 'DELETED') this.leaves(object as Pod, time);
        return;
      case CLAIMS:
        this.noteClaim(type, object as PersistentVolumeClaim, time);
        return;
      case 'persistentvolumes':
        this.noteVolume(type, object as PersistentVolume, old as PersistentVolume | undefined, time);
    }
  }

  /**
   * In order of time. Claims whose pods went for good are told at the instant at which the last of them left; `wanted` tells
   * whether a name is to be borne at the end.
   */
  finish(wanted: (namespace: string, pod: string) => boolean): { claims: ClaimChange[]; volumes: VolumeChange[] } {
    const used = new Set<string>();
    const namespaces = new Set([...this.left.values()].map(({ namespace }) => namespace));
    for (const namespace of namespaces)
      for (const pod of this.store.list<Pod>('pods', namespace))
        for (const claim of claimNames(pod)) used.add(`${namespace}/${claim}`);
    for (const [key, { time, namespace, claim, pod }] of this.left) {
      const found = this.store.get<PersistentVolumeClaim>(CLAIMS, namespace, claim);
      if (used.has(key) || wanted(namespace, pod) || !found || found.metadata.deletionTimestamp !== undefined) continue;
      this.claims.push({ time, event: 'orphan', namespace, claim, pod, ...volumeOf(found) });
    }
    const byTime = (a: ClaimChange, b: ClaimChange): number => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
    return { claims: this.claims.map((each) => this.withVolume(each)).sort(byTime), volumes: this.volumes };
  }

  /** Claims that had a part in it and are there at the end. */
  remaining(): PersistentVolumeClaim[] {
    const names = new Set(
      [...this.claims, ...this.left.values()].map(({ namespace, claim }) => `${namespace}/${claim}`),
    );
    return [...names].flatMap((key) => {
      const [namespace, name] = key.split('/');
      return this.store.get<PersistentVolumeClaim>(CLAIMS, namespace, name) ?? [];
    });
  }

  /** A claim that was just made is bound a moment later. */
  private withVolume(change: ClaimChange): ClaimChange {
    if (change.volume !== undefined || change.event !== 'create') return change;
    const found = this.store.get<PersistentVolumeClaim>(CLAIMS, change.namespace, change.claim);
    return { ...change, ...(found && volumeOf(found)) };
  }

  private takes(pod: Pod, time: string): void {
    const namespace = pod.metadata.namespace ?? '';
    for (const claim of claimNames(pod)) {
      const key = `${namespace}/${claim}`;
      this.left.delete(key);
      const found = this.store.get<PersistentVolumeClaim>(CLAIMS, namespace, claim);
      if (this.fresh.delete(key)) {
        const made = this.claims.findLastIndex((each) => each.claim === claim && each.namespace === namespace);
        if (made >= 0) this.claims[made] = { ...this.claims[made], pod: pod.metadata.name };
      } else if (found) {
        this.claims.push({ time, event: 'reuse', namespace, claim, pod: pod.metadata.name, ...volumeOf(found) });
      }
    }
  }

  private leaves(pod: Pod, time: string): void {
    const namespace = pod.metadata.namespace ?? '';
    for (const claim of claimNames(pod))
      this.left.set(`${namespace}/${claim}`, { time, namespace, claim, pod: pod.metadata.name });
  }

  private noteClaim(type: StoreEvent['type'], claim: PersistentVolumeClaim, time: string): void {
    const { namespace = '', name } = claim.metadata;
    const key = `${namespace}/${name}`;
    if (type === 'ADDED') {
      this.fresh.add(key);
      this.claims.push({ time, event: 'create', namespace, claim: name });
    }
    if (type === 'DELETED') {
      this.fresh.delete(key);
      this.claims.push({ time, event: 'delete', namespace, claim: name, ...volumeOf(claim) });
    }
  }

  private noteVolume(
    type: StoreEvent['type'],
    volume: PersistentVolume,
    old: PersistentVolume | undefined,
    time: string,
  ): void {
    const { name } = volume.metadata;
    const { claimRef } = volume.spec;
    const claim = claimRef?.name === undefined ? {} : { claim: `${claimRef.namespace ?? ''}/${claimRef.name}` };
    if (type === 'ADDED') this.volumes.push({ time, event: 'create', volume: name, ...claim });
    else if (type === 'DELETED') this.volumes.push({ time, event: 'delete', volume: name, ...claim });
    else if (volume.status.phase === 'Released' && old?.status.phase !== 'Released')
      this.volumes.push({ time, event: 'release', volume: name, ...claim });
  }
}

const volumeOf = ({ spec }: PersistentVolumeClaim): { volume?: string } =>
  spec.volumeName ? { volume: spec.volumeName } : {};
