/** Pod specs, in pods and in templates (as ValidatePodSpec and ValidatePodTemplateSpec). */
import { isDns1123Label, isDns1123Subdomain, isInRange } from '../../meta/names';
import { asList, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers';
import { duplicate, forbidden, invalid, invalids, key, notSupported, required } from './errors';
import { validateIP } from './ip';
import { validateAnnotations, validateLabelKey, validateLabels } from './metadata';
import { validateResources } from './resources';
import { validateAffinity, validateSpread, validateTolerations } from './scheduling';
import { validatePodSecurity } from './security';
import { validateVolumes } from './volumes';

const MAX_INT32 = 2 ** 31 - 1;
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** A template: its metadata, its spec, and what templates may not have. */
export function validateTemplate(template: Json, path: string): FieldError[] {
  const metadata = asObject(template.metadata);
  const spec = asObject(template.spec);
  const errors = [
    ...validateLabels(metadata.labels, `${path}.labels`),
    ...validateAnnotations(metadata.annotations, `${path}.annotations`),
    ...validatePodAnnotations(metadata.annotations, spec, `${path}.annotations`),
    ...validatePodSpec(spec, undefined, `${path}.spec`),
  ];
  if (asList(spec.ephemeralContainers).length > 0) {
    errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
  }
  return errors;
}

/** As ValidatePodSpecificAnnotations. */
export function validatePodAnnotations(annotations: unknown, spec: Json, path: string): FieldError[] {
  const all = asObject(annotations);
  const errors: FieldError[] = [];
  const mirror = all['kubernetes.io/config.mirror'];
  if (isSet(mirror) && !asString(spec.nodeName)) {
    const why = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(key(path, 'kubernetes.io/config.mirror'), mirror, why));
  }
  const cost = all['controller.kubernetes.io/pod-deletion-cost'];
  if (typeof cost === 'string' && !(/^(0|-?[1-9]\d{0,9})$/.test(cost) && Math.abs(Number(cost)) <= MAX_INT32)) {
    errors.push(invalid(key(path, 'controller.kubernetes.io/pod-deletion-cost'), cost, 'must be a 32bit integer'));
  }
  return errors;
}

/** `podName` for a pod's own spec; undefined in templates. */
export function validatePodSpec(spec: Json, podName: string | undefined, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const grace = spec.terminationGracePeriodSeconds;
  if (!isSet(grace)) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const { volumes, errors: volumeErrors } = validateVolumes(asList(spec.volumes), podName, `${path}.volumes`);
  errors.push(...volumeErrors);
  const claims = asList(spec.resourceClaims);
  errors.push(...validateResourceClaims(claims, `${path}.resourceClaims`));
  const pod = {
    volumes,
    claims: claims.map((claim) => asString(claim.name)).filter(Boolean),
    gracePeriod: typeof grace === 'number' ? grace : undefined,
    restartPolicy: asString(spec.restartPolicy),
    hostUsers: spec.hostUsers !== false,
  };
  const containers = asList(spec.containers);
  const inits = asList(spec.initContainers);
  errors.push(...validateContainers(containers, pod, `${path}.containers`));
  errors.push(...validateInitContainers(inits, containers, pod, `${path}.initContainers`));
  const others = [...containers, ...inits];
  errors.push(
    ...validateEphemeralContainers(asList(spec.ephemeralContainers), others, pod, `${path}.ephemeralContainers`),
  );
  if (isSet(spec.resources)) {
    errors.push(...validateResources(asObject(spec.resources), pod.claims, `${path}.resources`, true));
  }
  errors.push(...validateHostNetwork(spec, podName !== undefined, `${path}.containers`));
  errors.push(...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], `${path}.restartPolicy`));
  errors.push(...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`));
  errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`));
  if (isSet(spec.securityContext)) {
    errors.push(...validatePodSecurity(asObject(spec.securityContext), spec, `${path}.securityContext`));
  }
  if (isSet(spec.affinity)) errors.push(...validateAffinity(asObject(spec.affinity), `${path}.affinity`));
  errors.push(...validateDnsConfig(spec, `${path}.dnsConfig`));
  for (const [i, gate] of asList(spec.readinessGates).entries()) {
    errors.push(...validateLabelKey(asString(gate.conditionType), `${path}.readinessGates[${i}].conditionType`));
  }
  errors.push(...validateGates(asList(spec.schedulingGates), `${path}.schedulingGates`));
  errors.push(...validateSpread(asList(spec.topologySpreadConstraints), `${path}.topologySpreadConstraints`));
  errors.push(...validateHostUsers(spec, path));
  return [...errors, ...validateNames(spec, path), ...validateOs(spec, path)];
}

function validateNames(spec: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, rule: (value: string) => string[]): void => {
    const value = asString(spec[field]);
    if (value) errors.push(...invalids(`${path}.${field}`, value, rule(value)));
  };
  check('serviceAccountName', isDns1123Subdomain);
  check('nodeName', isDns1123Subdomain);
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number') {
    errors.push(...invalids(`${path}.activeDeadlineSeconds`, deadline, isInRange(deadline, 1, MAX_INT32)));
  }
  check('hostname', isDns1123Label);
  check('subdomain', isDns1123Label);
  errors.push(...validateTolerations(asList(spec.tolerations), `${path}.tolerations`));
  for (const [i, alias] of asList(spec.hostAliases).entries()) {
    const at = `${path}.hostAliases[${i}]`;
    errors.push(...validateIP(`${at}.ip`, asString(alias.ip)));
    for (const [j, host] of asStrings(alias.hostnames).entries()) {
      errors.push(...invalids(`${at}.hostnames[${j}]`, host, isDns1123Subdomain(host)));
    }
  }
  check('priorityClassName', isDns1123Subdomain);
  if (isSet(spec.runtimeClassName)) {
    const name = asString(spec.runtimeClassName);
    errors.push(...invalids(`${path}.runtimeClassName`, name, isDns1123Subdomain(name)));
  }
  const preemption = ['PreemptLowerPriority', 'Never'];
  if (isSet(spec.preemptionPolicy))
    errors.push(...oneOf(spec.preemptionPolicy, preemption, `${path}.preemptionPolicy`));
  if (entriesOf(spec.overhead).length > 0) {
    errors.push(...validateResources({ limits: spec.overhead }, [], `${path}.overhead`));
  }
  return errors;
}

function oneOf(value: unknown, supported: readonly string[], path: string): FieldError[] {
  if (!asString(value)) return [required(path)];
  return supported.includes(asString(value)) ? [] : [notSupported(path, value, supported)];
}

function validateResourceClaims(claims: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, claim] of claims.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(claim.name);
    if (!name) errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else errors.push(...invalids(`${at}.name`, name, isDns1123Label(name)));
    names.add(name);
    const fields = ['resourceClaimName', 'resourceClaimTemplateName'].filter((field) => isSet(claim[field]));
    const shown = {
      Name: name,
      ResourceClaimName: claim.resourceClaimName ?? null,
      ResourceClaimTemplateName: claim.resourceClaimTemplateName ?? null,
    };
    if (fields.length === 2) {
      const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.push(invalid(at, shown, why));
    } else if (fields.length === 0) {
      errors.push(invalid(at, shown, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'));
    }
    for (const field of fields) {
      errors.push(...invalids(`${at}.${field}`, claim[field], isDns1123Subdomain(asString(claim[field]))));
    }
  }
  return errors;
}

/** With host networking a host port must be its container port; templates may still leave it open. */
function validateHostNetwork(spec: Json, isPod: boolean, path: string): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return asList(spec.containers).flatMap((container, i) =>
    asList(container.ports).flatMap((port, j) => {
      const host = Number(port.hostPort ?? 0);
      if (!(isPod || host !== 0) || host === port.containerPort) return [];
      const why = 'must match `containerPort` when `hostNetwork` is true';
      return [invalid(`${path}[${i}].ports[${j}].hostPort`, host, why)];
    }),
  );
}

function validateDnsConfig(spec: Json, path: string): FieldError[] {
  const config = asObject(spec.dnsConfig);
  const servers = asStrings(config.nameservers);
  const searches = asStrings(config.searches);
  if (spec.dnsPolicy === 'None') {
    if (!isSet(spec.dnsConfig)) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (servers.length === 0) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return [required(`${path}.nameservers`, why)];
    }
  }
  const errors: FieldError[] = [];
  if (servers.length > 3) errors.push(invalid(`${path}.nameservers`, servers, 'must not have more than 3 nameservers'));
  for (const [i, server] of servers.entries()) errors.push(...validateIP(`${path}.nameservers[${i}]`, server));
  if (searches.length > 32)
    errors.push(invalid(`${path}.searches`, searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048) {
    const why = 'must not have more than 2048 characters (including spaces) in the search list';
    errors.push(invalid(`${path}.searches`, searches, why));
  }
  for (const [i, search] of searches.entries()) {
    if (search === '.') continue;
    const plain = search.replace(/\.$/, '');
    // Underscores are allowed here, and nowhere else in names.
    errors.push(...invalids(`${path}.searches[${i}]`, plain, isDns1123Subdomain(plain.replaceAll('_', 'x'))));
  }
  for (const [i, option] of asList(config.options).entries()) {
    if (!asString(option.name)) errors.push(required(`${path}.options[${i}]`, 'must not be empty'));
  }
  return errors;
}

function validateGates(gates: readonly Json[], path: string): FieldError[] {
  const seen = new Set<string>();
  return gates.flatMap((gate, i) => {
    const name = asString(gate.name);
    const errors = validateLabelKey(name, `${path}[${i}]`);
    if (seen.has(name)) errors.push(duplicate(`${path}[${i}]`, name));
    seen.add(name);
    return errors;
  });
}

function validateHostUsers(spec: Json, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `pod.Spec.HostUsers` is false';
  return [
    ['hostNetwork', 'hostNetwork'],
    ['hostPID', 'HostPID'],
    ['hostIPC', 'HostIPC'],
  ].flatMap(([field, shown]) => (spec[field!] === true ? [forbidden(`${path}.${shown}`, why)] : []));
}

function validateOs(spec: Json, path: string): FieldError[] {
  if (!isSet(spec.os)) return [];
  const name = asString(asObject(spec.os).name);
  if (!name) return [required(`${path}.os.name`, 'cannot be empty')];
  if (name === 'windows') return [];
  if (name !== 'linux') return [notSupported(`${path}.os`, name, ['linux', 'windows'])];
  const why = 'windows options cannot be set for a linux pod';
  const has = (holder: Json): boolean => isSet(asObject(holder.securityContext).windowsOptions);
  return [
    ...(has(spec) ? [forbidden(`${path}.securityContext.windowsOptions`, why)] : []),
    ...['initContainers', 'containers'].flatMap((list) =>
      asList(spec[list]).flatMap((container, i) =>
        has(container) ? [forbidden(`${path}.${list}[${i}].securityContext.windowsOptions`, why)] : [],
      ),
    ),
  ];
}
