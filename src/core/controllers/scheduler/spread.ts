/** Spreading pods over domains of nodes (as the PodTopologySpread plug-in): a filter and a score for one pod. */

import { isSelected } from '../../api/node-selection';
import type { KubeObject, LabelSelector, Labels, Node, Pod, Service } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { fromLabelSelector, matches, type Selector } from '../../meta/labels';
import type { NodeCounts, PodCounts } from './counts';
import { untolerated } from './taints';
import {
  constraintsOf,
  final,
  HOSTNAME,
  passing,
  type Refusal,
  type SpreadConstraint,
  withLabelKeys,
  ZONE,
} from './types';

const UNEVEN = passing("node(s) didn't match pod topology spread constraints");
const UNLABELLED = final("node(s) didn't match pod topology spread constraints (missing required label)");

/** What pods of a controller or a Service are spread by that say nothing of it themselves (defaultingType System). */
const SYSTEM_DEFAULTS: readonly Pick<SpreadConstraint, 'maxSkew' | 'topologyKey'>[] = [
  { maxSkew: 3, topologyKey: HOSTNAME },
  { maxSkew: 5, topologyKey: ZONE },
];

export interface SpreadState {
  readonly store: Store;
  readonly counts: PodCounts;
  readonly nodes: ReadonlyMap<string, Node>;
}

interface Constraint {
  readonly own: Pick<
    SpreadConstraint,
    'maxSkew' | 'topologyKey' | 'minDomains' | 'nodeAffinityPolicy' | 'nodeTaintsPolicy'
  >;
  readonly selector: Selector | 'nothing';
  readonly byNode: NodeCounts;
}

/** The filter for one pod; undefined where it must not be spread. */
export function spreadFilter(state: SpreadState, pod: Pod): ((node: Node) => Refusal | undefined) | undefined {
  const constraints = own(state, pod, 'DoNotSchedule');
  if (constraints.length === 0) return undefined;
  const complete = completeOf(constraints);
  const domains = constraints.map((constraint) => {
    const sums = new Map<string, number>();
    for (const node of state.nodes.values())
      if (complete(node) && isIncluded(constraint, pod, node)) addTo(sums, constraint, node);
    const least = sums.size < (constraint.own.minDomains ?? 1) ? 0 : Math.min(...sums.values());
    const self = matches(constraint.selector, pod.metadata.labels) ? 1 : 0;
    return {
      constraint,
      sums,
      room: constraint.own.maxSkew + (sums.size === 0 ? Number.POSITIVE_INFINITY : least) - self,
    };
  });
  return (node) => {
    for (const { constraint, sums, room } of domains) {
      const value = node.metadata.labels?.[constraint.own.topologyKey];
      if (value === undefined) return UNLABELLED;
      if ((sums.get(value) ?? 0) > room) return UNEVEN;
    }
    return undefined;
  };
}

/** The score of each node, 0 to 100; undefined where the pod need not be spread. */
export function spreadScores(state: SpreadState, pod: Pod, nodes: readonly Node[]): number[] | undefined {
  const isDefault = constraintsOf(pod).length === 0;
  const constraints = isDefault ? defaults(state, pod) : own(state, pod, 'ScheduleAnyway');
  if (constraints.length === 0) return undefined;
  const complete = isDefault ? () => true : completeOf(constraints);
  const scored = nodes.filter(complete);
  const parts = constraints.map((constraint) => {
    const { topologyKey } = constraint.own;
    const values = new Set(scored.map((node) => node.metadata.labels?.[topologyKey] ?? ''));
    const sums = new Map<string, number>();
    for (const node of state.nodes.values()) {
      if (!complete(node) || !isIncluded(constraint, pod, node)) continue;
      if (values.has(node.metadata.labels?.[topologyKey] ?? '')) addTo(sums, constraint, node);
    }
    const size = topologyKey === HOSTNAME ? scored.length : values.size;
    return { constraint, sums, weight: Math.log(size + 2) };
  });
  const raw = nodes.map((node) => {
    if (!complete(node)) return undefined;
    let score = 0;
    for (const { constraint, sums, weight } of parts) {
      const { topologyKey, maxSkew } = constraint.own;
      const value = node.metadata.labels?.[topologyKey];
      if (value === undefined) continue;
      const count =
        topologyKey === HOSTNAME ? (constraint.byNode.get(node.metadata.name) ?? 0) : (sums.get(value) ?? 0);
      score += count * weight + (maxSkew - 1);
    }
    return Math.round(score);
  });
  const known = raw.filter((score) => score !== undefined);
  const most = Math.max(0, ...known);
  const least = Math.min(...known);
  return raw.map((score) => {
    if (score === undefined) return 0;
    return most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most);
  });
}

const completeOf =
  (constraints: readonly Constraint[]) =>
  (node: Node): boolean =>
    constraints.every(({ own }) => node.metadata.labels?.[own.topologyKey] !== undefined);

function addTo(sums: Map<string, number>, { own, byNode }: Constraint, node: Node): void {
  const value = node.metadata.labels?.[own.topologyKey] ?? '';
  sums.set(value, (sums.get(value) ?? 0) + (byNode.get(node.metadata.name) ?? 0));
}

/** Nodes that the pod can't go to do not count, unless the constraint says so (as matchNodeInclusionPolicies). */
function isIncluded({ own }: Constraint, pod: Pod, node: Node): boolean {
  if (own.nodeAffinityPolicy !== 'Ignore' && !isSelected(pod, node)) return false;
  return own.nodeTaintsPolicy !== 'Honor' || untolerated(pod, node) === undefined;
}

function own({ counts }: SpreadState, pod: Pod, action: SpreadConstraint['whenUnsatisfiable']): Constraint[] {
  return constraintsOf(pod)
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => {
      const selector = withLabelKeys(constraint.labelSelector, pod.metadata.labels, constraint.matchLabelKeys);
      return { own: constraint, ...counted(counts, pod, selector) };
    });
}

function counted(counts: PodCounts, { metadata }: Pod, labelSelector: LabelSelector | undefined) {
  const selector = fromLabelSelector(labelSelector);
  const namespace = metadata.namespace ?? '';
  const byNode = counts.of({
    key: `spread ${namespace} ${JSON.stringify(labelSelector)}`,
    namespaces: new Set([namespace]),
    matches: (pod) => pod.metadata.deletionTimestamp === undefined && matches(selector, pod.metadata.labels),
  });
  return { selector, byNode };
}

/** The default constraints, for what Services and the owner select the pod by (as helper.DefaultSelector). */
function defaults({ store, counts }: SpreadState, pod: Pod): Constraint[] {
  const matchLabels: Record<string, string> = {};
  const { labels, namespace = '', ownerReferences } = pod.metadata;
  for (const { spec } of store.list<Service>('services', namespace))
    if (spec.selector && Object.keys(spec.selector).length > 0 && includes(labels, spec.selector))
      Object.assign(matchLabels, spec.selector);
  const owner = ownerReferences?.find((reference) => reference.controller);
  const selector = owner ? selectorOf(store.byUid(owner.uid)) : undefined;
  Object.assign(matchLabels, selector?.matchLabels);
  const matchExpressions = selector?.matchExpressions ?? [];
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return [];
  const found = counted(counts, pod, { matchLabels, ...(matchExpressions.length > 0 && { matchExpressions }) });
  return SYSTEM_DEFAULTS.map((constraint) => ({ own: constraint, ...found }));
}

const includes = (labels: Labels | undefined, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels?.[key] === value);

/** Of the kinds that the scheduler asks: what they select by. */
function selectorOf(owner: KubeObject | undefined): LabelSelector | undefined {
  const selector = (owner?.spec as { readonly selector?: unknown } | undefined)?.selector;
  if (typeof selector !== 'object' || selector === null) return undefined;
  if (owner?.kind === 'StatefulSet' || owner?.kind === 'ReplicaSet') return selector;
  return owner?.kind === 'ReplicationController' ? { matchLabels: selector as Labels } : undefined;
}
