/** What a fault concerns: names with `*`, labels, the pods of a set, image references. */
import type { PersistentVolumeClaim, Pod } from '../../api/types';
import { matches, parseSelector, type Selector } from '../../meta/labels';
import { matchesWildcard } from '../../meta/wildcard';
import type { Fault, FaultSpec } from './types';

const selectors = new Map<string, Selector>();
const MAX_KNOWN = 1000;

/** Whether the name is what the pattern says; `*` stands for any characters. */
export const fits = (pattern: string, name: string): boolean => matchesWildcard(pattern, name);

/** A reference in full, as container runtimes complete it: `nginx` is `docker.io/library/nginx:latest`. */
function fullReference(reference: string): string {
  const slash = reference.indexOf('/');
  const host = reference.slice(0, Math.max(0, slash));
  const hasHost = /[.:]/.test(host) || host === 'localhost';
  const named = hasHost ? reference : slash < 0 ? `docker.io/library/${reference}` : `docker.io/${reference}`;
  return /[:@]/.test(named.slice(named.lastIndexOf('/') + 1)) ? named : `${named}:latest`;
}

/** A pattern may be meant for the reference as it is written or for the one in full. */
export const isImage = (pattern: string, image: string): boolean =>
  pattern.includes('*')
    ? fits(pattern, image) || fits(pattern, fullReference(image))
    : fullReference(pattern) === fullReference(image);

export function isPod(fault: FaultSpec, pod: Pod): boolean {
  if (fault.target !== 'pod' || fault.namespace !== pod.metadata.namespace) return false;
  if (fault.name !== undefined && !fits(fault.name, pod.metadata.name)) return false;
  if (fault.set !== undefined) {
    const { set } = fault;
    const owner = pod.metadata.ownerReferences?.find((ref) => ref.controller === true);
    if (owner?.kind !== 'StatefulSet' || !fits(set, owner.name)) return false;
  }
  return fault.selector === undefined || matches(selectorOf(fault.selector), pod.metadata.labels);
}

/** Of a pod's fault: the container that it names, or the pod's first one. */
export const isContainer = (fault: Fault, pod: Pod, container: string): boolean =>
  (fault.container ?? pod.spec.containers[0]?.name) === container;

/** Whether the pod has the container that the fault names, if it names one. */
export const hasContainer = ({ container }: FaultSpec, { spec }: Pod): boolean =>
  container === undefined ||
  [...(spec.initContainers ?? []), ...spec.containers].some(({ name }) => name === container);

export const isClaim = (fault: FaultSpec, { metadata }: Pick<PersistentVolumeClaim, 'metadata'>): boolean =>
  fault.target === 'claim' && fault.namespace === metadata.namespace && fits(fault.name ?? '*', metadata.name);

function selectorOf(text: string): Selector {
  let selector = selectors.get(text);
  if (!selector) {
    selector = parseSelector(text);
    if (selectors.size >= MAX_KNOWN) selectors.clear();
    selectors.set(text, selector);
  }
  return selector;
}
