/** Security contexts of pods and containers (as validatePodSpecSecurityContext and ValidateSecurityContext). */
import { isNumber } from '../../meta/json';
import { isInRange } from '../../meta/names';
import { utf8Length } from '../../meta/text';
import { asList, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, invalid, invalids, optionalOneOf, required, tooLong } from './errors';
import { profileStruct, securityContextStruct } from './go-structs';
import { validateDescendingPath } from './paths';
import { validateWindowsOptions } from './windows-options';

const MAX_ID = 2 ** 31 - 1;
const MAX_PROFILE_PATH = 4095;
const MAX_SYSCTL = 253;
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
/** As Go prints it. */
const SYSCTL_TEXT = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const PROFILES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export function validatePodSecurity(context: Json, spec: Json, path: string): FieldError[] {
  const errors = ['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((field) =>
    validateId(context[field], `${path}.${field}`),
  );
  const groups = Array.isArray(context.supplementalGroups) ? context.supplementalGroups : [];
  for (const [i, group] of groups.entries()) errors.push(...validateId(group, `${path}.supplementalGroups[${i}]`));
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalid(`${path}.shareProcessNamespace`, true, why));
  }
  errors.push(...validateSysctls(asList(context.sysctls), spec, `${path}.sysctls`));
  errors.push(
    ...optionalOneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`),
  );
  errors.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`));
  errors.push(...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`));
  errors.push(...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`));
  errors.push(
    ...optionalOneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`),
  );
  return [
    ...errors,
    ...optionalOneOf(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`),
  ];
}

export function validateContainerSecurity(context: unknown, hostUsers: boolean, path: string): FieldError[] {
  if (!isSet(context)) return [];
  const c = asObject(context);
  const errors = ['runAsUser', 'runAsGroup'].flatMap((field) => validateId(c[field], `${path}.${field}`));
  errors.push(...optionalOneOf(c.procMount, ['Default', 'Unmasked'], `${path}.procMount`));
  if (hostUsers && c.procMount === 'Unmasked') {
    errors.push(invalid(`${path}.procMount`, c.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...validateSeccomp(c.seccompProfile, `${path}.seccompProfile`));
  if (c.allowPrivilegeEscalation === false) {
    if (c.privileged === true) {
      const why = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
      errors.push(invalid(path, securityContextStruct(c), why));
    }
    if (asStrings(asObject(c.capabilities).add).includes('CAP_SYS_ADMIN')) {
      const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
      errors.push(invalid(path, securityContextStruct(c), why));
    }
  }
  errors.push(...validateWindowsOptions(c.windowsOptions, `${path}.windowsOptions`));
  return [...errors, ...validateAppArmor(c.appArmorProfile, `${path}.appArmorProfile`)];
}

const validateId = (id: unknown, path: string): FieldError[] =>
  isNumber(id) ? invalids(path, id, isInRange(id, 0, MAX_ID)) : [];

function validateSysctls(sysctls: readonly Json[], spec: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, sysctl] of sysctls.entries()) {
    const at = `${path}[${i}].name`;
    const name = asString(sysctl.name);
    if (!name) errors.push(required(at));
    else if (utf8Length(name) > MAX_SYSCTL || !SYSCTL.test(name)) {
      const why = `must have at most ${MAX_SYSCTL} characters and match regex ${SYSCTL_TEXT}`;
      errors.push(invalid(at, name, why));
    } else if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork === true && namespace === 'net') {
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    }
    if (spec.hostIPC === true && namespace === 'ipc') {
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    }
  }
  return errors;
}

/** The kernel namespace of a setting, which may be written with slashes (as sysctl.GetNamespace). */
function sysctlNamespace(name: string): 'net' | 'ipc' | undefined {
  const slashed = name.search(/[./]/) === name.indexOf('/') && name.includes('/');
  const dotted = slashed ? name.replaceAll('/', '.') : name;
  if (dotted.startsWith('net.')) return 'net';
  return dotted === 'kernel.sem' || /^(kernel\.(shm|msg)|fs\.mqueue\.)/.test(dotted) ? 'ipc' : undefined;
}

function validateSeccomp(profile: unknown, path: string): FieldError[] {
  if (!isSet(profile)) return [];
  const { type, localhostProfile } = asObject(profile);
  const errors: FieldError[] = [];
  if (!asString(type)) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else errors.push(...optionalOneOf(type, PROFILES, `${path}.type`));
  const at = `${path}.localhostProfile`;
  if (type !== 'Localhost') {
    const why = 'can only be set when seccomp type is Localhost';
    if (isSet(localhostProfile)) errors.push(invalid(at, profileStruct(asObject(profile)), why));
  } else if (!isSet(localhostProfile)) errors.push(required(at, 'must be set when seccomp type is Localhost'));
  else errors.push(...validateDescendingPath(asString(localhostProfile), at));
  return errors;
}

function validateAppArmor(profile: unknown, path: string): FieldError[] {
  if (!isSet(profile)) return [];
  const { type, localhostProfile } = asObject(profile);
  const at = `${path}.localhostProfile`;
  if (!asString(type)) return [required(`${path}.type`, 'type is required when appArmorProfile is set')];
  if (type !== 'Localhost') {
    const errors = optionalOneOf(type, PROFILES, `${path}.type`);
    const extra = isSet(localhostProfile) && errors.length === 0;
    return extra ? [invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')] : errors;
  }
  const name = asString(localhostProfile);
  const errors: FieldError[] = [];
  if (name.trim() !== name) errors.push(invalid(at, name, 'must not be padded with whitespace'));
  else if (!name) errors.push(required(at, 'must be set when AppArmor type is Localhost'));
  return utf8Length(name) > MAX_PROFILE_PATH ? [...errors, tooLong(at, MAX_PROFILE_PATH)] : errors;
}
