/** The resources that the containers of a pod need together (as resourcehelper's AggregateContainerRequests and -Limits). */
import { Quantity } from '../meta/quantity';
import { asList, asObject, entriesOf, type Json } from './json';

type Totals = Map<string, Quantity>;

/**
 * What all containers need together: the sum of those that run at the same time, or the most that an init container needs
 * beside the sidecars that were started before it (as AggregateContainerRequests and -Limits). Names are in order.
 */
export function aggregateResources(spec: Json, field: 'requests' | 'limits'): [string, Quantity][] {
  const amounts = (container: Json): Totals =>
    new Map(entriesOf(asObject(container.resources)[field]).map(([name, text]) => [name, Quantity.parse(text)]));
  let running: Totals = new Map();
  for (const container of asList(spec.containers)) running = sum(running, amounts(container));
  let sidecars: Totals = new Map();
  let starting: Totals = new Map();
  for (const container of asList(spec.initContainers)) {
    const own = sum(sidecars, amounts(container));
    if (container.restartPolicy === 'Always') {
      running = sum(running, amounts(container));
      sidecars = own;
    }
    starting = most(starting, own);
  }
  return [...most(running, starting)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function sum(a: Totals, b: Totals): Totals {
  const all = new Map(a);
  for (const [name, value] of b) all.set(name, all.get(name)?.add(value) ?? value);
  return all;
}

function most(a: Totals, b: Totals): Totals {
  const all = new Map(a);
  for (const [name, value] of b) if ((all.get(name)?.compare(value) ?? -1) < 0) all.set(name, value);
  return all;
}
