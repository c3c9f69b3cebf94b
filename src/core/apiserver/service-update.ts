/**
 * What an update of a Service keeps and clears: values that the client left out stay, and those that the new type has no
 * use for go, unless the client changed them itself (as patchAllocatedValues and dropTypeDependentFields).
 */
import type { Service, ServicePort } from '../api/types';
import { semanticEqual } from '../meta/equal';

type Spec = Service['spec'];

/** The updated Service before addresses and ports are allocated for it. */
export function carryOver(service: Service, old: Service): Service {
  const spec: Record<string, unknown> = { ...service.spec };
  if (needsClusterIP(old.spec) && needsClusterIP(service.spec)) keepAddress(spec, old.spec);
  if (needsNodePorts(old.spec) && needsNodePorts(service.spec)) spec.ports = keepNodePorts(service.spec, old.spec);
  if (needsHealthPort(old.spec) && needsHealthPort(service.spec)) {
    spec.healthCheckNodePort ||= old.spec.healthCheckNodePort;
  }
  clearForType(spec, service.spec, old.spec);
  for (const field of Object.keys(spec)) if (spec[field] === undefined) delete spec[field];
  return { ...service, spec: spec as Spec };
}

function keepAddress(spec: Record<string, unknown>, old: Spec): void {
  if (!spec.clusterIP && old.clusterIP) {
    spec.clusterIP = old.clusterIP;
    spec.clusterIPs = old.clusterIPs;
  }
  spec.ipFamilies ??= old.ipFamilies;
  spec.ipFamilyPolicy ??= old.ipFamilyPolicy;
}

/** Ports keep the node port of the port of that name, unless another port of the Service asks for it. */
function keepNodePorts(spec: Spec, old: Spec): readonly ServicePort[] | undefined {
  const taken = new Set((spec.ports ?? []).map((port) => port.nodePort));
  const before = new Map((old.ports ?? []).map((port) => [port.name ?? '', port.nodePort]));
  return spec.ports?.map((port) => {
    const nodePort = port.nodePort || before.get(port.name ?? '');
    if (port.nodePort || !nodePort || taken.has(nodePort)) return port;
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}

function clearForType(spec: Record<string, unknown>, next: Spec, old: Spec): void {
  const clear = (field: string): void => {
    if (semanticEqual(next[field], old[field])) spec[field] = undefined;
  };
  const leaves = (needs: (spec: Spec) => boolean): boolean => needs(old) && !needs(next);
  if (leaves(needsClusterIP)) {
    if (next.clusterIP === old.clusterIP) for (const field of ['clusterIP', 'clusterIPs']) clear(field);
    for (const field of ['ipFamilies', 'ipFamilyPolicy']) clear(field);
  }
  if (leaves(needsNodePorts) && addsNoNodePort(next, old)) {
    spec.ports = next.ports?.map(({ nodePort: _, ...port }) => port);
  }
  if (leaves(needsHealthPort)) clear('healthCheckNodePort');
  if (leaves(isLoadBalancer)) {
    clear('allocateLoadBalancerNodePorts');
    clear('loadBalancerClass');
  }
  if (leaves(isReachableFromOutside)) clear('externalTrafficPolicy');
}

function addsNoNodePort(next: Spec, old: Spec): boolean {
  const before = new Set((old.ports ?? []).map((port) => port.nodePort));
  return (next.ports ?? []).every((port) => !port.nodePort || before.has(port.nodePort));
}

const needsClusterIP = (spec: Spec): boolean => spec.type !== 'ExternalName';

const isLoadBalancer = (spec: Spec): boolean => spec.type === 'LoadBalancer';

const needsNodePorts = (spec: Spec): boolean =>
  spec.type === 'NodePort' || (isLoadBalancer(spec) && spec.allocateLoadBalancerNodePorts !== false);

const needsHealthPort = (spec: Spec): boolean => isLoadBalancer(spec) && spec.externalTrafficPolicy === 'Local';

const isReachableFromOutside = (spec: Spec): boolean =>
  spec.type === 'NodePort' ||
  isLoadBalancer(spec) ||
  (spec.type === 'ClusterIP' && Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0);
