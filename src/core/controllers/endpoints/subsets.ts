/** The subsets of an Endpoints object: addresses with equal ports together, ready and unready apart (as RepackSubsets). */

import { belongs, hostnameOf, isHeadless, podReference, portsOn } from '../../api/endpoint-members';
import { isPodReady } from '../../api/pod';
import type { EndpointAddress, EndpointPort, Endpoints, Pod, Service } from '../../api/types';

type Subset = NonNullable<Endpoints['subsets']>[number];

/** More addresses than this are cut off (as maxCapacity). */
export const CAPACITY = 1000;

interface Group {
  readonly ports: readonly EndpointPort[];
  readonly ready: EndpointAddress[];
  readonly unready: EndpointAddress[];
}

export interface Subsets {
  readonly subsets: readonly Subset[];
  /** Some addresses were left out. */
  readonly truncated: boolean;
}

export function subsetsOf(service: Service, pods: Iterable<Pod>): Subsets {
  const groups = new Map<string, Group>();
  const publishAll = service.spec.publishNotReadyAddresses === true;
  let total = 0;
  for (const pod of pods) {
    if (!belongs(pod, publishAll)) continue;
    const ports = portsOn(pod, service).map(withoutEmptyName);
    if (ports.length === 0 && !(isHeadless(service) && !service.spec.ports?.length)) continue;
    const key = JSON.stringify(ports);
    let group = groups.get(key);
    if (!group) {
      group = { ports, ready: [], unready: [] };
      groups.set(key, group);
    }
    (publishAll || isPodReady(pod) ? group.ready : group.unready).push(addressOf(pod, service));
    total++;
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  return { subsets: truncate(sorted, total).map(toSubset), truncated: total > CAPACITY };
}

function addressOf(pod: Pod, service: Service): EndpointAddress {
  const hostname = hostnameOf(pod, service);
  return {
    ...(hostname !== undefined && { hostname }),
    ip: pod.status.podIP ?? '',
    ...(pod.spec.nodeName !== undefined && { nodeName: pod.spec.nodeName }),
    targetRef: podReference(pod),
  };
}

/** In v1 Endpoints an empty name is left out. */
function withoutEmptyName({ name, ...port }: EndpointPort): EndpointPort {
  return name ? { name, ...port } : port;
}

/** Ready addresses come before unready ones when there is not room for all. */
function truncate(groups: readonly Group[], total: number): readonly Group[] {
  if (total <= CAPACITY) return groups;
  let room = CAPACITY;
  const take = (addresses: readonly EndpointAddress[]): EndpointAddress[] => {
    const taken = addresses.slice(0, room);
    room -= taken.length;
    return taken;
  };
  const ready = groups.map((group) => take(group.ready));
  return groups.map((group, i) => ({ ports: group.ports, ready: ready[i], unready: take(group.unready) }));
}

function toSubset({ ports, ready, unready }: Group): Subset {
  return {
    ...(ready.length > 0 && { addresses: ready.sort(byAddress) }),
    ...(unready.length > 0 && { notReadyAddresses: unready.sort(byAddress) }),
    ...(ports.length > 0 && { ports }),
  };
}

const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0);
