/** Which affinity terms the pods on each node carry: what is there has a say in what comes (symmetry of affinity). */
import type { Pod } from '../../api/types';
import { isPlaced, type NodeCounts } from './counts';
import { type Term, termsOf } from './terms';

export type Attitude = 'needs' | 'refuses' | 'likes' | 'avoids';

export interface Carried {
  readonly attitude: Attitude;
  readonly term: Term;
  readonly weight: number;
  readonly byNode: NodeCounts;
}

export class Carriers {
  private readonly carried = new Map<string, Carried & { readonly byNode: Map<string, number> }>();

  /** Terms that at least one pod carries, those that say the same together. */
  all(): Iterable<Carried> {
    return this.carried.values();
  }

  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  private count(pod: Pod, by: 1 | -1): void {
    if (!isPlaced(pod) || !pod.spec.affinity) return;
    const { affinity, antiAffinity, preferred, avoided } = termsOf(pod);
    const node = pod.spec.nodeName as string;
    for (const term of affinity) this.add('needs', term, 1, node, by);
    for (const term of antiAffinity) this.add('refuses', term, 1, node, by);
    for (const { term, weight } of preferred) this.add('likes', term, weight, node, by);
    for (const { term, weight } of avoided) this.add('avoids', term, weight, node, by);
  }

  private add(attitude: Attitude, term: Term, weight: number, node: string, by: 1 | -1): void {
    const key = `${attitude} ${weight} ${term.key}`;
    let carried = this.carried.get(key);
    if (!carried) {
      carried = { attitude, term, weight, byNode: new Map() };
      this.carried.set(key, carried);
    }
    const count = (carried.byNode.get(node) ?? 0) + by;
    if (count > 0) carried.byNode.set(node, count);
    else carried.byNode.delete(node);
    if (carried.byNode.size === 0) this.carried.delete(key);
  }
}
