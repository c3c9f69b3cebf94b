/** CustomResourceDefinitions: names, versions and schemas (as ValidateCustomResourceDefinition and its Update). */
import { deepEqual } from '../../meta/equal';
import { isDns1035Label, isDns1123Subdomain } from '../../meta/names';
import { asList, asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, IMMUTABLE, invalid, key, notSupported, required } from '../validation/errors';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from '../validation/metadata';
import { validateStructural } from './structural';

const SCOPES = ['Cluster', 'Namespaced'];

export function validateDefinition(definition: Json): FieldError[] {
  const spec = asObject(definition.spec);
  const wanted = `${asString(asObject(spec.names).plural)}.${asString(spec.group)}`;
  const name = (text: string, prefix: boolean): string[] => [
    ...subdomainName(text, prefix),
    ...(text === wanted ? [] : ['must be spec.names.plural+"."+spec.group']),
  ];
  return [
    ...validateObjectMeta(asObject(definition.metadata), false, name),
    ...validateSpec(spec),
    ...validateApproval(definition),
  ];
}

export function validateDefinitionUpdate(definition: Json, old: Json): FieldError[] {
  const spec = asObject(definition.spec);
  const before = asObject(old.spec);
  const errors = [
    ...validateObjectMetaUpdate(asObject(definition.metadata), asObject(old.metadata)),
    ...validateSpec(spec),
  ];
  const fixed = (path: string, next: unknown, was: unknown): void => {
    if (next !== was) errors.push(invalid(path, asString(next), IMMUTABLE));
  };
  const established = asList(asObject(old.status).conditions).some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  );
  if (established) {
    fixed('spec.scope', spec.scope, before.scope);
    fixed('spec.names.kind', asObject(spec.names).kind, asObject(before.names).kind);
  }
  fixed('spec.group', spec.group, before.group);
  fixed('spec.names.plural', asObject(spec.names).plural, asObject(before.names).plural);
  const versions = asList(spec.versions).map((version) => version.name);
  for (const [i, stored] of asStrings(asObject(definition.status).storedVersions).entries()) {
    if (versions.includes(stored)) continue;
    errors.push(invalid(`status.storedVersions[${i}]`, stored, 'must appear in spec.versions'));
  }
  return [...errors, ...validateApproval(definition)];
}

const APPROVAL = 'api-approved.kubernetes.io';

/** Groups of Kubernetes' own need a word of approval; and what is unknown can't be kept as a whole. */
function validateApproval(definition: Json): FieldError[] {
  const spec = asObject(definition.spec);
  const errors: FieldError[] = [];
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(asString(spec.group));
  if (isProtected && !asString(asObject(asObject(definition.metadata).annotations)[APPROVAL])) {
    const why = `protected groups must have approval annotation "${APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111`;
    errors.push(required(key('metadata.annotations', APPROVAL), why));
  }
  if (spec.preserveUnknownFields === true) {
    const why =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push(invalid('spec.preserveUnknownFields', true, why));
  }
  return errors;
}

function validateSpec(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const group = asString(spec.group);
  const wrong = isDns1123Subdomain(group);
  if (!group) errors.push(required('spec.group'));
  else if (wrong.length > 0) errors.push(invalid('spec.group', group, wrong.join(',')));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  const scope = asString(spec.scope);
  if (!scope) errors.push(required('spec.scope'));
  else if (!SCOPES.includes(scope)) errors.push(notSupported('spec.scope', scope, SCOPES));
  const versions = asList(spec.versions);
  for (const [i, version] of versions.entries()) {
    if (isSet(asObject(version.schema).openAPIV3Schema)) continue;
    errors.push(required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required'));
  }
  errors.push(...validateVersions(versions));
  const names = asObject(spec.names);
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    if (!asString(names[field])) errors.push(required(`spec.names.${field}`));
  }
  errors.push(...validateNames(names, 'spec.names'), ...validateShared(versions));
  const conversion = asObject(spec.conversion);
  const strategies = ['None', 'Webhook'];
  if (isSet(spec.conversion) && !strategies.includes(asString(conversion.strategy))) {
    errors.push(notSupported('spec.conversion.strategy', asString(conversion.strategy), strategies));
  }
  return errors;
}

/** What all versions say alike is kept once, and named by the place where it is kept. */
const isShared = (versions: readonly Json[], field: string): boolean =>
  versions.length > 0 &&
  versions.every((version) => isSet(version[field]) && deepEqual(version[field], versions[0]![field]));

function validateVersions(versions: readonly Json[]): FieldError[] {
  const errors: FieldError[] = [];
  const own = (field: string): boolean => !isShared(versions, field);
  for (const [i, version] of versions.entries()) {
    const path = `spec.versions[${i}]`;
    const name = asString(version.name);
    const wrong = isDns1035Label(name);
    if (wrong.length > 0) errors.push(invalid(`${path}.name`, name, wrong.join(',')));
    if (own('schema')) errors.push(...validateSchema(version, `${path}.schema`));
    if (own('subresources')) errors.push(...validateSubresources(version, `${path}.subresources`));
    if (own('additionalPrinterColumns')) errors.push(...validateColumns(version, path));
  }
  if (new Set(versions.map((version) => version.name)).size < versions.length) {
    errors.push(invalid('spec.versions', versions, 'must contain unique version names'));
  }
  if (versions.filter((version) => version.storage === true).length !== 1) {
    errors.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  }
  return errors;
}

function validateShared(versions: readonly Json[]): FieldError[] {
  const [first = {}] = versions;
  return [
    ...(isShared(versions, 'schema') ? validateSchema(first, 'spec.validation') : []),
    ...(isShared(versions, 'subresources') ? validateSubresources(first, 'spec.subresources') : []),
    ...(isShared(versions, 'additionalPrinterColumns') ? validateColumns(first, 'spec') : []),
  ];
}

function validateSchema(version: Json, path: string): FieldError[] {
  const { openAPIV3Schema: schema } = asObject(version.schema);
  if (!isSet(schema)) return [];
  const at = `${path}.openAPIV3Schema`;
  const isNull = asObject(schema).nullable === true;
  return [
    ...(isNull ? [forbidden(`${at}.nullable`, 'nullable cannot be true at the root')] : []),
    ...validateStructural(asObject(schema), at),
  ];
}

function validateSubresources(version: Json, path: string): FieldError[] {
  const { scale: given } = asObject(version.subresources);
  if (!isSet(given)) return [];
  const scale = asObject(given);
  const errors = [
    ...validatePath(scale.specReplicasPath, `${path}.scale.specReplicasPath`, '.spec', true),
    ...validatePath(scale.statusReplicasPath, `${path}.scale.statusReplicasPath`, '.status', true),
  ];
  if (!asString(scale.labelSelectorPath)) return errors;
  return [...errors, ...validatePath(scale.labelSelectorPath, `${path}.scale.labelSelectorPath`, '.status', false)];
}

function validatePath(value: unknown, path: string, root: string, needed: boolean): FieldError[] {
  const text = asString(value);
  if (!text) return needed ? [required(path)] : [];
  if (!text.startsWith('.')) return [invalid(path, text, 'must be a simple json path starting with .')];
  const below = needed ? root : '.status or .spec';
  const fits = text.startsWith(`${root}.`) || (!needed && text.startsWith('.spec.'));
  return fits ? [] : [invalid(path, text, `should be a json path under ${below}`)];
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

function validateColumns(version: Json, path: string): FieldError[] {
  return asList(version.additionalPrinterColumns).flatMap((column, i) => {
    const at = `${path}.additionalPrinterColumns[${i}]`;
    const errors: FieldError[] = [];
    const type = asString(column.type);
    const jsonPath = asString(column.jsonPath);
    if (!asString(column.name)) errors.push(required(`${at}.name`));
    if (!type) errors.push(required(`${at}.type`, `must be one of ${COLUMN_TYPES.join(',')}`));
    else if (!COLUMN_TYPES.includes(type)) {
      errors.push(invalid(`${at}.type`, type, `must be one of ${COLUMN_TYPES.join(',')}`));
    }
    if (!jsonPath) errors.push(required(`${at}.JSONPath`));
    else if (!jsonPath.startsWith('.')) {
      errors.push(invalid(`${at}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
    }
    return errors;
  });
}

function validateNames(names: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const label = (value: unknown, at: string, mixed = false): void => {
    const text = asString(value);
    const wrong = text ? isDns1035Label(mixed ? text.toLowerCase() : text) : [];
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : '';
    if (wrong.length > 0) errors.push(invalid(`${path}.${at}`, text, prefix + wrong.join(',')));
  };
  label(names.plural, 'plural');
  label(names.singular, 'singular');
  label(names.kind, 'kind', true);
  label(names.listKind, 'listKind', true);
  for (const [i, name] of asStrings(names.shortNames).entries()) label(name, `shortNames[${i}]`);
  if (asString(names.kind) && names.kind === names.listKind) {
    errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  }
  for (const [i, name] of asStrings(names.categories).entries()) label(name, `categories[${i}]`);
  return errors;
}
