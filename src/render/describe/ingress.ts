/** `describe ingress` and `describe ingressclass`. */
import type { KubeObject } from '../../core/api/types';
import { compareText } from '../../core/meta/text';
import { asMap, asMaps, asStrings, asText, at, type Json } from './json';
import { writeAnnotations, writeEvents, writeLabels } from './parts';
import type { Related } from './related';
import { endpointsText } from './service';
import { DetailWriter } from './writer';

export function describeIngress(ingress: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  const spec = asMap(ingress.spec) ?? {};
  w.field(0, 'Name', ingress.metadata.name);
  writeLabels(w, 'Labels', ingress.metadata.labels);
  w.field(0, 'Namespace', ingress.metadata.namespace ?? '');
  w.field(0, 'Address', addressesOf(ingress));
  w.field(0, 'Ingress Class', asText(spec.ingressClassName ?? '<none>'));
  const fallback = asMap(spec.defaultBackend);
  const fallbackText = fallback ? backendText(fallback, related) : '<default>';
  w.field(0, 'Default backend', fallbackText);
  writeTls(w, asMaps(spec.tls));
  w.line(0, 'Rules:\n  Host\tPath\tBackends');
  w.line(1, '----\t----\t--------');
  const rules = asMaps(spec.rules).filter((rule) => asMap(rule.http));
  for (const rule of rules) {
    w.line(1, `${asText(rule.host) || '*'}\t`);
    for (const path of asMaps(at(rule, 'http', 'paths')))
      w.line(2, `\t${asText(path.path)} \t${backendText(asMap(path.backend) ?? {}, related)}`);
  }
  if (rules.length === 0) w.line(1, `*\t*\t${fallbackText}`);
  writeAnnotations(w, 'Annotations', ingress.metadata.annotations);
  writeEvents(w, related.events, now);
  return w.toString();
}

function addressesOf(ingress: KubeObject): string {
  const entries = asMaps(at(ingress.status, 'loadBalancer', 'ingress'));
  const texts = entries.map((entry) => asText(entry.ip) || asText(entry.hostname)).filter((text) => text !== '');
  return [...new Set(texts)].sort(compareText).join(',');
}

function writeTls(w: DetailWriter, entries: readonly Json[]): void {
  if (entries.length === 0) return;
  w.line(0, 'TLS:');
  for (const { secretName, hosts } of entries) {
    const names = asStrings(hosts).join(',');
    w.line(1, secretName ? `${asText(secretName)} terminates ${names}` : `SNI routes ${names}`);
  }
}

/** A Service with the addresses behind the port, or another object (as describeBackendV1). */
function backendText(backend: Json, related: Related): string {
  const service = asMap(backend.service);
  if (service) {
    const name = asText(service.name);
    const port = asMap(service.port) ?? {};
    const found = related.services?.find((candidate) => candidate.metadata.name === name);
    const behind = found ? endpointsOf(found, port, related) : `<error: services ${JSON.stringify(name)} not found>`;
    return `${name}:${port.number ? asText(port.number) : asText(port.name)} (${behind})`;
  }
  const resource = asMap(backend.resource);
  if (!resource) return '';
  const group = asText(resource.apiGroup ?? '<none>');
  return `APIGroup: ${group}, Kind: ${asText(resource.kind)}, Name: ${asText(resource.name)}`;
}

function endpointsOf(service: KubeObject, wanted: Json, related: Related): string {
  const ports = asMaps(at(service.spec, 'ports'));
  const matching = ports.filter((port) => (wanted.number ? port.port === wanted.number : port.name === wanted.name));
  const slices = (related.endpointSlices ?? []).filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
  );
  return endpointsText(slices, asText(matching.at(-1)?.name));
}

export function describeIngressClass(ingressClass: KubeObject, related: Related, now: number): string {
  const w = new DetailWriter();
  w.field(0, 'Name', ingressClass.metadata.name);
  writeLabels(w, 'Labels', ingressClass.metadata.labels);
  writeAnnotations(w, 'Annotations', ingressClass.metadata.annotations);
  w.field(0, 'Controller', asText(at(ingressClass.spec, 'controller')));
  const parameters = asMap(at(ingressClass.spec, 'parameters'));
  if (parameters) {
    w.line(0, 'Parameters:');
    if (parameters.apiGroup !== undefined) w.field(1, 'APIGroup', asText(parameters.apiGroup));
    w.field(1, 'Kind', asText(parameters.kind));
    w.field(1, 'Name', asText(parameters.name));
  }
  writeEvents(w, related.events, now);
  return w.toString();
}
