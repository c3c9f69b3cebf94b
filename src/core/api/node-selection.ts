/** Whether a node is one that a pod selects by labels and names (as k8s.io/component-helpers/scheduling/corev1/nodeaffinity). */
import { parseInt64 } from '../meta/label-requirement';
import { asObject } from './json';
import type { Labels, Node, Pod } from './types';

export interface NodeRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

export interface NodeTerm {
  readonly matchExpressions?: readonly NodeRequirement[];
  readonly matchFields?: readonly NodeRequirement[];
}

export interface NodeSelector {
  readonly nodeSelectorTerms?: readonly NodeTerm[];
}

/** What is said of a node that the pod does not select. */
export const NOT_SELECTED = "node(s) didn't match Pod's node affinity/selector";

/** The node meets the pod's nodeSelector and required node affinity. */
export function isSelected(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const { nodeAffinity } = asObject(pod.spec.affinity);
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = asObject(nodeAffinity) as {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  };
  return required === undefined || matchesNode(required, node);
}

/** Whether any of the terms holds; no terms at all match nothing (as nodeaffinity.NodeSelector.Match). */
export const matchesNode = (selector: NodeSelector, node: Node): boolean =>
  (selector.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));

export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeTerm, node: Node): boolean {
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
