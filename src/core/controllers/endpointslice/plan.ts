/**
 * Which slices a service should have: endpoints stay in the slice they are in, new ones fill what has room, then new
 * slices (as the endpointslice reconciler's reconcileByPortMapping). A service without endpoints keeps one empty slice.
 */

import { belongs, HEADLESS_LABEL, hostnameOf, isHeadless, podReference, portsOn } from '../../api/endpoint-members';
import { isPodReady } from '../../api/pod';
import type { EndpointPort, EndpointSlice, Manifest, Pod, Service } from '../../api/types';
import { deepEqual } from '../../meta/equal';
import { toTime } from '../../meta/time';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
/** As --max-endpoints-per-slice. */
const PER_SLICE = 100;

type Endpoint = EndpointSlice['endpoints'][number];

export interface Plan {
  readonly create: readonly Manifest[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

interface PortGroup {
  readonly ports: readonly EndpointPort[];
  /** By the pod's uid. */
  readonly endpoints: Map<string, Endpoint>;
}

export function planSlices(
  service: Service,
  pods: Iterable<Pod>,
  present: readonly EndpointSlice[],
  now: number,
): Plan {
  const groups = groupByPorts(service, pods);
  const create: Manifest[] = [];
  const update: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  const unused = new Set(present);
  for (const [key, group] of groups) {
    const slices = present.filter((slice) => portsKey(slice.ports ?? []) === key);
    for (const slice of slices) unused.delete(slice);
    const { kept, added } = distribute(group, slices);
    for (const [slice, endpoints] of kept) {
      if (endpoints.length === 0) unused.add(slice);
      else {
        const next = withEndpoints(slice, endpoints, service, now);
        if (next !== slice) update.push(next);
      }
    }
    for (const endpoints of added) create.push(newSlice(service, group.ports, endpoints, now));
  }
  const [placeholder, ...rest] = unused;
  if (groups.size > 0) remove.push(...unused);
  else if (!placeholder) create.push(newSlice(service, [], [], now));
  else {
    remove.push(...rest);
    const next = withEndpoints({ ...placeholder, ports: [] }, [], service, now);
    if (placeholder.endpoints?.length || placeholder.ports?.length || next.metadata !== placeholder.metadata)
      update.push(next);
  }
  return { create, update, remove };
}

function groupByPorts(service: Service, pods: Iterable<Pod>): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>();
  for (const pod of pods) {
    if (!belongs(pod, true)) continue;
    const ports = portsOn(pod, service);
    const key = portsKey(ports);
    let group = groups.get(key);
    if (!group) {
      group = { ports, endpoints: new Map() };
      groups.set(key, group);
    }
    group.endpoints.set(pod.metadata.uid, endpointOf(pod, service));
  }
  return groups;
}

const portsKey = (ports: readonly EndpointPort[]): string =>
  ports
    .map((p) => `${p.name ?? ''} ${p.port} ${p.protocol ?? ''} ${p.appProtocol ?? ''}`)
    .sort()
    .join(',');

/** As podToEndpoint. Ready means serving and not terminating, or published regardless. */
function endpointOf(pod: Pod, service: Service): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const hostname = hostnameOf(pod, service);
  return {
    addresses: [pod.status.podIP ?? ''],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hostname !== undefined && { hostname }),
    ...(pod.spec.nodeName !== undefined && { nodeName: pod.spec.nodeName }),
    targetRef: podReference(pod),
  };
}

function distribute(group: PortGroup, slices: readonly EndpointSlice[]) {
  const left = new Map(group.endpoints);
  const kept = slices.map((slice): [EndpointSlice, Endpoint[]] => {
    const endpoints: Endpoint[] = [];
    for (const old of slice.endpoints ?? []) {
      const uid = old.targetRef?.uid ?? '';
      const wanted = left.get(uid);
      if (!wanted) continue;
      left.delete(uid);
      endpoints.push(deepEqual(old, wanted) ? old : wanted);
    }
    return [slice, endpoints];
  });
  const waiting = [...left.values()];
  let at = 0;
  for (const [, endpoints] of kept) {
    const room = PER_SLICE - endpoints.length;
    endpoints.push(...waiting.slice(at, at + room));
    at = Math.min(waiting.length, at + room);
  }
  const added: Endpoint[][] = [];
  for (; at < waiting.length; at += PER_SLICE) added.push(waiting.slice(at, at + PER_SLICE));
  return { kept, added };
}

function withEndpoints(
  slice: EndpointSlice,
  endpoints: readonly Endpoint[],
  service: Service,
  now: number,
): EndpointSlice {
  const labels = labelsFor(service);
  const same = slice.endpoints?.length === endpoints.length && slice.endpoints.every((e, i) => e === endpoints[i]);
  if (same && deepEqual(slice.metadata.labels, labels)) return slice;
  const annotations = { ...slice.metadata.annotations, [TRIGGER_TIME]: toTime(now) };
  return { ...slice, endpoints, metadata: { ...slice.metadata, labels, annotations } };
}

function newSlice(
  service: Service,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  now: number,
): Manifest {
  const { name, namespace, uid } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: labelsFor(service),
      annotations: { [TRIGGER_TIME]: toTime(now) },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

function labelsFor(service: Service): Readonly<Record<string, string>> {
  const { [HEADLESS_LABEL]: _, ...labels } = service.metadata.labels ?? {};
  return {
    ...labels,
    [MANAGED_BY]: MANAGER,
    [SERVICE_NAME]: service.metadata.name,
    ...(isHeadless(service) && { [HEADLESS_LABEL]: '' }),
  };
}
