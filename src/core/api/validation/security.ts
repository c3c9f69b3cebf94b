/** Security contexts of pods and containers (as validatePodSpecSecurityContext and ValidateSecurityContext). */
import { isDns1123Subdomain, isInRange } from '../../meta/names';
import { asList, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { duplicate, invalid, invalids, notSupported, required, tooLong } from './errors';
import { validateDescendingPath } from './paths';

const MAX_ID = 2 ** 31 - 1;
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
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
  errors.push(...oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], `${path}.fsGroupChangePolicy`));
  errors.push(...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`));
  errors.push(...validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`));
  errors.push(...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`));
  errors.push(...oneOf(context.supplementalGroupsPolicy, ['Merge', 'Strict'], `${path}.supplementalGroupsPolicy`));
  return [
    ...errors,
    ...oneOf(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], `${path}.seLinuxChangePolicy`),
  ];
}

export function validateContainerSecurity(context: unknown, hostUsers: boolean, path: string): FieldError[] {
  if (!isSet(context)) return [];
  const c = asObject(context);
  const errors = ['runAsUser', 'runAsGroup'].flatMap((field) => validateId(c[field], `${path}.${field}`));
  errors.push(...oneOf(c.procMount, ['Default', 'Unmasked'], `${path}.procMount`));
  if (hostUsers && c.procMount === 'Unmasked') {
    errors.push(invalid(`${path}.procMount`, c.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...validateSeccomp(c.seccompProfile, `${path}.seccompProfile`));
  if (c.allowPrivilegeEscalation === false) {
    if (c.privileged === true) {
      errors.push(invalid(path, c, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    }
    if (asStrings(asObject(c.capabilities).add).includes('CAP_SYS_ADMIN')) {
      const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
      errors.push(invalid(path, c, why));
    }
  }
  errors.push(...validateWindowsOptions(c.windowsOptions, `${path}.windowsOptions`));
  return [...errors, ...validateAppArmor(c.appArmorProfile, `${path}.appArmorProfile`)];
}

const validateId = (id: unknown, path: string): FieldError[] =>
  typeof id === 'number' ? invalids(path, id, isInRange(id, 0, MAX_ID)) : [];

const oneOf = (value: unknown, supported: readonly string[], path: string): FieldError[] =>
  typeof value === 'string' && !supported.includes(value) ? [notSupported(path, value, supported)] : [];

function validateSysctls(sysctls: readonly Json[], spec: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, sysctl] of sysctls.entries()) {
    const at = `${path}[${i}].name`;
    const name = asString(sysctl.name);
    if (!name) errors.push(required(at));
    else if (name.length > 253 || !SYSCTL.test(name)) {
      errors.push(
        invalid(
          at,
          name,
          `must have at most 253 characters and match regex ${SYSCTL.source.replace('[./]', '[\\./]')}`,
        ),
      );
    } else if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork === true && dotted.startsWith('net.')) {
      errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    }
    if (spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted)) {
      errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    }
  }
  return errors;
}

function validateSeccomp(profile: unknown, path: string): FieldError[] {
  if (!isSet(profile)) return [];
  const { type, localhostProfile } = asObject(profile);
  const errors: FieldError[] = [];
  if (!asString(type)) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else errors.push(...oneOf(type, PROFILES, `${path}.type`));
  const at = `${path}.localhostProfile`;
  if (type !== 'Localhost') {
    if (isSet(localhostProfile)) errors.push(invalid(at, profile, 'can only be set when seccomp type is Localhost'));
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
    const errors = oneOf(type, PROFILES, `${path}.type`);
    const extra = isSet(localhostProfile) && errors.length === 0;
    return extra ? [invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')] : errors;
  }
  const name = asString(localhostProfile);
  if (name.trim() !== name) return [invalid(at, name, 'must not be padded with whitespace')];
  if (!name) return [required(at, 'must be set when AppArmor type is Localhost')];
  return name.length > 4095 ? [tooLong(at, 4095)] : [];
}

function validateWindowsOptions(options: unknown, path: string): FieldError[] {
  if (!isSet(options)) return [];
  const { gmsaCredentialSpecName: spec, gmsaCredentialSpec: content, runAsUserName: user } = asObject(options);
  const errors: FieldError[] = [];
  if (typeof spec === 'string')
    errors.push(...invalids(`${path}.gmsaCredentialSpecName`, spec, isDns1123Subdomain(spec)));
  if (content === '') {
    errors.push(invalid(`${path}.gmsaCredentialSpec`, '', 'gmsaCredentialSpec cannot be an empty string'));
  }
  if (user === '') errors.push(invalid(`${path}.runAsUserName`, '', 'runAsUserName cannot be an empty string'));
  return errors;
}
