/** Claims for storage: what may be asked for, and what may change (as ValidatePersistentVolumeClaim and its Update). */
import { semanticEqual } from '../../meta/equal';
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, IMMUTABLE, invalid, invalids, key, notSupported, required } from './errors';
import { subdomainName, validateLabelSelector, validateObjectMeta, validateObjectMetaUpdate } from './metadata';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const validateClaim = (claim: Json): FieldError[] => [
  ...validateObjectMeta(asObject(claim.metadata), true, subdomainName),
  ...validateClaimSpec(asObject(claim.spec), 'spec'),
];

export function validateClaimSpec(spec: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const modes = asStrings(spec.accessModes);
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  errors.push(...validateLabelSelector(spec.selector, `${path}.selector`));
  errors.push(...validateAccessModes(modes, `${path}.accessModes`));
  const storage = asObject(asObject(spec.resources).requests).storage;
  const at = key(`${path}.resources`, 'storage');
  if (!isSet(storage)) errors.push(required(at));
  else errors.push(...validatePositive(String(storage), at));
  const className = asString(spec.storageClassName);
  if (className) errors.push(...invalids(`${path}.storageClassName`, className, isDns1123Subdomain(className)));
  errors.push(...validateVolumeMode(spec.volumeMode, `${path}.volumeMode`));
  for (const field of ['dataSource', 'dataSourceRef']) {
    if (isSet(spec[field])) errors.push(...validateDataSource(asObject(spec[field]), `${path}.${field}`));
  }
  if (isSet(spec.dataSource) && isSet(spec.dataSourceRef)) {
    const source = asObject(spec.dataSource);
    const reference = asObject(spec.dataSourceRef);
    const differs = ['apiGroup', 'kind', 'name'].some((field) => source[field] !== reference[field]);
    const why = asString(reference.namespace)
      ? 'may not be specified when dataSourceRef.namespace is specified'
      : differs
        ? 'must match dataSourceRef'
        : undefined;
    // Upstream shows the path of the field, a struct without public fields, in the place of its value.
    if (why) errors.push(invalid(path, {}, why));
  }
  const attributes = asString(spec.volumeAttributesClassName);
  return [
    ...errors,
    ...(attributes ? invalids(`${path}.volumeAttributesClassName`, attributes, isDns1123Subdomain(attributes)) : []),
  ];
}

export function validateAccessModes(modes: readonly string[], path: string): FieldError[] {
  const errors = modes
    .filter((mode) => !ACCESS_MODES.includes(mode))
    .map((mode) => notSupported(path, mode, ACCESS_MODES));
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode));
  if (modes.includes('ReadWriteOncePod') && others) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
  return errors;
}

export const validateVolumeMode = (mode: unknown, path: string): FieldError[] =>
  typeof mode === 'string' && !VOLUME_MODES.includes(mode) ? [notSupported(path, mode, VOLUME_MODES)] : [];

export const validatePositive = (quantity: string, path: string): FieldError[] =>
  Quantity.parse(quantity).sign() <= 0 ? [invalid(path, quantity, 'must be greater than zero')] : [];

function validateDataSource(source: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const kind = asString(source.kind);
  const group = asString(source.apiGroup);
  if (!asString(source.name)) errors.push(required(`${path}.name`));
  if (!kind) errors.push(required(`${path}.kind`));
  if (!group && kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (group) errors.push(...invalids(`${path}.apiGroup`, group, isDns1123Subdomain(group)));
  const namespace = asString(source.namespace);
  return namespace ? [...errors, ...invalids(`${path}.namespace`, namespace, isDns1123Label(namespace))] : errors;
}

/** Only the volume name, once, and for bound claims the size and the attributes class may change. */
export function validateClaimUpdate(claim: Json, old: Json): FieldError[] {
  const errors = [
    ...validateObjectMetaUpdate(asObject(claim.metadata), asObject(old.metadata)),
    ...validateClaim(claim),
  ];
  const spec = asObject(claim.spec);
  const oldSpec = asObject(old.spec);
  const annotation = (object: Json): unknown => asObject(asObject(object.metadata).annotations)[BETA_CLASS];
  if (annotation(claim) !== annotation(old)) {
    errors.push(invalid(`metadata.annotations.${BETA_CLASS}`, asString(annotation(claim)), IMMUTABLE));
  }
  const bound = asObject(claim.status).phase === 'Bound';
  const requests = asObject(asObject(spec.resources).requests);
  const oldRequests = asObject(asObject(oldSpec.resources).requests);
  let compared: Json = spec;
  if (!asString(oldSpec.volumeName)) compared = { ...compared, volumeName: undefined };
  if (!isSet(oldSpec.storageClassName)) compared = { ...compared, storageClassName: undefined };
  if (bound && isSet(requests.storage)) {
    const resources = { ...asObject(spec.resources), requests: { ...requests, storage: oldRequests.storage } };
    compared = { ...compared, resources, volumeAttributesClassName: oldSpec.volumeAttributesClassName };
  }
  if (!semanticEqual(compared, oldSpec)) {
    const but = 'except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', `spec is immutable after creation ${but}`));
  }
  errors.push(
    ...validateShrink(requests.storage, oldRequests.storage, asObject(asObject(old.status).capacity).storage),
  );
  if (spec.volumeMode !== oldSpec.volumeMode) errors.push(invalid('volumeMode', spec.volumeMode, IMMUTABLE));
  if (isSet(oldSpec.volumeAttributesClassName) && !isSet(spec.volumeAttributesClassName)) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  } else if (asString(oldSpec.volumeAttributesClassName) && spec.volumeAttributesClassName === '') {
    const why = 'update from non-nil value to an empty string is forbidden';
    errors.push(forbidden('spec.volumeAttributesClassName', why));
  }
  return errors;
}

function validateShrink(next: unknown, before: unknown, capacity: unknown): FieldError[] {
  if (typeof before !== 'string') return [];
  // A request that was taken out asks for nothing, which is less than anything.
  const size = Quantity.parse(typeof next === 'string' ? next : '0');
  if (size.compare(Quantity.parse(before)) >= 0) return [];
  const have = Quantity.parse(typeof capacity === 'string' ? capacity : '0');
  if (size.compare(have) > 0) return [];
  return [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

export function validateClaimStatus(claim: Json): FieldError[] {
  const status = asObject(claim.status);
  const errors: FieldError[] = [];
  for (const [name, quantity] of Object.entries(asObject(status.capacity))) {
    const value = Quantity.parse(String(quantity));
    const path = key('status.capacity', name);
    if (isQualifiedName(name).length === 0 && value.sign() < 0) {
      errors.push(invalid(path, Number(value.value()), 'must be a valid resource quantity'));
    }
  }
  return errors;
}
