/** Metadata of every object: names, labels, annotations, owners, finalizers (as apimachinery's ValidateObjectMeta). */
import { deepEqual } from '../../meta/equal';
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '../../meta/names';
import { asList, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import { splitApiVersion } from '../resources';
import type { FieldError } from '../status';
import { forbidden, IMMUTABLE, invalid, invalids, nonNegative, required, tooLong } from './errors';

/** Messages about a name; `prefix` is true for a generateName, whose last dash is no fault. */
export type NameRule = (name: string, prefix: boolean) => string[];

const maskTrailingDash = (name: string, prefix: boolean): string =>
  prefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -1)}a` : name;

export const subdomainName: NameRule = (name, prefix) => isDns1123Subdomain(maskTrailingDash(name, prefix));
export const labelName: NameRule = (name, prefix) => isDns1123Label(maskTrailingDash(name, prefix));
/** As path.ValidatePathSegmentName: what can stand in a URL. */
export const pathSegmentName: NameRule = (name, prefix) => {
  if (!prefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%'].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`);
};

const MAX_ANNOTATION_BYTES = 256 * 1024;
const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];

export function validateObjectMeta(metadata: Json, namespaced: boolean, rule: NameRule): FieldError[] {
  const errors: FieldError[] = [];
  const generateName = asString(metadata.generateName);
  const name = asString(metadata.name);
  const namespace = asString(metadata.namespace);
  if (generateName) errors.push(...invalids('metadata.generateName', generateName, rule(generateName, true)));
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'));
  else errors.push(...invalids('metadata.name', name, rule(name, false)));
  if (namespaced && !namespace) errors.push(required('metadata.namespace'));
  else if (namespaced) errors.push(...invalids('metadata.namespace', namespace, isDns1123Label(namespace)));
  else if (namespace) errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  errors.push(...nonNegative('metadata.generation', metadata.generation));
  errors.push(...mutableMeta(metadata));
  return errors;
}

/** As ValidateObjectMetaUpdate. What the new object leaves out is kept by the server and is no change. */
export function validateObjectMetaUpdate(metadata: Json, old: Json): FieldError[] {
  const errors: FieldError[] = [];
  if (isSet(old.deletionTimestamp)) {
    const before = asStrings(old.finalizers);
    const added = [...new Set(asStrings(metadata.finalizers))].filter((f) => !before.includes(f)).sort();
    if (added.length > 0) {
      const list = `[]string{${added.map((f) => JSON.stringify(f)).join(', ')}}`;
      errors.push(
        forbidden(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  if (typeof metadata.generation === 'number' && metadata.generation < Number(old.generation ?? 0)) {
    errors.push(invalid('metadata.generation', metadata.generation, 'must not be decremented'));
  }
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp']) {
    if (isSet(metadata[field]) && metadata[field] !== old[field]) {
      errors.push(invalid(`metadata.${field}`, metadata[field], IMMUTABLE));
    }
  }
  if (unchanged(metadata, old)) return errors;
  errors.push(...mutableMeta(metadata));
  return errors;
}

function unchanged(metadata: Json, old: Json): boolean {
  return ['labels', 'annotations', 'ownerReferences', 'finalizers'].every(
    (field) => metadata[field] === old[field] || deepEqual(metadata[field] ?? null, old[field] ?? null),
  );
}

function mutableMeta(metadata: Json): FieldError[] {
  return [
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateOwnerReferences(metadata.ownerReferences),
    ...validateFinalizers(asStrings(metadata.finalizers)),
  ];
}

export function validateLabels(labels: unknown, path: string): FieldError[] {
  return entriesOf(labels).flatMap(([name, value]) => [
    ...validateLabelKey(name, path),
    ...invalids(path, value, isLabelValue(value)),
  ]);
}

export const validateLabelKey = (name: string, path: string): FieldError[] =>
  invalids(path, name, isQualifiedName(name));

export function validateAnnotations(annotations: unknown, path: string): FieldError[] {
  const entries = entriesOf(annotations);
  const errors = entries.flatMap(([name]) => invalids(path, name, isQualifiedName(name.toLowerCase())));
  let bytes = 0;
  for (const [name, value] of entries) bytes += name.length + value.length;
  // Only texts that may be too long are measured byte by byte.
  if (bytes * 3 > MAX_ANNOTATION_BYTES) {
    const encoder = new TextEncoder();
    bytes = entries.reduce((sum, entry) => sum + encoder.encode(entry.join('')).length, 0);
    if (bytes > MAX_ANNOTATION_BYTES) errors.push(tooLong(path, MAX_ANNOTATION_BYTES));
  }
  return errors;
}

function validateOwnerReferences(references: unknown): FieldError[] {
  const path = 'metadata.ownerReferences';
  const errors: FieldError[] = [];
  let controller = '';
  for (const reference of asList(references)) {
    const apiVersion = asString(reference.apiVersion);
    const kind = asString(reference.kind);
    const [group, version] = splitApiVersion(apiVersion);
    if (!version) errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
    if (!kind) errors.push(invalid(`${path}.kind`, kind, 'must not be empty'));
    for (const field of ['name', 'uid']) {
      if (!asString(reference[field])) errors.push(invalid(`${path}.${field}`, '', 'must not be empty'));
    }
    if (group === '' && version === 'v1' && kind === 'Event') {
      errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
    }
    if (reference.controller !== true) continue;
    const current = `${kind}/${asString(reference.name)}`;
    if (controller) {
      const found = `Found "true" in references for ${controller} and ${current}`;
      errors.push(invalid(path, references, `Only one reference can have Controller set to true. ${found}`));
    } else controller = current;
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[]): FieldError[] {
  const path = 'metadata.finalizers';
  const errors = finalizers.flatMap((finalizer) => invalids(path, finalizer, isQualifiedName(finalizer)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return [...errors, ...finalizers.flatMap((finalizer, i) => validateFinalizerKind(finalizer, `${path}[${i}]`))];
}

export const validateFinalizerKind = (finalizer: string, path: string): FieldError[] =>
  finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer) ? [] : [invalid(path, finalizer, UNQUALIFIED)];

const UNQUALIFIED = 'name is neither a standard finalizer name nor is it fully qualified';

/** The rules for custom resources, whose finalizers may have any name. */
export const withAnyFinalizer = (errors: readonly FieldError[]): FieldError[] =>
  errors.filter((error) => error.detail !== UNQUALIFIED);

/** As metav1/validation.ValidateLabelSelector. */
export function validateLabelSelector(selector: unknown, path: string): FieldError[] {
  if (!isSet(selector)) return [];
  const { matchLabels, matchExpressions } = asObject(selector);
  return [
    ...validateLabels(matchLabels, `${path}.matchLabels`),
    ...asList(matchExpressions).flatMap((requirement, i) =>
      validateSelectorRequirement(requirement, `${path}.matchExpressions[${i}]`),
    ),
  ];
}

function validateSelectorRequirement(requirement: Json, path: string): FieldError[] {
  const values = asStrings(requirement.values);
  const errors = validateOperator(requirement, path);
  errors.push(...validateLabelKey(asString(requirement.key), `${path}.key`));
  for (const [i, value] of values.entries())
    errors.push(...invalids(`${path}.values[${i}]`, value, isLabelValue(value)));
  return errors;
}

/** How many values the operator of a label requirement takes; an unknown operator is refused. */
export function validateOperator(requirement: Json, path: string): FieldError[] {
  const values = asStrings(requirement.values);
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [invalid(`${path}.operator`, asString(requirement.operator), 'not a valid selector operator')];
  }
}
