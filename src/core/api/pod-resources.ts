/** What a pod as a whole requests and may take at most (as PodRequests and PodLimits of k8s.io/component-helpers/resource). */
import type { Quantity } from '../meta/quantity';
import { asObject } from './json';
import { addTo, type ResourceList, raiseTo, resourceList } from './resource-list';
import type { PodSpec } from './types';

type Kind = 'requests' | 'limits';

/** Resources that may be given for the pod as a whole. */
const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/**
 * The sum over the containers, or what an init container takes beside the sidecars before it where that is more; what is
 * given for the pod as a whole counts instead.
 */
export function podResources(spec: PodSpec, kind: Kind): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const container of spec.containers ?? []) addTo(total, resourceList(container.resources?.[kind]));
  const sidecars = new Map<string, Quantity>();
  const most = new Map<string, Quantity>();
  for (const container of spec.initContainers ?? []) {
    const own = resourceList(container.resources?.[kind]);
    if (container.restartPolicy === 'Always') {
      addTo(total, own);
      addTo(sidecars, own);
      raiseTo(most, sidecars);
    } else {
      addTo(own, sidecars);
      raiseTo(most, own);
    }
  }
  raiseTo(total, most);
  for (const [name, amount] of resourceList(asObject(spec.resources)[kind]))
    if (isPodLevel(name)) total.set(name, amount);
  return total;
}

/** The same with what the pod's runtime takes besides; of limits only those that are there grow. */
export function podResourcesWithOverhead(spec: PodSpec, kind: Kind): ResourceList {
  const total = podResources(spec, kind);
  for (const [name, amount] of resourceList(spec.overhead)) {
    const known = total.get(name);
    if (kind === 'requests') total.set(name, known ? known.add(amount) : amount);
    else if (known && !known.isZero()) total.set(name, known.add(amount));
  }
  return total;
}
