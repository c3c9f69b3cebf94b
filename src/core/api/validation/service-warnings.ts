/** What is doubtful about a Service without being wrong (as pkg/api/service/warnings.go). */
import { asObject, asString, asStrings, isSet } from '../json';
import type { KubeObject } from '../types';
import { cidrWarnings, ipWarnings } from './ip';

const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** Told on every create and update, whatever the update changes (as GetWarningsForService). */
export function serviceWarnings(service: KubeObject): string[] {
  const spec = asObject(service.spec);
  const type = asString(spec.type);
  const externalIPs = asStrings(spec.externalIPs);
  const balancerIP = asString(spec.loadBalancerIP);
  const warnings: string[] = [];
  if (isSet(service.metadata.annotations?.[TOPOLOGY_HINTS])) {
    warnings.push(`annotation ${TOPOLOGY_HINTS} is deprecated, please use ${TOPOLOGY_MODE} instead`);
  }
  const headless = spec.clusterIP === 'None';
  if (!headless) {
    for (const [i, ip] of asStrings(spec.clusterIPs).entries())
      warnings.push(...ipWarnings(`spec.clusterIPs[${i}]`, ip));
  }
  if (headless && type === 'ClusterIP') {
    if (balancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (externalIPs.length > 0) warnings.push('spec.externalIPs is deprecated');
  for (const [i, ip] of externalIPs.entries()) warnings.push(...ipWarnings(`spec.externalIPs[${i}]`, ip));
  if (balancerIP) warnings.push(...ipWarnings('spec.loadBalancerIP', balancerIP));
  for (const [i, range] of asStrings(spec.loadBalancerSourceRanges).entries()) {
    warnings.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, range));
  }
  if (type === 'ExternalName' && externalIPs.length > 0) {
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== 'ExternalName' && asString(spec.externalName)) {
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === 'PreferClose') {
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  }
  return warnings;
}
