/** Pods: what may be created, and the little that may change (as ValidatePodCreate and ValidatePodUpdate). */

import { deepEqual, semanticEqual } from '../../meta/equal';
import { isNumber } from '../../meta/json';
import { isInRange } from '../../meta/names';
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateTrimmedImage } from './containers';
import { forbidden, invalid, invalids, required } from './errors';
import { validateGatedChanges, withOldPlacement } from './gated-pods';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { validateAnnotationUpdates, validatePodAnnotations, validateProfilesMatch } from './pod-annotations';
import { validatePodSpec } from './pod-spec';
import { validateTolerations } from './tolerations';

const ANNOTATIONS = 'metadata.annotations';

export function validatePod(pod: Json): FieldError[] {
  const spec = asObject(pod.spec);
  const errors = validateMetadataAndSpec(pod);
  if (asList(spec.ephemeralContainers).length > 0) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (asString(spec.nodeName) && asList(spec.schedulingGates).length > 0) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return [...errors, ...validateProfilesMatch(asObject(pod.metadata).annotations, spec, 'spec')];
}

export function validateMetadataAndSpec(pod: Json): FieldError[] {
  const metadata = asObject(pod.metadata);
  const spec = asObject(pod.spec);
  const errors = [
    ...validateObjectMeta(metadata, true, subdomainName),
    ...validatePodAnnotations(metadata.annotations, spec, ANNOTATIONS),
    ...validatePodSpec(spec, asString(metadata.name), 'spec'),
  ];
  if (!asString(spec.serviceAccountName)) {
    for (const [i, volume] of asList(spec.volumes).entries()) {
      for (const [j, source] of asList(asObject(volume.projected).sources).entries()) {
        const at = `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`;
        const why = 'must not be specified when serviceAccountName is not set';
        if (isSet(source.serviceAccountToken)) errors.push(forbidden(at, why));
      }
    }
  }
  for (const list of ['containers', 'initContainers']) {
    for (const [i, container] of asList(spec[list]).entries()) {
      errors.push(...validateTrimmedImage(container, `spec.${list}[${i}]`));
    }
  }
  return errors;
}

/** Ephemeral containers come and stay as they are (as ValidatePodEphemeralContainersUpdate). */
export function validateEphemeralUpdate(pod: Json, old: Json): FieldError[] {
  const path = 'spec.ephemeralContainers';
  const errors = [
    ...validateObjectMetaUpdate(asObject(pod.metadata), asObject(old.metadata)),
    ...validateMetadataAndSpec(pod),
  ];
  const now = asList(asObject(pod.spec).ephemeralContainers);
  for (const before of asList(asObject(old.spec).ephemeralContainers)) {
    const name = asString(before.name);
    // Of several of one name the last counts.
    const after = now.findLast((container) => container.name === name);
    const what = `existing ephemeral containers ${JSON.stringify(name)} may not be`;
    if (!after) errors.push(forbidden(path, `${what} removed\n`));
    else if (!semanticEqual(after, before)) errors.push(forbidden(path, `${what} changed\n`));
  }
  return errors;
}

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

export function validatePodUpdate(pod: Json, old: Json): FieldError[] {
  const spec = asObject(pod.spec);
  const oldSpec = asObject(old.spec);
  const [metadata, oldMetadata] = [asObject(pod.metadata), asObject(old.metadata)];
  const errors = validateObjectMetaUpdate(metadata, oldMetadata);
  const annotations = validateAnnotationUpdates(metadata.annotations, oldMetadata.annotations, ANNOTATIONS);
  // A spec that nobody touched was valid before.
  if (spec === oldSpec || deepEqual(spec, oldSpec)) {
    if (metadata.annotations === oldMetadata.annotations) return errors;
    return [...errors, ...annotations, ...validatePodAnnotations(metadata.annotations, spec, ANNOTATIONS)];
  }
  errors.push(...validateMetadataAndSpec(pod), ...annotations);
  for (const list of ['containers', 'initContainers']) {
    const containers = asList(spec[list]);
    if (containers.length !== asList(oldSpec[list]).length) {
      return [...errors, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
    for (const [i, container] of containers.entries()) {
      if (!asString(container.image)) errors.push(required(`spec.${list}[${i}].image`));
      errors.push(...validateTrimmedImage(container, `spec.${list}[${i}]`));
    }
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds);
  errors.push(...deadline);
  if (deadline.length > 0 && isSet(spec.activeDeadlineSeconds)) return errors;
  errors.push(...validateAddedTolerations(asList(spec.tolerations), asList(oldSpec.tolerations)));
  errors.push(...validateRemovedGates(asList(spec.schedulingGates), asList(oldSpec.schedulingGates)));
  let munged = withOldUpdatable(spec, oldSpec);
  if (asList(oldSpec.schedulingGates).length > 0) {
    errors.push(...validateGatedChanges(spec, oldSpec));
    munged = withOldPlacement(munged, oldSpec);
  }
  if (!semanticEqual(munged, oldSpec)) {
    errors.push(forbidden('spec', `pod updates may not change fields other than ${UPDATABLE.join(',')}`));
  }
  return errors;
}

function validateDeadline(next: unknown, before: unknown): FieldError[] {
  const path = 'spec.activeDeadlineSeconds';
  if (!isNumber(next)) {
    return isSet(before) ? [invalid(path, null, 'must not update from a positive integer to nil value')] : [];
  }
  const range = isInRange(next, 0, 2 ** 31 - 1);
  if (range.length > 0) return invalids(path, next, range);
  const later = isNumber(before) && before < next;
  return later ? [invalid(path, next, 'must be less than or equal to previous value')] : [];
}

/** A toleration that was there must stay; only its seconds may change. */
function validateAddedTolerations(next: readonly Json[], before: readonly Json[]): FieldError[] {
  const path = 'spec.tolerations';
  const without = ({ tolerationSeconds: _, ...rest }: Json): Json => rest;
  const kept = before.every((old) => next.some((toleration) => deepEqual(without(toleration), without(old))));
  if (!kept) return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
  return validateTolerations(next, path);
}

function validateRemovedGates(next: readonly Json[], before: readonly Json[]): FieldError[] {
  return next.flatMap((gate, i) => {
    if (before.some((old) => old.name === gate.name)) return [];
    const why = `only deletion is allowed, but found new scheduling gate '${asString(gate.name)}'`;
    return [forbidden(`spec.schedulingGates[${i}].name`, why)];
  });
}

/** The new spec with the old values of what may change. */
function withOldUpdatable(spec: Json, old: Json): Json {
  const images = (list: string): readonly Json[] | undefined => {
    if (!isSet(spec[list])) return undefined;
    const before = asList(old[list]);
    return asList(spec[list]).map((container, i) => ({ ...container, image: before[i]?.image }));
  };
  const grace = Number(old.terminationGracePeriodSeconds);
  return {
    ...spec,
    containers: images('containers'),
    initContainers: images('initContainers'),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
    terminationGracePeriodSeconds:
      grace < 0 && spec.terminationGracePeriodSeconds === 1
        ? old.terminationGracePeriodSeconds
        : spec.terminationGracePeriodSeconds,
  };
}
