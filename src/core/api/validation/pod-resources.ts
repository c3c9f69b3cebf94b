/** Resources of a pod as a whole, and whether its containers fit into them (as validatePodResources). */
import { Quantity } from '../../meta/quantity';
import { aggregateResources } from '../aggregate';
import { asList, asObject, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, invalid, key } from './errors';
import { validateResources } from './resources';

/** `path` is the spec's; `claims` are the names of the pod's resource claims. */
export function validatePodResources(spec: Json, claims: readonly string[], path: string): FieldError[] {
  if (!isSet(spec.resources)) return [];
  const at = `${path}.resources`;
  if (asObject(spec.os).name === 'windows') return [forbidden(at, 'may not be set for a windows pod')];
  const resources = asObject(spec.resources);
  const errors = isSet(resources.claims)
    ? [forbidden(`${at}.claims`, 'claims may not be set for Resources at pod-level')]
    : [];
  return [...errors, ...validateResources(resources, claims, at, true), ...validateFit(spec, resources, at)];
}

function validateFit(spec: Json, resources: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [limits, requests] = [asObject(resources.limits), asObject(resources.requests)];
  const below = (own: unknown, total: Quantity, field: string, what: string): void => {
    if (!isSet(own) || total.compare(Quantity.parse(String(own))) <= 0) return;
    const why = `must be greater than or equal to aggregate container ${what} of ${total}`;
    errors.push(invalid(field, own, why));
  };
  for (const [name, total] of aggregateResources(spec, 'requests')) {
    below(requests[name], total, key(`${path}.requests`, name), 'requests');
  }
  for (const [name, total] of aggregateResources(spec, 'limits')) {
    if (name.startsWith('hugepages-')) below(limits[name], total, key(`${path}.limits`, name), 'limits');
  }
  for (const [i, container] of asList(spec.containers).entries()) {
    for (const [name, limit] of entriesOf(asObject(container.resources).limits)) {
      const most = limits[name];
      if (!isSet(most) || Quantity.parse(limit).compare(Quantity.parse(String(most))) <= 0) continue;
      const field = `${key(`${path}.containers[${i}]`, name)}.limits`;
      errors.push(invalid(field, limit, `must be less than or equal to pod limits of ${String(most)}`));
    }
  }
  return errors;
}
