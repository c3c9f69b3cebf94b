/** Which nodes a pod selects by their labels and names (as the NodeAffinity and NodeName plug-ins). */
import type { Labels, Node, Pod } from '../../api/types';
import { parseInt64 } from '../../meta/label-requirement';
import {
  affinityOf,
  final,
  type NodeRequirement,
  type NodeSelector,
  type NodeTerm,
  PREFERRED,
  REQUIRED,
  type Refusal,
} from './types';

const NOT_SELECTED = final("node(s) didn't match Pod's node affinity/selector");

export const unselected = (pod: Pod, node: Node): Refusal | undefined =>
  isSelected(pod, node) ? undefined : NOT_SELECTED;

/** The node meets the pod's nodeSelector and required node affinity. */
export function isSelected(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = affinityOf(pod)?.nodeAffinity?.[REQUIRED];
  return required === undefined || matchesNode(required, node);
}

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

/** Whether any of the terms holds; no terms at all match nothing (as nodeaffinity.NodeSelector.Match). */
export const matchesNode = (selector: NodeSelector, node: Node): boolean =>
  (selector.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));

/** The sum of the weights of the preferences that the node meets. */
export function preference(pod: Pod, node: Node): number {
  let sum = 0;
  for (const { weight, preference: term } of affinityOf(pod)?.nodeAffinity?.[PREFERRED] ?? [])
    if (matchesTerm(term, node)) sum += weight;
  return sum;
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((requirement) => meets(requirement, node.metadata.labels ?? {})) &&
    matchFields.every((requirement) => meets(requirement, fields))
  );
}

function meets({ key, operator, values = [] }: NodeRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default: {
      const left = value === undefined ? undefined : parseInt64(value);
      const right = values[0] === undefined ? undefined : parseInt64(values[0]);
      if (left === undefined || right === undefined) return false;
      return operator === 'Gt' ? left > right : left < right;
    }
  }
}
