/** `describe endpoints` and `describe endpointslice`. */
import type { EndpointSlice, Endpoints } from '../../core/api/types';
import { asText } from './json';
import { writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeEndpoints(endpoints: Endpoints, related: Related, now: number): string {
  const w = new DetailWriter();
  writeHeader(w, endpoints);
  w.line(0, 'Subsets:');
  for (const subset of endpoints.subsets ?? []) {
    const text = (addresses: typeof subset.addresses): string =>
      (addresses ?? []).map((address) => address.ip).join(',') || '<none>';
    w.field(1, 'Addresses', text(subset.addresses));
    w.field(1, 'NotReadyAddresses', text(subset.notReadyAddresses));
    if (subset.ports?.length) {
      w.line(1, 'Ports:');
      w.line(2, 'Name\tPort\tProtocol');
      w.line(2, '----\t----\t--------');
      for (const port of subset.ports) w.line(2, `${port.name || '<unset>'}\t${port.port}\t${port.protocol ?? ''}`);
    }
    w.line(0, '');
  }
  writeEvents(w, related.events, now);
  return w.toString();
}

export function describeEndpointSlice(slice: EndpointSlice, related: Related, now: number): string {
  const w = new DetailWriter();
  writeHeader(w, slice);
  w.field(0, 'AddressType', slice.addressType);
  const ports = slice.ports ?? [];
  if (ports.length === 0) w.line(0, 'Ports: <unset>');
  else {
    w.line(0, 'Ports:');
    w.line(1, 'Name\tPort\tProtocol');
    w.line(1, '----\t----\t--------');
    for (const port of ports) w.line(1, `${port.name || '<unset>'}\t${port.port ?? '<unset>'}\t${port.protocol ?? ''}`);
  }
  const endpoints = slice.endpoints ?? [];
  if (endpoints.length === 0) w.line(0, 'Endpoints: <none>');
  else w.line(0, 'Endpoints:');
  for (const endpoint of endpoints) {
    w.field(1, '- Addresses', endpoint.addresses.join(', ') || '<none>');
    w.line(2, 'Conditions:');
    w.field(3, 'Ready', endpoint.conditions?.ready ?? '<unset>');
    w.field(2, 'Hostname', endpoint.hostname ?? '<unset>');
    const target = endpoint.targetRef;
    if (target) w.field(2, 'TargetRef', `${asText(target.kind)}/${asText(target.name)}`);
    w.field(2, 'NodeName', endpoint.nodeName ?? '<unset>');
    w.field(2, 'Zone', asText('zone' in endpoint ? endpoint.zone : undefined) || '<unset>');
  }
  writeEvents(w, related.events, now);
  return w.toString();
}
