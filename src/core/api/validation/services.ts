/** Services: ports, addresses, types, and what may not change (as ValidateService and ValidateServiceUpdate). */
import { isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidPortNumber } from '../../meta/names';
import { asList, asNumber, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, forbidden, IMMUTABLE, invalid, invalids, key, notSupported, required } from './errors';
import { isIP, isIPv6, validateCIDR, validateIP, validateNonSpecialIP } from './ip';
import { labelName, validateLabels, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { validatePort } from './probes';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const TRAFFIC = ['Cluster', 'Local'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

/** The strategy fills clusterIPs from clusterIP; both are read here so that a bare manifest can be checked too. */
const clusterIPs = (spec: Json): readonly string[] => {
  const list = asStrings(spec.clusterIPs);
  if (list.length > 0 || isSet(spec.clusterIPs)) return list;
  return asString(spec.clusterIP) ? [asString(spec.clusterIP)] : [];
};

const isHeadless = (spec: Json): boolean => {
  const addresses = clusterIPs(spec);
  return addresses.length === 1 && addresses[0] === 'None';
};

/** Names may begin with a digit (as ValidateServiceCreate with RelaxedServiceNameValidation, which is on since 1.36). */
export function validateService(service: Json): FieldError[] {
  const spec = asObject(service.spec);
  const type = asString(spec.type);
  const ports = asList(spec.ports);
  const annotations = asObject(asObject(service.metadata).annotations);
  const errors = validateObjectMeta(asObject(service.metadata), true, labelName);
  const mode = annotations[TOPOLOGY_MODE];
  if (isSet(mode) && isSet(annotations[TOPOLOGY_HINTS]) && mode !== annotations[TOPOLOGY_HINTS]) {
    const why = `must match annotations[${TOPOLOGY_HINTS}] when both are specified`;
    errors.push(invalid(key('metadata.annotations', TOPOLOGY_MODE), mode, why));
  }
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  }
  if (type === 'ExternalName') errors.push(...validateExternalName(spec));
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    errors.push(...validateServicePort(port, ports.length > 1, names, `spec.ports[${i}]`));
  }
  errors.push(...validateLabels(spec.selector, 'spec.selector'));
  errors.push(...validateAffinity(spec));
  errors.push(...validateAddresses(spec));
  for (const [i, address] of asStrings(spec.externalIPs).entries()) {
    const wrong = validateIP(`spec.externalIPs[${i}]`, address);
    errors.push(...(wrong.length > 0 ? wrong : validateNonSpecialIP(address, `spec.externalIPs[${i}]`)));
  }
  if (!type) errors.push(required('spec.type'));
  else if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  errors.push(...validateUniquePorts(ports, type));
  return [...errors, ...validateLoadBalancer(spec, annotations[SOURCE_RANGES]), ...validateTraffic(spec)];
}

function validateExternalName(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (field: string, set: boolean): void => {
    if (set) errors.push(forbidden(`spec.${field}`, 'may not be set for ExternalName services'));
  };
  forbid('clusterIPs', clusterIPs(spec).length > 0);
  forbid('ipFamilies', asStrings(spec.ipFamilies).length > 0);
  forbid('ipFamilyPolicy', isSet(spec.ipFamilyPolicy));
  const name = asString(spec.externalName).replace(/\.$/, '');
  if (!name) return [...errors, required('spec.externalName')];
  return [...errors, ...invalids('spec.externalName', name, isDns1123Subdomain(name))];
}

function validateServicePort(port: Json, nameRequired: boolean, names: Set<string>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = asString(port.name);
  if (!name && nameRequired) errors.push(required(`${path}.name`));
  else if (name) {
    errors.push(...invalids(`${path}.name`, name, isDns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  errors.push(...invalids(`${path}.port`, asNumber(port.port), isValidPortNumber(asNumber(port.port))));
  const protocol = asString(port.protocol);
  if (!protocol) errors.push(required(`${path}.protocol`));
  else if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  errors.push(...validatePort(port.targetPort, `${path}.targetPort`));
  if (!isSet(port.appProtocol)) return errors;
  return [...errors, ...invalids(`${path}.appProtocol`, port.appProtocol, isQualifiedName(asString(port.appProtocol)))];
}

function validateUniquePorts(ports: readonly Json[], type: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, port] of ports.entries()) {
    if (type === 'ClusterIP' && port.nodePort) {
      errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
  }
  const nodePorts = new Set<string>();
  for (const [i, port] of ports.entries()) {
    if (!port.nodePort) continue;
    const text = `${port.protocol}/${port.nodePort}`;
    if (nodePorts.has(text)) errors.push(duplicate(`spec.ports[${i}].nodePort`, port.nodePort));
    nodePorts.add(text);
  }
  const seen = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const text = `${port.protocol}/${port.port}`;
    if (seen.has(text)) {
      const shown = {
        Name: '',
        Protocol: port.protocol,
        AppProtocol: null,
        Port: port.port,
        TargetPort: 0,
        NodePort: 0,
      };
      errors.push(duplicate(`spec.ports[${i}]`, shown));
    }
    seen.add(text);
  }
  return errors;
}

function validateAffinity(spec: Json): FieldError[] {
  const affinity = asString(spec.sessionAffinity);
  const path = 'spec.sessionAffinityConfig';
  if (!affinity) return [required('spec.sessionAffinity')];
  if (affinity === 'None') {
    const set = isSet(spec.sessionAffinityConfig);
    return set ? [forbidden(path, 'must not be set when session affinity is None')] : [];
  }
  if (affinity !== 'ClientIP') return [notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None'])];
  const { clientIP } = asObject(spec.sessionAffinityConfig);
  const why = 'when session affinity type is ClientIP';
  if (!isSet(spec.sessionAffinityConfig)) return [required(path, why)];
  if (!isSet(clientIP)) return [required(`${path}.clientIP`, why)];
  const seconds = asObject(clientIP).timeoutSeconds;
  const at = `${path}.clientIP.timeoutSeconds`;
  if (typeof seconds !== 'number') return [required(at, why)];
  const fits = seconds > 0 && seconds <= 86400;
  return fits ? [] : [invalid(at, seconds, 'must be greater than 0 and less than 86400')];
}

/** As ValidateServiceClusterIPsRelatedFields. */
export function validateAddresses(spec: Json): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const path = 'spec.clusterIPs';
  const addresses = clusterIPs(spec);
  const families = asStrings(spec.ipFamilies);
  const errors: FieldError[] = [];
  if (asString(spec.clusterIP) && addresses[0] !== spec.clusterIP) {
    errors.push(
      addresses.length === 0 ? required(path) : invalid(path, addresses, 'first value must match `clusterIP`'),
    );
  } else if (!asString(spec.clusterIP) && addresses.length > 0) {
    errors.push(invalid(path, addresses, 'must be empty when `clusterIP` is not specified'));
  }
  for (const [i, family] of families.entries()) {
    const at = `spec.ipFamilies[${i}]`;
    if (!FAMILIES.includes(family)) errors.push(notSupported(at, family, FAMILIES));
    if (families.indexOf(family) < i) errors.push(duplicate(at, family));
  }
  const policy = spec.ipFamilyPolicy;
  if (isSet(policy) && !FAMILY_POLICIES.includes(asString(policy))) {
    errors.push(notSupported('spec.ipFamilyPolicy', policy, FAMILY_POLICIES));
  }
  const wrong = addresses.flatMap((address, i) => {
    if (i > 0 || address !== 'None') return validateIP(`${path}[${i}]`, address);
    return addresses.length > 1 ? [invalid(path, addresses, "'None' must be the first and only value")] : [];
  });
  errors.push(...wrong);
  if (addresses.length > 2) errors.push(invalid(path, addresses, 'may only hold up to 2 values'));
  if (wrong.length > 0) return errors;
  if (addresses.length > 1 && new Set(addresses.map(isIPv6)).size < 2) {
    errors.push(invalid(path, addresses, 'may specify no more than one IP for each IP family'));
  }
  if (isHeadless(spec)) return errors;
  for (const [i, address] of addresses.entries()) {
    const family = families[i];
    if (family && isIPv6(address) !== (family === 'IPv6')) {
      const why = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
      errors.push(invalid(`${path}[${i}]`, address, why));
    }
  }
  return errors;
}

function validateLoadBalancer(spec: Json, annotation: unknown): FieldError[] {
  const balanced = spec.type === 'LoadBalancer';
  const errors: FieldError[] = [];
  const ranges = asStrings(spec.loadBalancerSourceRanges);
  const path = 'spec.LoadBalancerSourceRanges';
  if (ranges.length > 0 && !balanced) errors.push(forbidden(path, ONLY_LOAD_BALANCER));
  for (const [i, range] of ranges.entries()) errors.push(...validateCIDR(`${path}[${i}]`, range.trim()));
  if (ranges.length === 0 && isSet(annotation)) {
    const at = key('metadata.annotations', SOURCE_RANGES);
    if (!balanced) errors.push(forbidden(at, ONLY_LOAD_BALANCER));
    const listed = asString(annotation).trim();
    for (const range of listed === '' ? [] : listed.split(',')) errors.push(...validateCIDR(at, range.trim()));
  }
  if (isSet(spec.allocateLoadBalancerNodePorts) && !balanced) {
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', ONLY_LOAD_BALANCER));
  }
  if (!isSet(spec.loadBalancerClass)) return errors;
  if (!balanced) return [...errors, forbidden('spec.loadBalancerClass', ONLY_LOAD_BALANCER)];
  const name = asString(spec.loadBalancerClass);
  return [...errors, ...invalids('spec.loadBalancerClass', name, isQualifiedName(name))];
}

function validateTraffic(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const external = asString(spec.externalTrafficPolicy);
  const reachable =
    spec.type === 'LoadBalancer' ||
    spec.type === 'NodePort' ||
    (spec.type === 'ClusterIP' && asStrings(spec.externalIPs).length > 0);
  const path = 'spec.externalTrafficPolicy';
  if (!reachable && external) {
    errors.push(invalid(path, external, 'may only be set for externally-accessible services'));
  } else if (reachable && !external) errors.push(required(path));
  else if (reachable && !TRAFFIC.includes(external)) errors.push(notSupported(path, external, TRAFFIC));
  const checked = spec.type === 'LoadBalancer' && external === 'Local';
  const health = asNumber(spec.healthCheckNodePort);
  if (!checked && health !== 0) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid('spec.healthCheckNodePort', health, why));
  } else if (checked && health === 0) errors.push(required('spec.healthCheckNodePort'));
  else if (checked) errors.push(...invalids('spec.healthCheckNodePort', health, isValidPortNumber(health)));
  const internal = spec.internalTrafficPolicy;
  if (!isSet(internal)) {
    if (spec.type !== 'ExternalName' && TYPES.includes(asString(spec.type))) {
      errors.push(required('spec.internalTrafficPolicy'));
    }
  } else if (!TRAFFIC.includes(asString(internal))) {
    errors.push(notSupported('spec.internalTrafficPolicy', internal, TRAFFIC));
  }
  const distribution = spec.trafficDistribution;
  if (isSet(distribution) && !DISTRIBUTIONS.includes(asString(distribution))) {
    errors.push(notSupported('spec.trafficDistribution', distribution, DISTRIBUTIONS));
  }
  return errors;
}

export function validateServiceUpdate(service: Json, old: Json): FieldError[] {
  const spec = asObject(service.spec);
  const before = asObject(old.spec);
  const errors = validateObjectMetaUpdate(asObject(service.metadata), asObject(old.metadata));
  errors.push(...validateAddressChange(spec, before));
  if (spec.type === 'LoadBalancer' && before.type === 'LoadBalancer') {
    if (spec.loadBalancerClass !== before.loadBalancerClass) {
      errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass, 'may not change once set'));
    }
    const local = spec.externalTrafficPolicy === 'Local' && before.externalTrafficPolicy === 'Local';
    if (local && spec.healthCheckNodePort !== before.healthCheckNodePort) {
      errors.push(forbidden('spec.healthCheckNodePort', IMMUTABLE));
    }
  }
  return [...errors, ...validateService(service)];
}

const IP_MODES = ['Proxy', 'VIP'];

/** As ValidateServiceStatusUpdate: what a load balancer reports. */
export function validateServiceStatus(service: Json): FieldError[] {
  const ingress = asList(asObject(asObject(service.status).loadBalancer).ingress);
  const path = 'status.loadBalancer.ingress';
  if (asObject(service.spec).type !== 'LoadBalancer' && ingress.length > 0) {
    return [forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return ingress.flatMap((entry, i) => validateIngress(entry, `${path}[${i}]`));
}

function validateIngress(entry: Json, path: string): FieldError[] {
  const ip = asString(entry.ip);
  const hostname = asString(entry.hostname);
  const mode = entry.ipMode;
  const errors = ip ? validateIP(`${path}.ip`, ip) : [];
  // A mode that is missing beside an address is VIP by default.
  if (!isSet(mode)) return [...errors, ...validateHostname(hostname, path)];
  if (!ip) errors.push(forbidden(`${path}.ipMode`, 'may not be specified when `ip` is not set'));
  else if (!IP_MODES.includes(asString(mode))) errors.push(notSupported(`${path}.ipMode`, mode, IP_MODES));
  return [...errors, ...validateHostname(hostname, path)];
}

function validateHostname(hostname: string, path: string): FieldError[] {
  if (!hostname) return [];
  const errors = invalids(`${path}.hostname`, hostname, isDns1123Subdomain(hostname));
  if (isIP(hostname)) errors.push(invalid(`${path}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  return errors;
}

/** The first address and family stay; a second may come and go (as validateUpgradeDowngradeClusterIPs). */
function validateAddressChange(spec: Json, before: Json): FieldError[] {
  if (spec.type === 'ExternalName' || before.type === 'ExternalName') return [];
  if (isHeadless(spec) && isHeadless(before)) return [];
  const errors = changes(clusterIPs(spec), clusterIPs(before), 'spec.clusterIPs', 'clusterIP', spec.ipFamilyPolicy);
  if (isHeadless(spec) !== isHeadless(before)) return errors;
  const families = asStrings(spec.ipFamilies);
  return [
    ...errors,
    ...changes(families, asStrings(before.ipFamilies), 'spec.ipFamilies', 'ipFamily', spec.ipFamilyPolicy),
  ];
}

function changes(
  next: readonly string[],
  before: readonly string[],
  path: string,
  noun: string,
  policy: unknown,
): FieldError[] {
  const changed = (i: number): FieldError => invalid(`${path}[${i}]`, next, 'may not change once set');
  if (next.length === before.length) {
    return before.flatMap((value, i) => (value === next[i] ? [] : [changed(noun === 'ipFamily' ? 0 : i)]));
  }
  const errors: FieldError[] = [];
  const released = next.length < before.length;
  if (released && next.length === 0) errors.push(invalid(`${path}[0]`, next, `primary ${noun} can not be unset`));
  if (before.length > 0 && next.length > 0 && next[0] !== before[0]) errors.push(changed(0));
  if (released && next.length === 1 && policy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${noun}`;
    errors.push(invalid('spec.ipFamilyPolicy', policy, why));
  }
  return errors;
}
