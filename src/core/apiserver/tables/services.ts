/** Rows of what gives pods addresses: Services, Endpoints, slices, ingresses, network policies. */

import type { EndpointSlice, Endpoints, LabelSelector, Service } from '../../api/types';
import { formatLabelSelector, formatLabels } from '../../meta/labels';
import {
  AGE,
  ageOf,
  asMap,
  asMaps,
  asStrings,
  asText,
  at,
  loadBalancerAddresses,
  NAME,
  type TablePrinter,
  text,
  wide,
} from './printer';

export const servicePrinter = (): TablePrinter<Service> => ({
  columns: [NAME, text('Type'), text('Cluster-IP'), text('External-IP'), text('Port(s)'), AGE, wide('Selector')],
  cells: (service, now) => [
    service.metadata.name,
    service.spec.type ?? '',
    service.spec.clusterIPs?.[0] ?? '<none>',
    externalAddresses(service),
    portsOf(service) || '<none>',
    ageOf(service, now),
    formatLabels(service.spec.selector),
  ],
});

function externalAddresses(service: Service): string {
  const { spec } = service;
  const given = asStrings(spec.externalIPs);
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return given.join(',') || '<none>';
    case 'LoadBalancer': {
      const balanced = loadBalancerAddresses(service.status);
      return [...(balanced ? [balanced] : []), ...given].join(',') || '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function portsOf(service: Service): string {
  return (service.spec.ports ?? [])
    .map((port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? ''}`)
    .join(',');
}

/** Entries shown before `+ N more...`. */
const MOST_SHOWN = 3;

function firstOf(list: readonly string[]): string {
  const shown = list.slice(0, MOST_SHOWN).join(',');
  return list.length > MOST_SHOWN ? `${shown} + ${list.length - MOST_SHOWN} more...` : shown;
}

export const endpointsPrinter = (): TablePrinter<Endpoints> => ({
  columns: [NAME, text('Endpoints'), AGE],
  cells: (endpoints, now) => [endpoints.metadata.name, addressesOf(endpoints), ageOf(endpoints, now)],
});

/** Ready addresses with each port; nothing at all when subsets hold only unready ones (as formatEndpoints). */
function addressesOf(endpoints: Endpoints): string {
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) return '<none>';
  const all: string[] = [];
  for (const { addresses = [], ports = [] } of subsets) {
    if (ports.length === 0) for (const { ip } of addresses) all.push(ip);
    for (const { port } of ports) for (const { ip } of addresses) all.push(joinHostPort(ip, port));
  }
  return firstOf(all);
}

const joinHostPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

export const endpointSlicePrinter = (): TablePrinter<EndpointSlice> => ({
  columns: [NAME, text('AddressType'), text('Ports'), text('Endpoints'), AGE],
  cells: (slice, now) => [
    slice.metadata.name,
    slice.addressType,
    firstOf((slice.ports ?? []).map((port) => asText(port.port ?? port.name) || '*')) || '<unset>',
    firstOf((slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses)) || '<unset>',
    ageOf(slice, now),
  ],
});

export const ingressPrinter = (): TablePrinter => ({
  columns: [NAME, text('Class'), text('Hosts'), text('Address'), text('Ports'), AGE],
  cells: (ingress, now) => [
    ingress.metadata.name,
    asText(at(ingress, 'spec', 'ingressClassName')) || '<none>',
    hostsOf(asMaps(at(ingress, 'spec', 'rules')).map((rule) => asText(rule.host))),
    loadBalancerAddresses(ingress.status),
    asMaps(at(ingress, 'spec', 'tls')).length > 0 ? '80, 443' : '80',
    ageOf(ingress, now),
  ],
});

function hostsOf(hosts: readonly string[]): string {
  const named = hosts.filter((host) => host !== '');
  return named.length === 0 ? '*' : firstOf(named);
}

const DEFAULT_INGRESS_CLASS = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClassPrinter = (): TablePrinter => ({
  columns: [NAME, text('Controller'), text('Parameters'), AGE],
  cells(ingressClass, now) {
    const parameters = asMap(at(ingressClass, 'spec', 'parameters'));
    const group = parameters?.apiGroup ? `.${asText(parameters.apiGroup)}` : '';
    const isDefault = ingressClass.metadata.annotations?.[DEFAULT_INGRESS_CLASS] === 'true';
    return [
      `${ingressClass.metadata.name}${isDefault ? ' (default)' : ''}`,
      asText(at(ingressClass, 'spec', 'controller')),
      parameters ? `${asText(parameters.kind)}${group}/${asText(parameters.name)}` : '<none>',
      ageOf(ingressClass, now),
    ];
  },
});

export const networkPolicyPrinter = (): TablePrinter => ({
  columns: [NAME, text('Pod-Selector'), AGE],
  cells: (policy, now) => [
    policy.metadata.name,
    formatLabelSelector(asMap(at(policy, 'spec', 'podSelector')) as LabelSelector | undefined),
    ageOf(policy, now),
  ],
});
