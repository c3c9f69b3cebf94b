/** Containers of every sort (as validateContainers, validateInitContainers and validateContainerCommon). */
import { isDns1123Label, isValidPortName, isValidPortNumber } from '../../meta/names';
import { asList, asNumber, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateEnv, validateEnvFrom } from './env';
import { duplicate, forbidden, invalid, invalids, notFound, notSupported, required } from './errors';
import { validateDevices, validateMounts } from './mounts';
import { type ProbeKind, validateLifecycle, validateProbe } from './probes';
import { validateResources } from './resources';
import { validateContainerSecurity } from './security';

/** What the containers of one pod share. */
export interface PodContext {
  readonly volumes: ReadonlyMap<string, Json>;
  readonly claims: readonly string[];
  readonly gracePeriod: number | undefined;
  readonly restartPolicy: string;
  readonly hostUsers: boolean;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const PROBES: readonly ProbeKind[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];

export function validateContainers(containers: readonly Json[], pod: PodContext, path: string): FieldError[] {
  if (containers.length === 0) return [required(path)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, container] of containers.entries()) {
    const at = `${path}[${i}]`;
    errors.push(...validateCommon(container, pod, at));
    const name = asString(container.name);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    errors.push(...validateHooks(container, pod, at));
    errors.push(...validateRestartPolicy(container.restartPolicy, `${at}.restartPolicy`));
  }
  return [...errors, ...validateHostPorts(containers, path)];
}

export function validateInitContainers(
  containers: readonly Json[],
  regular: readonly Json[],
  pod: PodContext,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set(regular.map((container) => asString(container.name)));
  for (const [i, container] of containers.entries()) {
    const at = `${path}[${i}]`;
    errors.push(...validateCommon(container, pod, at));
    errors.push(...validateRestartPolicy(container.restartPolicy, `${at}.restartPolicy`));
    const name = asString(container.name);
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name) names.add(name);
    errors.push(...validateHostPorts([container], path));
    if (container.restartPolicy === 'Always') {
      errors.push(...validateHooks(container, pod, at));
      continue;
    }
    for (const field of ['lifecycle', ...PROBES]) {
      const why = 'may not be set for init containers without restartPolicy=Always';
      if (isSet(container[field])) errors.push(forbidden(`${at}.${field}`, why));
    }
  }
  return errors;
}

const EPHEMERAL_FORBIDS = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resizePolicy'];

export function validateEphemeralContainers(
  containers: readonly Json[],
  others: readonly Json[],
  pod: PodContext,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const targets = new Set(others.map((container) => asString(container.name)));
  const names = new Set(targets);
  for (const [i, container] of containers.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(container.name);
    errors.push(...validateCommon(container, pod, at), ...validateTrimmedImage(container, at));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    const target = asString(container.targetContainerName);
    if (target && !targets.has(target)) errors.push(notFound(`${at}.targetContainerName`, target));
    const resources = Object.keys(asObject(container.resources)).length > 0 ? ['resources'] : [];
    for (const field of [...EPHEMERAL_FORBIDS.filter((f) => isSet(container[f])), ...resources]) {
      errors.push(forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container'));
    }
    for (const [j, mount] of asList(container.volumeMounts).entries()) {
      for (const field of ['subPath', 'subPathExpr']) {
        const why = 'cannot be set for an Ephemeral Container';
        if (asString(mount[field])) errors.push(forbidden(`${at}.volumeMounts[${j}].${field}`, why));
      }
    }
  }
  return errors;
}

/** Only pods insist on this, templates don't. */
export function validateTrimmedImage(container: Json, path: string): FieldError[] {
  const image = asString(container.image);
  return image.trim() === image
    ? []
    : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

function validateCommon(container: Json, pod: PodContext, path: string): FieldError[] {
  const name = asString(container.name);
  const errors = name ? invalids(`${path}.name`, name, isDns1123Label(name)) : [required(`${path}.name`)];
  if (!asString(container.image)) errors.push(required(`${path}.image`));
  errors.push(
    ...mustBeOneOf(
      container.terminationMessagePolicy,
      ['File', 'FallbackToLogsOnError'],
      `${path}.terminationMessagePolicy`,
    ),
  );
  errors.push(...validatePorts(asList(container.ports), `${path}.ports`));
  errors.push(...validateEnv(asList(container.env), `${path}.env`));
  errors.push(...validateEnvFrom(asList(container.envFrom), `${path}.envFrom`));
  errors.push(...validateMounts(container, pod.volumes, `${path}.volumeMounts`));
  errors.push(...validateDevices(container, pod.volumes, `${path}.volumeDevices`));
  errors.push(...mustBeOneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`));
  errors.push(...validateResources(asObject(container.resources), pod.claims, `${path}.resources`));
  errors.push(...validateResizePolicy(asList(container.resizePolicy), pod.restartPolicy, `${path}.resizePolicy`));
  return [...errors, ...validateContainerSecurity(container.securityContext, pod.hostUsers, `${path}.securityContext`)];
}

function mustBeOneOf(value: unknown, supported: readonly string[], path: string): FieldError[] {
  if (!asString(value)) return [required(path)];
  return supported.includes(asString(value)) ? [] : [notSupported(path, value, supported)];
}

function validateHooks(container: Json, pod: PodContext, path: string): FieldError[] {
  const hooks = isSet(container.lifecycle)
    ? validateLifecycle(asObject(container.lifecycle), pod.gracePeriod, `${path}.lifecycle`)
    : [];
  return [
    ...hooks,
    ...PROBES.flatMap((kind) => validateProbe(container[kind], kind, pod.gracePeriod, `${path}.${kind}`)),
  ];
}

const validateRestartPolicy = (policy: unknown, path: string): FieldError[] =>
  typeof policy === 'string' && !RESTART_POLICIES.includes(policy)
    ? [notSupported(path, policy, RESTART_POLICIES)]
    : [];

function validatePorts(ports: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(port.name);
    if (name) {
      const messages = isValidPortName(name);
      errors.push(...invalids(`${at}.name`, name, messages));
      if (messages.length === 0 && names.has(name)) errors.push(duplicate(`${at}.name`, name));
      if (messages.length === 0) names.add(name);
    }
    const number = asNumber(port.containerPort);
    if (number === 0) errors.push(required(`${at}.containerPort`));
    else errors.push(...invalids(`${at}.containerPort`, number, isValidPortNumber(number)));
    const host = asNumber(port.hostPort);
    if (host !== 0) errors.push(...invalids(`${at}.hostPort`, host, isValidPortNumber(host)));
    errors.push(...mustBeOneOf(port.protocol, PROTOCOLS, `${at}.protocol`));
  }
  return errors;
}

function validateHostPorts(containers: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const taken = new Set<string>();
  for (const [i, container] of containers.entries()) {
    for (const [j, port] of asList(container.ports).entries()) {
      if (!port.hostPort) continue;
      const text = `${asString(port.protocol)}/${asString(port.hostIP)}/${port.hostPort}`;
      if (taken.has(text)) errors.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, text));
      taken.add(text);
    }
  }
  return errors;
}

function validateResizePolicy(policies: readonly Json[], restartPolicy: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, policy] of policies.entries()) {
    const name = asString(policy.resourceName);
    if (seen.has(name)) errors.push(duplicate(`${path}[${i}]`, name));
    seen.add(name);
    errors.push(...mustBeOneOf(name, ['cpu', 'memory'], path));
    errors.push(...mustBeOneOf(policy.restartPolicy, ['NotRequired', 'RestartContainer'], path));
    if (restartPolicy === 'Never' && policy.restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, policy.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  }
  return errors;
}
