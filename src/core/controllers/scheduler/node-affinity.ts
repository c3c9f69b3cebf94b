/** Which nodes a pod selects by their labels and names (as the NodeAffinity and NodeName plug-ins). */
import { isSelected, matchesTerm, NOT_SELECTED } from '../../api/node-selection';
import type { Node, Pod } from '../../api/types';
import { affinityOf, final, PREFERRED, REQUIRED, type Refusal } from './types';

const REFUSAL = final(NOT_SELECTED);

export const unselected = (pod: Pod, node: Node): Refusal | undefined => (isSelected(pod, node) ? undefined : REFUSAL);

/**
 * The nodes that the pod's required affinity names in each of its terms; undefined where a term names none. None at all where
 * no term can hold (as NodeAffinity's PreFilter).
 */
export function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const terms = affinityOf(pod)?.nodeAffinity?.[REQUIRED]?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const found = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    const [first] = lists;
    if (!first) return undefined;
    for (const name of first.values ?? []) if (lists.every(({ values = [] }) => values.includes(name))) found.add(name);
  }
  return found;
}

/** The sum of the weights of the preferences that the node meets. */
export function preference(pod: Pod, node: Node): number {
  let sum = 0;
  for (const { weight, preference: term } of affinityOf(pod)?.nodeAffinity?.[PREFERRED] ?? [])
    if (matchesTerm(term, node)) sum += weight;
  return sum;
}
