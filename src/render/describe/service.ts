/** `describe service`. */

import type { EndpointSlice, Service } from '../../core/api/types';
import { formatLabels } from '../../core/meta/labels';
import { asMaps, asStrings, asText, at } from './json';
import { writeEvents, writeHeader } from './parts';
import type { Related } from './related';
import { DetailWriter } from './writer';

export function describeService(service: Service, related: Related, now: number): string {
  const w = new DetailWriter();
  const { spec } = service;
  writeHeader(w, service);
  w.field(0, 'Selector', formatLabels(spec.selector));
  w.field(0, 'Type', spec.type ?? '');
  if (spec.ipFamilyPolicy !== undefined) w.field(0, 'IP Family Policy', asText(spec.ipFamilyPolicy));
  w.field(0, 'IP Families', asStrings(spec.ipFamilies).join(',') || '<none>');
  w.field(0, 'IP', spec.clusterIP ?? '');
  w.field(0, 'IPs', (spec.clusterIPs ?? []).join(',') || '<none>');
  const externalIPs = asStrings(spec.externalIPs);
  if (externalIPs.length > 0) w.field(0, 'External IPs', externalIPs.join(','));
  if (spec.loadBalancerIP) w.field(0, 'Desired LoadBalancer IP', asText(spec.loadBalancerIP));
  if (spec.externalName) w.field(0, 'External Name', spec.externalName);
  const ingress = asMaps(at(service.status, 'loadBalancer', 'ingress'));
  if (ingress.length > 0) {
    const text = (entry: (typeof ingress)[number]): string =>
      entry.ip ? `${asText(entry.ip)}${entry.ipMode ? ` (${asText(entry.ipMode)})` : ''}` : asText(entry.hostname);
    w.field(0, 'LoadBalancer Ingress', ingress.map(text).join(', '));
  }
  writePorts(w, service, related.endpointSlices ?? []);
  w.field(0, 'Session Affinity', asText(spec.sessionAffinity));
  if (spec.externalTrafficPolicy) w.field(0, 'External Traffic Policy', asText(spec.externalTrafficPolicy));
  if (spec.internalTrafficPolicy !== undefined) {
    w.field(0, 'Internal Traffic Policy', asText(spec.internalTrafficPolicy));
  }
  if (spec.healthCheckNodePort) w.field(0, 'HealthCheck NodePort', asText(spec.healthCheckNodePort));
  const ranges = asStrings(spec.loadBalancerSourceRanges);
  if (ranges.length > 0) w.field(0, 'LoadBalancer Source Ranges', ranges.join(','));
  if (spec.trafficDistribution !== undefined) w.field(0, 'Traffic Distribution', asText(spec.trafficDistribution));
  writeEvents(w, related.events, now);
  return w.toString();
}

function writePorts(w: DetailWriter, service: Service, slices: readonly EndpointSlice[]): void {
  for (const port of service.spec.ports ?? []) {
    const name = port.name || '<unset>';
    const protocol = port.protocol ?? '';
    w.line(0, `Port:\t${name}\t${port.port}/${protocol}`);
    w.field(0, 'TargetPort', `${port.targetPort ?? 0}/${protocol}`);
    if (port.appProtocol !== undefined) w.field(0, 'AppProtocol', asText(port.appProtocol));
    if (port.nodePort) w.line(0, `NodePort:\t${name}\t${port.nodePort}/${protocol}`);
    w.field(0, 'Endpoints', endpointsText(slices, port.name ?? ''));
  }
}

/** Addresses shown before `+ N more...`. */
const MOST_SHOWN = 3;

/**
 * Ready addresses of one named port over all slices (as formatEndpointSlices). What comes after the last that is shown is
 * announced whether it is ready or not, but only the ready ones are counted: there may be `+ 0 more...`.
 */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all: string[] = [];
  let isMore = false;
  for (const slice of slices) {
    const ports = slice.ports?.length ? slice.ports.filter((port) => (port.name ?? '') === portName) : [undefined];
    for (const port of ports) {
      for (const endpoint of slice.endpoints ?? []) {
        isMore ||= all.length === MOST_SHOWN;
        if (endpoint.conditions?.ready === false) continue;
        all.push(port ? joinHostPort(endpoint.addresses[0], port.port) : endpoint.addresses[0]);
      }
    }
  }
  const shown = all.slice(0, MOST_SHOWN).join(',');
  return isMore ? `${shown} + ${all.length - MOST_SHOWN} more...` : shown;
}

const joinHostPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
