/**
 * How many pods of some kind are on each node, kept up to date pod by pod: what a question costs does not grow with the
 * number of pods. A question that is new is answered once by looking at every pod.
 */
import { isPodTerminal } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';

/** Node -> pods. */
export type NodeCounts = ReadonlyMap<string, number>;

export interface PodQuestion {
  /** Says the same as the rest, as text. */
  readonly key: string;
  /** Pods of these namespaces; undefined for all. */
  readonly namespaces: ReadonlySet<string> | undefined;
  /** Of a pod in one of the namespaces. Must depend on its labels and on whether it is being deleted alone. */
  matches(pod: Pod): boolean;
}

interface Tracked {
  readonly question: PodQuestion;
  readonly byNode: Map<string, number>;
}

/** Questions that were not asked for the longest time are forgotten. */
const LIMIT = 512;

/** Whether the pod takes part: it is on a node and has not ended. */
export const isPlaced = (pod: Pod | undefined): pod is Pod =>
  pod !== undefined && pod.spec.nodeName !== undefined && pod.spec.nodeName !== '' && !isPodTerminal(pod);

export class PodCounts {
  private readonly tracked = new Map<string, Tracked>();

  constructor(private readonly store: Store) {}

  of(question: PodQuestion): NodeCounts {
    const known = this.tracked.get(question.key);
    if (known) {
      this.tracked.delete(question.key);
      this.tracked.set(question.key, known);
      return known.byNode;
    }
    const byNode = new Map<string, number>();
    const tracked = { question, byNode };
    const { namespaces } = question;
    if (namespaces) {
      for (const namespace of namespaces)
        for (const pod of this.store.list<Pod>('pods', namespace)) add(tracked, pod, 1);
    } else for (const pod of this.store.list<Pod>('pods')) add(tracked, pod, 1);
    this.tracked.set(question.key, tracked);
    if (this.tracked.size > LIMIT) for (const oldest of this.tracked.keys()) return this.forget(oldest, byNode);
    return byNode;
  }

  /** Takes a pod's change into account; to be called for changes of node, labels, end and deletion alone. */
  change(old: Pod | undefined, pod: Pod | undefined): void {
    for (const tracked of this.tracked.values()) {
      if (old) add(tracked, old, -1);
      if (pod) add(tracked, pod, 1);
    }
  }

  private forget(key: string, answer: NodeCounts): NodeCounts {
    this.tracked.delete(key);
    return answer;
  }
}

function add({ question, byNode }: Tracked, pod: Pod, by: 1 | -1): void {
  if (!isPlaced(pod)) return;
  const { namespaces } = question;
  if (namespaces && !namespaces.has(pod.metadata.namespace ?? '')) return;
  if (!question.matches(pod)) return;
  const node = pod.spec.nodeName as string;
  const count = (byNode.get(node) ?? 0) + by;
  if (count === 0) byNode.delete(node);
  else byNode.set(node, count);
}
