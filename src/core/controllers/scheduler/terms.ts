/** Pod affinity terms in a form that compares and counts (as framework.AffinityTerm). */
import type { Labels, Namespace, Pod } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { fromLabelSelector, matches, type Selector } from '../../meta/labels';
import { type Affinity, affinityOf, type PodTerm, PREFERRED, REQUIRED, withLabelKeys } from './types';

/** Which pods a term speaks of, and over which domain. */
export interface Term {
  readonly topologyKey: string;
  readonly selector: Selector | 'nothing';
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: Selector | 'nothing';
  /** The same for terms that say the same. */
  readonly key: string;
}

export interface WeightedTerm {
  readonly term: Term;
  readonly weight: number;
}

export interface Terms {
  readonly affinity: readonly Term[];
  readonly antiAffinity: readonly Term[];
  readonly preferred: readonly WeightedTerm[];
  /** What the pod would rather not be near: positive weights. */
  readonly avoided: readonly WeightedTerm[];
}

const NONE: Terms = { affinity: [], antiAffinity: [], preferred: [], avoided: [] };
const known = new WeakMap<Affinity, { readonly labels: Labels | undefined; readonly terms: Terms }>();

/** The pod's own terms. They hang on its spec, its labels and its namespace. */
export function termsOf(pod: Pod): Terms {
  const affinity = affinityOf(pod);
  if (!affinity?.podAffinity && !affinity?.podAntiAffinity) return NONE;
  const found = known.get(affinity);
  if (found && found.labels === pod.metadata.labels) return found.terms;
  const read = (term: PodTerm): Term => termOf(term, pod);
  const weighted = (list: readonly { weight: number; podAffinityTerm: PodTerm }[] = []) =>
    list.map(({ weight, podAffinityTerm }) => ({ weight, term: read(podAffinityTerm) }));
  const terms: Terms = {
    affinity: (affinity.podAffinity?.[REQUIRED] ?? []).map(read),
    antiAffinity: (affinity.podAntiAffinity?.[REQUIRED] ?? []).map(read),
    preferred: weighted(affinity.podAffinity?.[PREFERRED]),
    avoided: weighted(affinity.podAntiAffinity?.[PREFERRED]),
  };
  known.set(affinity, { labels: pod.metadata.labels, terms });
  return terms;
}

function termOf(term: PodTerm, { metadata }: Pod): Term {
  const labelSelector = withLabelKeys(term.labelSelector, metadata.labels, term.matchLabelKeys, term.mismatchLabelKeys);
  const own = (term.namespaces ?? []).length === 0 && !term.namespaceSelector;
  const namespaces = own ? [metadata.namespace ?? ''] : [...(term.namespaces ?? [])].sort();
  return {
    topologyKey: term.topologyKey,
    selector: fromLabelSelector(labelSelector),
    namespaces: new Set(namespaces),
    namespaceSelector: fromLabelSelector(term.namespaceSelector),
    key: JSON.stringify([term.topologyKey, labelSelector, namespaces, term.namespaceSelector]),
  };
}

/** Whether the term speaks of the pod. */
export function speaksOf(term: Term, pod: Pod, store: Store): boolean {
  if (!matches(term.selector, pod.metadata.labels)) return false;
  const namespace = pod.metadata.namespace ?? '';
  if (term.namespaces.has(namespace)) return true;
  if (term.namespaceSelector === 'nothing') return false;
  return matches(term.namespaceSelector, store.get<Namespace>('namespaces', '', namespace)?.metadata.labels);
}

/** The namespaces whose pods the term speaks of; undefined for all. */
export function namespacesOf(term: Term, store: Store): ReadonlySet<string> | undefined {
  const { namespaceSelector } = term;
  if (namespaceSelector === 'nothing') return term.namespaces;
  if (namespaceSelector.length === 0) return undefined;
  const found = new Set(term.namespaces);
  for (const { metadata } of store.list<Namespace>('namespaces'))
    if (matches(namespaceSelector, metadata.labels)) found.add(metadata.name);
  return found;
}
