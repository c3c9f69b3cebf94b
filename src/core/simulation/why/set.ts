/** What the explanations of a StatefulSet ask again and again: its pods, its revisions, what is still to do. */
import { isPodReady, isTerminating } from '../../api/pod';
import type { ControllerRevision, Pod, StatefulSet } from '../../api/types';
import { controllerOf } from '../../controllers/statefulset/adoption';
import { sortRevisions } from '../../controllers/statefulset/history';
import {
  allowsBurst,
  availableAt,
  endOrdinal,
  isInOrdinalRange,
  ordinalOf,
  podNameFor,
  revisionOf,
  startOrdinal,
} from '../../controllers/statefulset/utils';
import type { World } from './world';

export class SetView {
  readonly namespace: string;
  readonly name: string;
  /** Its pods, by ordinal. */
  readonly pods: readonly Pod[];
  /** Its revisions, oldest first. */
  readonly revisions: readonly ControllerRevision[];
  /** The revision that its template has now. */
  readonly update: string;
  readonly current: string;
  private readonly byName: ReadonlyMap<string, Pod>;

  constructor(
    readonly world: World,
    readonly set: StatefulSet,
  ) {
    this.namespace = set.metadata.namespace ?? '';
    this.name = set.metadata.name;
    const dependents = (key: string) => [...world.store.dependents(set.metadata.uid, key)];
    const isOwn = (pod: Pod): boolean => controllerOf(pod)?.uid === set.metadata.uid;
    this.pods = (dependents('pods') as Pod[]).filter(isOwn).sort((a, b) => ordinalOf(a) - ordinalOf(b));
    this.byName = new Map(this.pods.map((pod) => [pod.metadata.name, pod]));
    this.revisions = sortRevisions(dependents('controllerrevisions.apps') as ControllerRevision[]);
    this.update = set.status?.updateRevision ?? '';
    this.current = set.status?.currentRevision ?? '';
  }

  pod(name: string): Pod | undefined {
    return this.byName.get(name);
  }

  get isMonotonic(): boolean {
    return !allowsBurst(this.set);
  }

  get isOnDelete(): boolean {
    return this.set.spec.updateStrategy.type === 'OnDelete';
  }

  get partition(): number {
    return this.set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  }

  /** Pods that the set asks for and that are not there. */
  get missing(): readonly string[] {
    const names: string[] = [];
    for (let ordinal = startOrdinal(this.set); ordinal <= endOrdinal(this.set); ordinal++) {
      const name = podNameFor(this.set, ordinal);
      if (!this.byName.has(name)) names.push(name);
    }
    return names;
  }

  get inRange(): readonly Pod[] {
    return this.pods.filter((pod) => isInOrdinalRange(this.set, ordinalOf(pod)));
  }

  /** Pods above the range: to be scaled away, the highest first. */
  get condemned(): readonly Pod[] {
    return this.pods.filter((pod) => !isInOrdinalRange(this.set, ordinalOf(pod))).reverse();
  }

  get ready(): readonly Pod[] {
    return this.inRange.filter((pod) => isPodReady(pod) && !isTerminating(pod));
  }

  /** Pods in range that are not ready, or on their way out. */
  get unready(): readonly Pod[] {
    return this.inRange.filter((pod) => !isPodReady(pod) || isTerminating(pod));
  }

  /** Pods in range that do not wear the template's revision. */
  get outdated(): readonly Pod[] {
    return this.inRange.filter((pod) => revisionOf(pod) !== this.update);
  }

  /** Whether a rolling update comes to the pod: its ordinal is not below the partition. */
  isReached(pod: Pod): boolean {
    return ordinalOf(pod) >= startOrdinal(this.set) + this.partition;
  }

  /** When the pod will have been ready for minReadySeconds, ms; undefined while it is not ready. */
  availableAt(pod: Pod): number | undefined {
    return availableAt(pod, this.set.spec.minReadySeconds ?? 0);
  }

  /** Ready, and for long enough. */
  isAvailable(pod: Pod): boolean {
    const at = this.availableAt(pod);
    return at !== undefined && at <= this.world.now && !isTerminating(pod);
  }
}
