/** What a pod may not say once it names its operating system (as validateOS, validateLinux and validateWindows). */
import { asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { containersOf } from './containers-of';
import { forbidden, notSupported, required } from './errors';

const LINUX = 'windows options cannot be set for a linux pod';
const WINDOWS = 'cannot be set for a windows pod';

export function validateOs(spec: Json, path: string): FieldError[] {
  if (!isSet(spec.os)) return [];
  const name = asString(asObject(spec.os).name);
  switch (name) {
    case '':
      return [required(`${path}.os.name`)];
    case 'linux':
      return forbidAll(spec, path, ['securityContext.windowsOptions'], ['windowsOptions'], LINUX);
    case 'windows':
      return forbidAll(spec, path, POD_FIELDS, CONTAINER_FIELDS, WINDOWS);
    default:
      return [notSupported(`${path}.os`, name, ['linux', 'windows'])];
  }
}

/** Fields of the pod's security context, or of the pod itself, in upstream's order. */
const POD_FIELDS = [
  'securityContext.appArmorProfile',
  'securityContext.seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'securityContext.seccompProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.sysctls',
  'shareProcessNamespace',
  'securityContext.runAsUser',
  'securityContext.runAsGroup',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
  'securityContext.seLinuxChangePolicy',
];
const CONTAINER_FIELDS = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];
/** Plain values in Go: only `true` counts as set. */
const PLAIN = new Set(['hostPID', 'hostIPC']);

function forbidAll(
  spec: Json,
  path: string,
  podFields: readonly string[],
  contextFields: readonly string[],
  why: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const context = asObject(spec.securityContext);
  for (const field of podFields) {
    const name = field.slice(field.indexOf('.') + 1);
    const value = name === field ? spec[field] : context[name];
    if (PLAIN.has(field) ? value === true : isSet(value)) errors.push(forbidden(`${path}.${field}`, why));
  }
  for (const [container, at] of containersOf(spec, path)) {
    const own = asObject(container.securityContext);
    for (const field of contextFields) {
      if (isSet(own[field])) errors.push(forbidden(`${at}.securityContext.${field}`, why));
    }
  }
  return errors;
}
