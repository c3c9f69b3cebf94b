/** Pod specs, in pods and in templates (as ValidatePodSpec and ValidatePodTemplateSpec). */
import { isNumber } from '../../meta/json';
import { isDns1123Label, isDns1123Subdomain, isInRange } from '../../meta/names';
import { asList, asObject, asString, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { isAlike } from './alike';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers';
import { containersOf } from './containers-of';
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from './dns';
import { validateFileVolumes } from './env';
import { duplicate, forbidden, invalid, invalids, oneOf, required } from './errors';
import { resourceClaimStruct } from './go-structs';
import { validateAnnotations, validateLabelKey, validateLabels } from './metadata';
import { validateOs } from './os';
import { validatePodAnnotations } from './pod-annotations';
import { validatePodResources } from './pod-resources';
import { validateHostNetwork } from './ports';
import { validateResources } from './resources';
import { validateAffinity } from './scheduling';
import { validatePodSecurity } from './security';
import { validateTolerations } from './tolerations';
import { validateSpread } from './topology';
import { validateVolumes } from './volumes';
import { validateHostProcess } from './windows-options';

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

/** The spec of the last pod in which nothing was wrong. */
let good: Json | undefined;

/** `podName` for a pod's own spec; undefined in templates. */
export function validatePodSpec(spec: Json, podName: string | undefined, path: string): FieldError[] {
  if (podName === undefined) return validateWhole(spec, podName, path);
  if (good && isAlike(spec, good)) return validateHostname(spec, path);
  const errors = validateWhole(spec, podName, path);
  if (errors.length === 0) good = spec;
  return errors;
}

function validateHostname({ hostname }: Json, path: string): FieldError[] {
  const name = asString(hostname);
  return name ? invalids(`${path}.hostname`, name, isDns1123Label(name)) : [];
}

function validateWhole(spec: Json, podName: string | undefined, path: string): FieldError[] {
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
    gracePeriod: isNumber(grace) ? Number(grace) : undefined,
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
  errors.push(...validatePodResources(spec, pod.claims, path));
  errors.push(...validateHostNetwork(spec, podName !== undefined, path));
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
  errors.push(...validateHostProcess(spec, path));
  errors.push(...validateHostUsers(spec, path));
  errors.push(...validateHostnameOverride(spec, path));
  errors.push(...validateNames(spec, path));
  errors.push(...validateOs(spec, path));
  return [...errors, ...validateFileVolumes(spec, path)];
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
  if (isNumber(deadline)) {
    errors.push(...invalids(`${path}.activeDeadlineSeconds`, deadline, isInRange(deadline, 1, MAX_INT32)));
  }
  errors.push(...validateHostname(spec, path));
  check('subdomain', isDns1123Label);
  errors.push(...validateTolerations(asList(spec.tolerations), `${path}.tolerations`));
  errors.push(...validateHostAliases(asList(spec.hostAliases), `${path}.hostAliases`));
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
    const shown = resourceClaimStruct(claim);
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

/** A user namespace of its own goes with no namespace of the host, and with no block device. */
function validateHostUsers(spec: Json, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  const errors: FieldError[] = [];
  // Two of the paths are written as the Go fields are.
  if (spec.hostNetwork === true) errors.push(forbidden(`${path}.hostNetwork`, why));
  if (spec.hostPID === true) errors.push(forbidden(`${path}.HostPID`, why));
  if (spec.hostIPC === true) errors.push(forbidden(`${path}.HostIPC`, why));
  for (const [container, at] of containersOf(spec, path)) {
    if (asList(container.volumeDevices).length > 0) errors.push(forbidden(`${at}.volumeDevices`, why));
  }
  return errors;
}
