/** The addresses behind a Service at this instant: what the endpoint controllers would write, read off the pods themselves. */
import { isPodReady, isPodTerminal } from '../../api/pod';
import type { EndpointSlice, Pod, Service } from '../../api/types';
import type { Store } from '../../apiserver/store';

export interface Endpoint {
  readonly address: string;
  /** Set where pod and Service agree on a name in DNS: the pod's hostname, under a subdomain that is the Service's name. */
  readonly hostname: string | undefined;
  readonly ready: boolean;
  readonly pod: Pod | undefined;
}

/** Ready ones only, unless the Service publishes what is not ready. Ordered by pod creation. */
export function endpointsOf(store: Store, service: Service): readonly Endpoint[] {
  const { selector, publishNotReadyAddresses } = service.spec;
  const all = selector && Object.keys(selector).length > 0 ? selected(store, service) : written(store, service);
  return all.filter((endpoint) => endpoint.ready || publishNotReadyAddresses === true);
}

function selected(store: Store, service: Service): Endpoint[] {
  const found: Endpoint[] = [];
  const selector = Object.entries(service.spec.selector ?? {});
  for (const pod of store.list<Pod>('pods', service.metadata.namespace)) {
    const { podIP } = pod.status;
    if (!podIP || isPodTerminal(pod)) continue;
    if (!selector.every(([key, value]) => pod.metadata.labels?.[key] === value)) continue;
    const { hostname, subdomain } = pod.spec;
    found.push({
      address: podIP,
      hostname: subdomain === service.metadata.name && typeof hostname === 'string' ? hostname : undefined,
      ready: isPodReady(pod) && pod.metadata.deletionTimestamp === undefined,
      pod,
    });
  }
  return found;
}

/** Of a Service without a selector: whatever somebody wrote into its EndpointSlices. */
function written(store: Store, service: Service): Endpoint[] {
  const found: Endpoint[] = [];
  for (const slice of store.list<EndpointSlice>('endpointslices.discovery.k8s.io', service.metadata.namespace)) {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== service.metadata.name) continue;
    for (const { addresses, conditions, hostname, targetRef } of slice.endpoints ?? []) {
      const pod =
        targetRef?.kind === 'Pod'
          ? store.get<Pod>('pods', targetRef.namespace ?? slice.metadata.namespace ?? '', targetRef.name ?? '')
          : undefined;
      for (const address of addresses) found.push({ address, hostname, ready: conditions?.ready !== false, pod });
    }
  }
  return found;
}
