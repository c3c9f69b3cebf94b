/** What a pod contributes to a service: whether, under which host name, on which ports (as util/endpoint and podutil). */
import { isPodTerminal } from './pod';
import type { EndpointPort, ObjectReference, Pod, Service, ServicePort } from './types';

export const HEADLESS_LABEL = 'service.kubernetes.io/headless';

/** Without a virtual address: clients get the pods' own. */
export const isHeadless = (service: Service): boolean =>
  service.spec.type !== 'ExternalName' && (service.spec.clusterIP === 'None' || !service.spec.clusterIP);

/** A pod with an address that has not ended; a terminating one only where asked for (as ShouldPodBeInEndpoints). */
export function belongs(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod) || !pod.status.podIP) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The name under which the service's DNS knows the pod: only when the pod names this service as its subdomain. */
export function hostnameOf(pod: Pod, service: Service): string | undefined {
  return pod.spec.hostname && pod.spec.subdomain === service.metadata.name ? pod.spec.hostname : undefined;
}

export const podReference = (pod: Pod): ObjectReference => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  uid: pod.metadata.uid,
});

/** The service's ports on this pod; one whose target the pod does not name is left out. */
export function portsOn(pod: Pod, service: Service): EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = targetOf(pod, port);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? '',
      port: number,
      protocol: port.protocol ?? 'TCP',
      ...(port.appProtocol !== undefined && { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

/** As podutil.FindPort: a named target is looked up among the containers' ports, sidecars included. */
function targetOf(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const candidate of container.ports ?? []) {
      if (candidate.name === target && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) {
        return candidate.containerPort;
      }
    }
  }
  return undefined;
}
