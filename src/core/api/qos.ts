/** The quality-of-service class of a pod, from its requests and limits (as qos.ComputePodQOS). */
import { isNumber } from '../meta/json';
import { Quantity } from '../meta/quantity';
import { asObject, type Json } from './json';
import type { PodSpec } from './types';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** Only cpu and memory count; requests that equal limits for both in every container make a pod Guaranteed. */
export function qosClass(spec: PodSpec): QosClass {
  const podLevel = asObject(spec.resources);
  const whole = Object.keys(podLevel).length > 0;
  const holders = whole
    ? [podLevel]
    : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => asObject(container.resources));
  let any = false;
  let guaranteed = true;
  for (const resources of holders) {
    const requests = positive(resources.requests);
    const limits = positive(resources.limits);
    if (requests.size + limits.size > 0) any = true;
    for (const name of ['cpu', 'memory']) {
      const limit = limits.get(name);
      const request = requests.get(name) ?? limit;
      if (!limit || !request || request.compare(limit) !== 0) guaranteed = false;
    }
  }
  if (!any) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function positive(list: unknown): Map<string, Quantity> {
  const found = new Map<string, Quantity>();
  const values: Json = asObject(list);
  for (const name of ['cpu', 'memory']) {
    const value = values[name];
    if (typeof value !== 'string' && !isNumber(value)) continue;
    const quantity = Quantity.parse(value);
    if (quantity.sign() > 0) found.set(name, quantity);
  }
  return found;
}
