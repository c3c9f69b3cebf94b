/** How much pods matter, and for which of them room is being made on a node. */
import { isPodTerminal } from '../../api/pod';
import type { Node, Pod } from '../../api/types';
import { isPlaced } from './counts';

/** As corev1helpers.PodPriority. */
export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

const placed = new WeakMap<Pod, Pod>();

/** The pod as it would be on the node: the same object each time, since what is known of a spec goes by the object. */
export function placedOn(pod: Pod, { metadata: { name } }: Node): Pod {
  const known = placed.get(pod);
  if (known?.spec.nodeName === name) return known;
  const there: Pod = { ...pod, spec: { ...pod.spec, nodeName: name } };
  placed.set(pod, there);
  return there;
}

/** The pods that are on nodes, and how much they matter. */
export class Priorities {
  private readonly counts = new Map<number, number>();
  /** Node -> uids. */
  private readonly byNode = new Map<string, Set<string>>();

  /** Takes a pod's change into account; `old` is the version before, `pod` the one now. */
  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  /** Infinity where there is no pod. */
  lowest(): number {
    return Math.min(...this.counts.keys());
  }

  /** The uids of the pods on the node, in no order that would mean anything. */
  on(node: string): Iterable<string> {
    return this.byNode.get(node) ?? [];
  }

  private count(pod: Pod, by: 1 | -1): void {
    if (!isPlaced(pod)) return;
    const node = pod.spec.nodeName as string;
    const uids = this.byNode.get(node) ?? new Set<string>();
    this.byNode.set(node, uids);
    if (by === 1) uids.add(pod.metadata.uid);
    else uids.delete(pod.metadata.uid);
    const priority = priorityOf(pod);
    const count = (this.counts.get(priority) ?? 0) + by;
    if (count === 0) this.counts.delete(priority);
    else this.counts.set(priority, count);
  }
}

const NOBODY: readonly Pod[] = [];

export class Nominated {
  /** Node -> uid -> pod. */
  private readonly byNode = new Map<string, Map<string, Pod>>();

  /** Takes a pod's change into account; `old` is the version before, `pod` the one now. */
  change(old: Pod | undefined, pod: Pod | undefined): void {
    const from = nodeOf(old);
    const to = nodeOf(pod);
    if (old && from !== undefined) {
      const pods = this.byNode.get(from);
      pods?.delete(old.metadata.uid);
      if (pods?.size === 0) this.byNode.delete(from);
    }
    if (!pod || to === undefined) return;
    const pods = this.byNode.get(to) ?? new Map<string, Pod>();
    this.byNode.set(to, pods.set(pod.metadata.uid, pod));
  }

  /** The pods for which room is being made on the node. */
  on(node: string): readonly Pod[] {
    const pods = this.byNode.get(node);
    return pods ? [...pods.values()] : NOBODY;
  }
}

function nodeOf(pod: Pod | undefined): string | undefined {
  if (!pod || pod.spec.nodeName || isPodTerminal(pod)) return undefined;
  return pod.status.nominatedNodeName || undefined;
}
