/** Containers of every sort (as validateContainers, validateInitContainers and validateContainerCommon). */
import { isDns1123Label } from '../../meta/names';
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateEnv, validateEnvFrom } from './env';
import { duplicate, forbidden, invalid, invalids, notFound, oneOf, required } from './errors';
import { validateDevices, validateMounts } from './mounts';
import { validateHostPorts, validatePorts } from './ports';
import { type ProbeKind, validateLifecycle, validateProbe } from './probes';
import { validateResources } from './resources';
import { validateRestartPolicy } from './restart-rules';
import { validateContainerSecurity } from './security';

/** What the containers of one pod share. */
export interface PodContext {
  readonly volumes: ReadonlyMap<string, Json>;
  readonly claims: readonly string[];
  readonly gracePeriod: number | undefined;
  readonly restartPolicy: string;
  readonly hostUsers: boolean;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
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
    errors.push(...validateRestartPolicy(container, at));
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
    errors.push(...validateRestartPolicy(container, at));
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
    for (const [j, { restartPolicy }] of asList(container.resizePolicy).entries()) {
      const why = "must not be set to 'RestartContainer' for non-sidecar initContainers";
      const field = `${at}.resizePolicy[${j}].restartPolicy`;
      if (restartPolicy === 'RestartContainer') errors.push(invalid(field, restartPolicy, why));
    }
  }
  return errors;
}

/** In the order in which the Go struct declares them. */
const EPHEMERAL_FORBIDS = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];

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
    for (const field of EPHEMERAL_FORBIDS) {
      if (!isSet(container[field]) || isEmpty(container[field])) continue;
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

const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

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
  const policies = ['File', 'FallbackToLogsOnError'];
  errors.push(...oneOf(container.terminationMessagePolicy, policies, `${path}.terminationMessagePolicy`));
  errors.push(...validatePorts(asList(container.ports), `${path}.ports`));
  errors.push(...validateEnv(asList(container.env), `${path}.env`));
  errors.push(...validateEnvFrom(asList(container.envFrom), `${path}.envFrom`));
  errors.push(...validateMounts(container, pod.volumes, `${path}.volumeMounts`));
  errors.push(...validateDevices(container, pod.volumes, `${path}.volumeDevices`));
  errors.push(...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`));
  errors.push(...validateResources(asObject(container.resources), pod.claims, `${path}.resources`));
  errors.push(...validateResizePolicy(asList(container.resizePolicy), pod.restartPolicy, `${path}.resizePolicy`));
  return [...errors, ...validateContainerSecurity(container.securityContext, pod.hostUsers, `${path}.securityContext`)];
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

function validateResizePolicy(policies: readonly Json[], restartPolicy: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, policy] of policies.entries()) {
    const name = asString(policy.resourceName);
    if (seen.has(name)) errors.push(duplicate(`${path}[${i}]`, name));
    seen.add(name);
    errors.push(...oneOf(name, ['cpu', 'memory'], path));
    errors.push(...oneOf(policy.restartPolicy, ['NotRequired', 'RestartContainer'], path));
    if (restartPolicy === 'Never' && policy.restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, policy.restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    }
  }
  return errors;
}
