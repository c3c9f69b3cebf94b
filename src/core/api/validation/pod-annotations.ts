/** Annotations that mean something for a pod (as ValidatePodSpecificAnnotations and its check of updates). */
import { goQuote } from '../../meta/gofmt';
import { asList, asObject, asString, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { containersOf } from './containers-of';
import { forbidden, invalid, key } from './errors';
import { validateDescendingPath } from './paths';
import { validateTolerations } from './tolerations';

const MIRROR = 'kubernetes.io/config.mirror';
const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const MAX_INT32 = 2 ** 31 - 1;

export function validatePodAnnotations(annotations: unknown, spec: Json, path: string): FieldError[] {
  if (!isSet(annotations)) return [];
  const all = asObject(annotations);
  const errors: FieldError[] = [];
  if (isSet(all[MIRROR]) && !asString(spec.nodeName)) {
    errors.push(invalid(key(path, MIRROR), all[MIRROR], 'must set spec.nodeName if mirror pod annotation is set'));
  }
  const tolerations = asString(all[TOLERATIONS]);
  if (tolerations) errors.push(...validateTolerationsText(tolerations, path));
  const cost = all[DELETION_COST];
  if (typeof cost === 'string' && !isDeletionCost(cost)) {
    errors.push(invalid(key(path, DELETION_COST), cost, 'must be a 32bit integer'));
  }
  if (SECCOMP_POD in all) errors.push(...validateSeccompName(asString(all[SECCOMP_POD]), `${path}.${SECCOMP_POD}`));
  for (const [name, value] of entriesOf(all)) {
    if (name.startsWith(SECCOMP_CONTAINER)) errors.push(...validateSeccompName(value, `${path}.${name}`));
  }
  for (const [name, value] of entriesOf(all)) {
    if (name.startsWith(APPARMOR)) errors.push(...validateAppArmor(name, value, spec, path));
  }
  return errors;
}

const isDeletionCost = (text: string): boolean =>
  /^(0|-\d{1,10}|[1-9]\d{0,9})$/.test(text) && Number(text) <= MAX_INT32 && Number(text) >= -MAX_INT32 - 1;

function validateTolerationsText(text: string, path: string): FieldError[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) || list === null) return validateTolerations(asList(list), `${path}.${TOLERATIONS}`);
    return [invalid(path, TOLERATIONS, 'json: cannot unmarshal the value into Go value of type []core.Toleration')];
  } catch (error) {
    return [invalid(path, TOLERATIONS, error instanceof Error ? error.message : String(error))];
  }
}

function validateSeccompName(profile: string, path: string): FieldError[] {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return [];
  const local = 'localhost/';
  if (profile.startsWith(local)) return validateDescendingPath(profile.slice(local.length), path);
  return [invalid(path, profile, 'must be a valid seccomp profile')];
}

function validateAppArmor(annotation: string, profile: string, spec: Json, path: string): FieldError[] {
  const at = key(path, annotation);
  const name = annotation.slice(APPARMOR.length);
  const known = containersOf(spec, '').some(([container]) => container.name === name);
  const errors = known ? [] : [invalid(at, name, 'container not found')];
  const fine =
    profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/');
  if (!fine) errors.push(invalid(at, profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
  return errors;
}

/** As ValidatePodSpecificAnnotationUpdates, without the rules that hold for new pods as well. */
export function validateAnnotationUpdates(next: unknown, old: unknown, path: string): FieldError[] {
  if (next === old) return [];
  const [before, after] = [asObject(old), asObject(next)];
  const errors: FieldError[] = [];
  for (const [name, value] of entriesOf(before)) {
    if (after[name] === value) continue;
    if (name.startsWith(APPARMOR)) {
      errors.push(forbidden(key(path, name), 'may not remove or update AppArmor annotations'));
    }
    if (name === MIRROR) errors.push(forbidden(key(path, name), 'may not remove or update mirror pod annotation'));
  }
  for (const [name] of entriesOf(after)) {
    if (isSet(before[name])) continue;
    if (name.startsWith(APPARMOR)) errors.push(forbidden(key(path, name), 'may not add AppArmor annotations'));
    if (name === MIRROR) errors.push(forbidden(key(path, name), 'may not add mirror pod annotation'));
  }
  return errors;
}

/** Where annotation and field name a profile, they name the same one. Only new pods are asked. */
export function validateProfilesMatch(annotations: unknown, spec: Json, path: string): FieldError[] {
  const all = asObject(annotations);
  if (!Object.keys(all).some((name) => name.includes('seccomp') || name.startsWith(APPARMOR))) return [];
  const errors: FieldError[] = [];
  const context = asObject(spec.securityContext);
  const compare = (kind: 'seccomp' | 'apparmor', profile: unknown, annotation: unknown, at: string): void => {
    if (isSet(profile) && typeof annotation === 'string') {
      errors.push(...mismatch(kind, asObject(profile), annotation, at));
    }
  };
  compare('seccomp', context.seccompProfile, all[SECCOMP_POD], `${path}.securityContext.seccompProfile`);
  const containers = containersOf(spec, path);
  for (const [container, at] of containers) {
    const { seccompProfile } = asObject(container.securityContext);
    const annotation = all[SECCOMP_CONTAINER + asString(container.name)];
    compare('seccomp', seccompProfile, annotation, `${at}.securityContext.seccompProfile`);
  }
  if (asObject(spec.os).name === 'windows') return errors;
  for (const [container, at] of containers) {
    const profile = asObject(container.securityContext).appArmorProfile ?? context.appArmorProfile;
    compare('apparmor', profile, all[APPARMOR + asString(container.name)], `${at}.securityContext.appArmorProfile`);
  }
  return errors;
}

function mismatch(kind: 'seccomp' | 'apparmor', profile: Json, annotation: string, path: string): FieldError[] {
  const wrongType = [forbidden(`${path}.type`, `${kind} type in annotation and field must match`)];
  switch (profile.type) {
    case 'Unconfined':
      return annotation === 'unconfined' ? [] : wrongType;
    case 'RuntimeDefault':
      return annotation === 'runtime/default' || (kind === 'seccomp' && annotation === 'docker/default')
        ? []
        : wrongType;
    case 'Localhost':
      if (!annotation.startsWith('localhost/')) return wrongType;
      return annotation.slice('localhost/'.length) === profile.localhostProfile
        ? []
        : [forbidden(`${path}.localhostProfile`, `${kind} profile in annotation and field must match`)];
    default:
      return [];
  }
}
