/**
 * Adoption and release: which pods and revisions without a controller a set takes, and which pods it lets go (as
 * PodControllerRefManager.ClaimPods and adoptOrphanRevisions).
 */
import { isTerminating } from '../../api/pod';
import type { KubeObject, OwnerReference, Pod, StatefulSet } from '../../api/types';
import type { ResourceKey } from '../../apiserver/storage';
import type { Store } from '../../apiserver/store';
import { fromLabelSelector, matches, type Selector } from '../../meta/labels';
import { isMemberOf, newControllerRef } from './utils';

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((ref) => ref.controller);

export class Adoption {
  /** `resource/name` of the pods and revisions that nobody controls, by namespace. */
  private readonly orphans = new Map<string, Set<string>>();
  private readonly selectors = new WeakMap<object, Selector | 'nothing'>();

  constructor(private readonly store: Store) {}

  /** Notes an object without a controller: a candidate. */
  note(key: ResourceKey, object: KubeObject): void {
    const namespace = object.metadata.namespace ?? '';
    let names = this.orphans.get(namespace);
    if (!names) {
      names = new Set();
      this.orphans.set(namespace, names);
    }
    names.add(`${key}/${object.metadata.name}`);
  }

  /** The object is gone or has a controller. */
  forget(key: ResourceKey, object: KubeObject): void {
    this.orphans.get(object.metadata.namespace ?? '')?.delete(`${key}/${object.metadata.name}`);
  }

  selects(set: StatefulSet, object: KubeObject): boolean {
    let selector = this.selectors.get(set.spec.selector);
    if (selector === undefined) {
      selector = fromLabelSelector(set.spec.selector);
      this.selectors.set(set.spec.selector, selector);
    }
    return matches(selector, object.metadata.labels);
  }

  /**
   * Adopts what matches and nobody controls; a set that is being deleted adopts nothing. Returns the names of the pods.
   * Throws what the store throws.
   */
  adopt(set: StatefulSet): string[] {
    const adopted: string[] = [];
    const names = this.orphans.get(set.metadata.namespace ?? '');
    if (!names || names.size === 0 || set.metadata.deletionTimestamp !== undefined) return adopted;
    for (const reference of [...names]) {
      const at = reference.lastIndexOf('/');
      const key = reference.slice(0, at);
      const object = this.store.get<KubeObject>(key, set.metadata.namespace ?? '', reference.slice(at + 1));
      if (!object || controllerOf(object)) {
        names.delete(reference);
        continue;
      }
      if (!this.selects(set, object) || object.metadata.deletionTimestamp !== undefined) continue;
      if (key === 'pods' && !isMemberOf(set, object as Pod)) continue;
      this.store.update({
        ...object,
        metadata: {
          ...object.metadata,
          ownerReferences: [...(object.metadata.ownerReferences ?? []), newControllerRef(set)],
        },
      });
      if (key === 'pods') adopted.push(object.metadata.name);
    }
    return adopted;
  }

  /** Releases those of the set's pods whose labels or name no longer fit. Returns their names. */
  release(set: StatefulSet, pods: readonly Pod[]): string[] {
    const released: string[] = [];
    for (const pod of pods) {
      if ((this.selects(set, pod) && isMemberOf(set, pod)) || isTerminating(pod)) continue;
      const others = (pod.metadata.ownerReferences ?? []).filter((ref) => ref.uid !== set.metadata.uid);
      const { ownerReferences: _refs, ...meta } = pod.metadata;
      this.store.update({ ...pod, metadata: others.length > 0 ? { ...meta, ownerReferences: others } : meta });
      released.push(pod.metadata.name);
    }
    return released;
  }
}
