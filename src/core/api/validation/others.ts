/** The smaller kinds: namespaces, nodes, events, endpoints, budgets, revisions. */
import { semanticEqual } from '../../meta/equal';
import { isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidPortNumber } from '../../meta/names';
import { utf8Length } from '../../meta/text';
import { asList, asNumber, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import {
  duplicate,
  forbidden,
  IMMUTABLE,
  invalid,
  invalids,
  nonNegative,
  notSupported,
  required,
  tooMany,
} from './errors';
import { validateIntOrPercent } from './int-or-percent';
import { isIPv4, isIPv6, validateCIDR, validateIP, validateNonSpecialIP } from './ip';
import {
  labelName,
  pathSegmentName,
  subdomainName,
  validateFinalizerKind,
  validateLabelSelector,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from './metadata';
import { validateResourceQuantity } from './resources';
import { validateTaints } from './scheduling';

export const validateNamespace = (namespace: Json): FieldError[] => [
  ...validateObjectMeta(asObject(namespace.metadata), false, labelName),
  ...asStrings(asObject(namespace.spec).finalizers).flatMap((finalizer) => [
    ...invalids('spec.finalizers', finalizer, isQualifiedName(finalizer)),
    ...validateFinalizerKind(finalizer, 'spec.finalizers'),
  ]),
];

/** A namespace is Terminating exactly while it is being deleted. */
export function validateNamespaceStatus(namespace: Json): FieldError[] {
  const going = isSet(asObject(namespace.metadata).deletionTimestamp);
  const phase = asString(asObject(namespace.status).phase);
  const wanted = going ? 'Terminating' : 'Active';
  if (phase === wanted) return [];
  const why = `may only be '${wanted}' if \`deletionTimestamp\` is ${going ? 'not ' : ''}empty`;
  return [invalid('status.Phase', phase, why)];
}

export const validateNode = (node: Json): FieldError[] => [
  ...validateObjectMeta(asObject(node.metadata), false, subdomainName),
  ...validateTaints(asList(asObject(node.spec).taints), 'metadata.taints'),
  ...validateNodeResources(node),
  ...validatePodRanges(asStrings(asObject(node.spec).podCIDRs)),
];

function validatePodRanges(ranges: readonly string[]): FieldError[] {
  const path = 'spec.podCIDRs';
  const errors = ranges.flatMap((range, i) => validateCIDR(`${path}[${i}]`, range));
  if (ranges.length < 2) return errors;
  const families = new Set(ranges.map((range) => range.includes(':')));
  if (families.size < 2 || ranges.length > 2) {
    errors.push(invalid(path, ranges, 'may specify no more than one CIDR for each IP family'));
  }
  for (const [i, range] of ranges.entries()) {
    if (ranges.indexOf(range) < i) errors.push(duplicate(`${path}[${i}]`, range));
  }
  return errors;
}

function validateNodeResources(node: Json): FieldError[] {
  return ['capacity', 'allocatable'].flatMap((field) =>
    entriesOf(asObject(node.status)[field]).flatMap(([name, quantity]) =>
      validateResourceQuantity(name, quantity, `status.${field}.${name}`),
    ),
  );
}

export function validateNodeUpdate(node: Json, old: Json): FieldError[] {
  const spec = asObject(node.spec);
  const before = asObject(old.spec);
  const errors = validateObjectMetaUpdate(asObject(node.metadata), asObject(old.metadata));
  errors.push(...validateNodeResources(node));
  const addresses = asList(asObject(node.status).addresses);
  for (const [i, { type, address }] of addresses.entries()) {
    const first = addresses.findIndex((other) => other.type === type && other.address === address);
    if (first < i) errors.push(duplicate(`status.addresses[${i}]`, { Type: type ?? '', Address: address ?? '' }));
  }
  const fixed = asStrings(before.podCIDRs);
  if (fixed.length > 0 && !semanticEqual(spec.podCIDRs, before.podCIDRs)) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  if (asString(before.providerID) && before.providerID !== spec.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  return [...errors, ...validateTaints(asList(spec.taints), 'metadata.taints')];
}

/**
 * An event lives in its object's namespace; events of cluster-scoped objects live in default. Those with an eventTime say who
 * did what (as legacyValidateEvent).
 */
export function validateEvent(event: Json): FieldError[] {
  const metadata = asObject(event.metadata);
  const namespace = asString(metadata.namespace);
  const involved = asString(asObject(event.involvedObject).namespace);
  const errors: FieldError[] = [];
  const isNew = isSet(event.eventTime);
  const ofNobody = namespace === 'default' || (isNew && namespace === 'kube-system');
  if (involved ? !isNew && involved !== namespace : !ofNobody) {
    errors.push(invalid('involvedObject.namespace', involved, 'does not match event.namespace'));
  }
  if (isNew) errors.push(...validateReport(event));
  errors.push(...invalids('namespace', namespace, isDns1123Subdomain(namespace)));
  return errors.length > 0 ? errors : validateObjectMeta(metadata, true, pathSegmentName);
}

const REPORT_LIMIT = 128;
const NOTE_LIMIT = 1024;

function validateReport(event: Json): FieldError[] {
  const errors: FieldError[] = [];
  const controller = asString(event.reportingComponent);
  if (!controller) errors.push(required('reportingController'));
  errors.push(...invalids('reportingController', controller, isQualifiedName(controller)));
  const limited = (path: string, value: unknown, most: number, needed = true): void => {
    const text = asString(value);
    if (needed && !text) errors.push(required(path));
    if (utf8Length(text) > most) errors.push(invalid(path, '', `can have at most ${most} characters`));
  };
  limited('reportingInstance', event.reportingInstance, REPORT_LIMIT);
  limited('action', event.action, REPORT_LIMIT);
  limited('reason', event.reason, REPORT_LIMIT);
  limited('message', event.message, NOTE_LIMIT, false);
  return errors;
}

export const validateServiceAccount = (account: Json): FieldError[] =>
  validateObjectMeta(asObject(account.metadata), true, subdomainName);

export function validateRevision(revision: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(revision.metadata), true, subdomainName);
  if (!isSet(revision.data)) errors.push(required('data', 'data is mandatory'));
  return [...errors, ...nonNegative('revision', revision.revision)];
}

export function validateRevisionUpdate(revision: Json, old: Json): FieldError[] {
  const errors = validateObjectMetaUpdate(asObject(revision.metadata), asObject(old.metadata));
  errors.push(...nonNegative('revision', revision.revision));
  // The data is a whole pod template: compared only when it is another object.
  if (revision.data === old.data || semanticEqual(revision.data, old.data)) return errors;
  return [...errors, invalid('data', revision.data, IMMUTABLE)];
}

export function validateBudget(budget: Json): FieldError[] {
  const spec = asObject(budget.spec);
  const errors = validateObjectMeta(asObject(budget.metadata), true, pathSegmentName);
  const policy = spec.unhealthyPodEvictionPolicy;
  if (isSet(spec.minAvailable) && isSet(spec.maxUnavailable)) {
    const shown = {
      MinAvailable: spec.minAvailable,
      Selector: spec.selector ?? null,
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    if (isSet(spec[field])) errors.push(...validateIntOrPercent(spec[field], `spec.${field}`));
  }
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'));
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  if (isSet(policy) && !policies.includes(asString(policy))) {
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  }
  return errors;
}

export const validateBudgetStatus = (budget: Json): FieldError[] =>
  ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].flatMap((field) =>
    nonNegative(`status.${field}`, asObject(budget.status)[field]),
  );

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function validateEndpoints(endpoints: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(endpoints.metadata), true, subdomainName);
  for (const [i, subset] of asList(endpoints.subsets).entries()) {
    const path = `subsets[${i}]`;
    if (asList(subset.addresses).length + asList(subset.notReadyAddresses).length === 0) {
      errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const field of ['addresses', 'notReadyAddresses']) {
      for (const [j, address] of asList(subset[field]).entries()) {
        errors.push(...validateAddress(address, `${path}.${field}[${j}]`));
      }
    }
    const ports = asList(subset.ports);
    for (const [j, port] of ports.entries()) {
      const at = `${path}.ports[${j}]`;
      const name = asString(port.name);
      if (!name && ports.length > 1) errors.push(required(`${at}.name`));
      else if (name) errors.push(...invalids(`${at}.name`, name, isDns1123Label(name)));
      errors.push(...invalids(`${at}.port`, asNumber(port.port), isValidPortNumber(asNumber(port.port))));
      errors.push(...validateProtocol(port.protocol, `${at}.protocol`));
      errors.push(...validateAppProtocol(port.appProtocol, `${at}.appProtocol`));
    }
  }
  return errors;
}

const validateAppProtocol = (protocol: unknown, path: string): FieldError[] =>
  isSet(protocol) ? invalids(path, asString(protocol), isQualifiedName(asString(protocol))) : [];

function validateProtocol(protocol: unknown, path: string): FieldError[] {
  if (!asString(protocol)) return [required(path)];
  return PROTOCOLS.includes(asString(protocol)) ? [] : [notSupported(path, protocol, PROTOCOLS)];
}

function validateAddress(address: Json, path: string): FieldError[] {
  const ip = asString(address.ip);
  const hostname = asString(address.hostname);
  const errors = validateIP(`${path}.ip`, ip);
  if (hostname) errors.push(...invalids(`${path}.hostname`, hostname, isDns1123Label(hostname)));
  if (isSet(address.nodeName)) {
    const name = asString(address.nodeName);
    errors.push(...invalids(`${path}.nodeName`, name, isDns1123Subdomain(name)));
  }
  return errors.length > 0 ? errors : validateNonSpecialIP(ip, `${path}.ip`);
}

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MOST_ENDPOINTS = 1000;
const MOST_ADDRESSES = 100;
const MOST_PORTS = 20_000;
const MOST_TOPOLOGY = 16;

export function validateSlice(slice: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(slice.metadata), true, subdomainName);
  const type = asString(slice.addressType);
  if (!type) errors.push(required('addressType'));
  else if (!ADDRESS_TYPES.includes(type)) errors.push(notSupported('addressType', type, ADDRESS_TYPES));
  const endpoints = asList(slice.endpoints);
  if (endpoints.length > MOST_ENDPOINTS) errors.push(tooMany('endpoints', endpoints.length, MOST_ENDPOINTS));
  for (const [i, endpoint] of endpoints.length > MOST_ENDPOINTS ? [] : endpoints.entries()) {
    const path = `endpoints[${i}]`;
    const addresses = asStrings(endpoint.addresses);
    if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
    else if (addresses.length > MOST_ADDRESSES) {
      errors.push(tooMany(`${path}.addresses`, addresses.length, MOST_ADDRESSES));
    }
    for (const [j, address] of addresses.entries()) {
      errors.push(...validateSliceAddress(address, type, `${path}.addresses[${j}]`));
    }
    if (isSet(endpoint.nodeName)) {
      const name = asString(endpoint.nodeName);
      errors.push(...invalids(`${path}.nodeName`, name, isDns1123Subdomain(name)));
    }
    const topology = Object.keys(asObject(endpoint.deprecatedTopology)).length;
    if (topology > MOST_TOPOLOGY) errors.push(tooMany(`${path}.deprecatedTopology`, topology, MOST_TOPOLOGY));
    errors.push(...validateLabels(endpoint.deprecatedTopology, `${path}.deprecatedTopology`));
    if (isSet(endpoint.hostname)) {
      const name = asString(endpoint.hostname);
      errors.push(...invalids(`${path}.hostname`, name, isDns1123Label(name)));
    }
  }
  const ports = asList(slice.ports);
  if (ports.length > MOST_PORTS) return [...errors, tooMany('ports', ports.length, MOST_PORTS)];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const name = asString(port.name);
    if (name) errors.push(...invalids(`ports[${i}].name`, name, isDns1123Label(name)));
    if (names.has(name)) errors.push(duplicate(`ports[${i}].name`, name));
    names.add(name);
    errors.push(...validateProtocol(port.protocol, `ports[${i}].protocol`));
    errors.push(...validateAppProtocol(port.appProtocol, `ports[${i}].appProtocol`));
  }
  return errors;
}

function validateSliceAddress(address: string, type: string, path: string): FieldError[] {
  if (type === 'FQDN') return validateDomain(address, path);
  if (type === 'IPv4' && !isIPv4(address)) return [invalid(path, address, 'must be a valid IPv4 address')];
  if (type === 'IPv6' && !isIPv6(address)) return [invalid(path, address, 'must be a valid IPv6 address')];
  return validateNonSpecialIP(address, path);
}

/** As IsFullyQualifiedDomainName. */
function validateDomain(text: string, path: string): FieldError[] {
  if (!text) return [required(path)];
  const name = text.replace(/\.$/, '');
  const wrong = isDns1123Subdomain(name);
  if (wrong.length > 0) return [invalid(path, name, wrong.join(','))];
  if (name.includes('.')) return [];
  return [invalid(path, name, 'should be a domain with at least two segments separated by dots')];
}

export function validateSliceUpdate(slice: Json, old: Json): FieldError[] {
  const errors = [
    ...validateSlice(slice),
    ...validateObjectMetaUpdate(asObject(slice.metadata), asObject(old.metadata)),
  ];
  if (slice.addressType !== old.addressType) errors.push(invalid('addressType', slice.addressType, IMMUTABLE));
  return errors;
}
