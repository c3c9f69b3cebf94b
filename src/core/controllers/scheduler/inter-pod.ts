/** Affinity and anti-affinity between pods (as the InterPodAffinity plug-in): a filter and a score for one pod. */
import type { Node, Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';
import type { Carriers } from './carriers';
import type { NodeCounts, PodCounts } from './counts';
import { namespacesOf, speaksOf, type Term, termsOf } from './terms';
import { final, passing, type Refusal } from './types';

const NOT_NEAR = final("node(s) didn't match pod affinity rules");
const NOT_APART = passing("node(s) didn't match pod anti-affinity rules");
const NOT_WANTED = passing("node(s) didn't satisfy existing pods anti-affinity rules");
/** What a pod's required affinity adds to the score of those it needs (the default of hardPodAffinityWeight). */
const NEEDED_WEIGHT = 1;

export interface InterPodState {
  readonly store: Store;
  readonly counts: PodCounts;
  readonly carriers: Carriers;
  readonly nodes: ReadonlyMap<string, Node>;
}

/** Sums by `key value` of the topology. */
type Domains = Map<string, number>;

const domain = (key: string, value: string): string => `${key}\n${value}`;

/** The filter for one pod; undefined where affinity has no say in it. */
export function interPodFilter(state: InterPodState, pod: Pod): ((node: Node) => Refusal | undefined) | undefined {
  const { affinity, antiAffinity } = termsOf(pod);
  const refused: Domains = new Map();
  for (const { attitude, term, byNode } of state.carriers.all())
    if (attitude === 'refuses' && speaksOf(term, pod, state.store)) spread(state, refused, term, byNode, 1);
  if (affinity.length === 0 && antiAffinity.length === 0 && refused.size === 0) return undefined;
  const near: Domains = new Map();
  if (affinity.length > 0) {
    const found = countOf(state, affinity);
    for (const term of affinity) spread(state, near, term, found, 1);
  }
  const apart: Domains = new Map();
  for (const term of antiAffinity) spread(state, apart, term, countOf(state, [term]), 1);
  // The first of a group that wants to be together has nobody to be near to.
  const isFirst = near.size === 0 && affinity.every((term) => speaksOf(term, pod, state.store));
  const at = (domains: Domains, { metadata }: Node, { topologyKey }: Term): boolean => {
    const value = metadata.labels?.[topologyKey];
    return value !== undefined && (domains.get(domain(topologyKey, value)) ?? 0) > 0;
  };
  return (node) => {
    const labels = node.metadata.labels ?? {};
    const hasAll = affinity.every((term) => labels[term.topologyKey] !== undefined);
    if (!(hasAll && (isFirst || affinity.every((term) => at(near, node, term))))) return NOT_NEAR;
    if (antiAffinity.some((term) => at(apart, node, term))) return NOT_APART;
    if (refused.size > 0)
      for (const [key, value] of Object.entries(labels))
        if ((refused.get(domain(key, value)) ?? 0) > 0) return NOT_WANTED;
    return undefined;
  };
}

/** The score of each node, 0 to 100; undefined where affinity has no say in it. */
export function interPodScores(state: InterPodState, pod: Pod, nodes: readonly Node[]): number[] | undefined {
  const { preferred, avoided } = termsOf(pod);
  const sums: Domains = new Map();
  for (const { term, weight } of preferred) spread(state, sums, term, countOf(state, [term]), weight);
  for (const { term, weight } of avoided) spread(state, sums, term, countOf(state, [term]), -weight);
  for (const { attitude, term, weight, byNode } of state.carriers.all()) {
    if (attitude === 'refuses' || !speaksOf(term, pod, state.store)) continue;
    const sign = attitude === 'needs' ? NEEDED_WEIGHT : attitude === 'likes' ? weight : -weight;
    spread(state, sums, term, byNode, sign);
  }
  if (sums.size === 0) return undefined;
  const scores = nodes.map((node) => {
    let score = 0;
    for (const [key, value] of Object.entries(node.metadata.labels ?? {})) score += sums.get(domain(key, value)) ?? 0;
    return score;
  });
  const least = Math.min(...scores);
  const range = Math.max(...scores) - least;
  return scores.map((score) => (range > 0 ? Math.trunc((100 * (score - least)) / range) : 0));
}

/** Placed pods of which all terms speak, by node. */
function countOf({ store, counts }: InterPodState, terms: readonly Term[]): NodeCounts {
  const [first] = terms;
  const only = terms.length === 1 && first ? namespacesOf(first, store) : undefined;
  const where = terms.map((term) => [...(namespacesOf(term, store) ?? ['*'])]);
  return counts.of({
    key: `terms ${terms.map((term) => term.key).join(' ')} ${JSON.stringify(where)}`,
    namespaces: only,
    matches: (pod) => terms.every((term) => speaksOf(term, pod, store)),
  });
}

function spread(
  { nodes }: InterPodState,
  domains: Domains,
  { topologyKey }: Term,
  byNode: NodeCounts,
  weight: number,
): void {
  for (const [name, count] of byNode) {
    const value = nodes.get(name)?.metadata.labels?.[topologyKey];
    if (value === undefined) continue;
    const key = domain(topologyKey, value);
    domains.set(key, (domains.get(key) ?? 0) + count * weight);
  }
}
