/** PersistentVolumes and StorageClasses (as ValidatePersistentVolume and ValidateStorageClass, with their updates). */
import { deepEqual, semanticEqual } from '../../meta/equal';
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { utf8Length } from '../../meta/text';
import { asList, asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateAccessModes, validatePositive, validateVolumeMode } from './claims';
import { duplicate, forbidden, IMMUTABLE, invalid, invalids, key, notSupported, required, tooLong } from './errors';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from './metadata';
import { validateNoBacksteps } from './paths';
import { validateNodeSelector } from './scheduling';
import { validateDriverName, validateSimpleSource } from './volume-sources';

const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

/** Sources in the order in which upstream looks at them, with the path segment of errors about the content. */
const SOURCES: readonly (readonly [source: string, segment?: string])[] = [
  ['hostPath'],
  ['gcePersistentDisk', 'persistentDisk'],
  ['awsElasticBlockStore'],
  ['glusterfs'],
  ['flocker'],
  ['nfs'],
  ['rbd'],
  ['quobyte'],
  ['cephfs'],
  ['iscsi'],
  ['cinder'],
  ['fc'],
  ['flexVolume'],
  ['azureFile'],
  ['vsphereVolume'],
  ['photonPersistentDisk'],
  ['portworxVolume'],
  ['azureDisk'],
  ['scaleIO'],
  ['local'],
  ['storageos'],
  ['csi'],
];

export function validateVolume(volume: Json): FieldError[] {
  const spec = asObject(volume.spec);
  const errors = validateObjectMeta(asObject(volume.metadata), false, subdomainName);
  const modes = asStrings(spec.accessModes);
  if (modes.length === 0) errors.push(required('spec.accessModes'));
  errors.push(...validateAccessModes(modes, 'spec.accessModes'));
  errors.push(...validateCapacity(spec.capacity));
  const policy = asString(spec.persistentVolumeReclaimPolicy);
  if (policy && !RECLAIM_POLICIES.includes(policy)) {
    errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES));
  }
  if (isSet(spec.nodeAffinity)) {
    const { required: terms } = asObject(spec.nodeAffinity);
    const path = 'spec.nodeAffinity.required';
    if (isSet(terms)) errors.push(...validateNodeSelector(asObject(terms), path));
    else errors.push(required(path, 'must specify required node constraints'));
  }
  errors.push(...validateSources(spec));
  const host = asString(asObject(spec.hostPath).path);
  if (host && /^\/+$/.test(host) && policy === 'Recycle') {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', why));
  }
  const className = asString(spec.storageClassName);
  if (className) errors.push(...invalids('spec.storageClassName', className, isDns1123Subdomain(className)));
  errors.push(...validateVolumeMode(spec.volumeMode, 'spec.volumeMode'));
  if (!isSet(spec.volumeAttributesClassName)) return errors;
  const attributes = asString(spec.volumeAttributesClassName);
  const at = 'spec.volumeAttributesClassName';
  if (!attributes) errors.push(required(at, 'an empty string is disallowed'));
  else errors.push(...invalids(at, attributes, isDns1123Subdomain(attributes)));
  if (!isSet(spec.csi)) errors.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
  return errors;
}

function validateCapacity(capacity: unknown): FieldError[] {
  const entries = entriesOf(capacity);
  const errors: FieldError[] = entries.length === 0 ? [required('spec.capacity')] : [];
  if (entries.length !== 1 || entries[0]![0] !== 'storage') {
    errors.push(notSupported('spec.capacity', isSet(capacity) ? capacity : null, ['storage']));
  }
  for (const [name, quantity] of entries) {
    const path = key('spec.capacity', name);
    const value = Quantity.parse(quantity);
    if (value.sign() < 0) errors.push(invalid(path, Number(value.value()), 'must be a valid resource quantity'));
    errors.push(...validatePositive(quantity, path));
  }
  return errors;
}

function validateSources(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  let found = 0;
  for (const [source, segment] of SOURCES) {
    if (!isSet(spec[source])) continue;
    found++;
    const path = `spec.${segment ?? source}`;
    if (found > 1) {
      const shown = source === 'cephfs' ? 'cephFS' : source;
      errors.push(forbidden(`spec.${shown}`, 'may not specify more than 1 volume type'));
    } else errors.push(...validateSource(source, asObject(spec[source]), spec, path));
  }
  if (found === 0) errors.push(required('spec', 'must specify a volume type'));
  return errors;
}

const SECRET_REFS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

function validateSource(source: string, content: Json, spec: Json, path: string): FieldError[] {
  if (source === 'local') {
    const errors = asString(content.path)
      ? validateNoBacksteps(asString(content.path), `${path}.path`)
      : [required(`${path}.path`)];
    if (!isSet(spec.nodeAffinity)) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
    return errors;
  }
  if (source !== 'csi') return validateSimpleSource(source, content, path);
  const errors = validateDriverName(asString(content.driver), `${path}.driver`);
  if (!asString(content.volumeHandle)) errors.push(required(`${path}.volumeHandle`));
  for (const ref of SECRET_REFS) {
    if (isSet(content[ref])) errors.push(...validateSecretRef(asObject(content[ref]), `${path}.${ref}`));
  }
  return errors;
}

function validateSecretRef(ref: Json, path: string): FieldError[] {
  const name = asString(ref.name);
  const namespace = asString(ref.namespace);
  return [
    ...(name ? invalids(`${path}.name`, name, isDns1123Subdomain(name)) : [required(`${path}.name`)]),
    ...(namespace
      ? invalids(`${path}.namespace`, namespace, isDns1123Label(namespace))
      : [required(`${path}.namespace`)]),
  ];
}

export function validateVolumeUpdate(volume: Json, old: Json): FieldError[] {
  const spec = asObject(volume.spec);
  const before = asObject(old.spec);
  const errors = validateVolume(volume);
  const sources = (s: Json): Json => Object.fromEntries(SOURCES.map(([source]) => [source, s[source]]));
  let next = sources(spec);
  const secret = 'controllerExpandSecretRef';
  if (isSet(asObject(next.csi)[secret]) && isSet(before.csi) && !isSet(asObject(before.csi)[secret])) {
    next = { ...next, csi: { ...asObject(next.csi), [secret]: undefined } };
  }
  if (!semanticEqual(next, sources(before))) {
    errors.push(forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'));
  }
  if (spec.volumeMode !== before.volumeMode) errors.push(invalid('volumeMode', spec.volumeMode, IMMUTABLE));
  if (isSet(before.nodeAffinity) && !semanticEqual(spec.nodeAffinity, before.nodeAffinity)) {
    const why = `${IMMUTABLE}, except for updating from beta label to GA`;
    errors.push(invalid('nodeAffinity', spec.nodeAffinity, why));
  }
  if (isSet(before.volumeAttributesClassName) && !isSet(spec.volumeAttributesClassName)) {
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  }
  return errors;
}

const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];

export function validateStorageClass(storageClass: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(storageClass.metadata), false, subdomainName);
  const provisioner = asString(storageClass.provisioner);
  if (!provisioner) errors.push(required('provisioner'));
  else errors.push(...invalids('provisioner', provisioner, isQualifiedName(provisioner.toLowerCase())));
  errors.push(...validateParameters(entriesOf(storageClass.parameters)));
  const policy = asString(storageClass.reclaimPolicy);
  if (policy && policy !== 'Delete' && policy !== 'Retain') {
    errors.push(notSupported('reclaimPolicy', policy, ['Delete', 'Retain']));
  }
  const mode = asString(storageClass.volumeBindingMode);
  if (!mode) errors.push(required('volumeBindingMode'));
  else if (!BINDING_MODES.includes(mode)) errors.push(notSupported('volumeBindingMode', mode, BINDING_MODES));
  return [...errors, ...validateTopologies(asList(storageClass.allowedTopologies))];
}

const MOST_PARAMETERS = 512;
const MOST_PARAMETER_BYTES = 256 * 1024;

function validateParameters(parameters: readonly [string, string][]): FieldError[] {
  if (parameters.length > MOST_PARAMETERS) return [tooLong('parameters', MOST_PARAMETERS)];
  const errors = parameters
    .filter(([name]) => !name)
    .map(([name]) => invalid('parameters', name, 'field can not be empty.'));
  const bytes = parameters.reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
  return bytes > MOST_PARAMETER_BYTES ? [...errors, tooLong('parameters', MOST_PARAMETER_BYTES)] : errors;
}

/** As validateAllowedTopologies, which names the terms' expressions without the terms' index. */
function validateTopologies(terms: readonly Json[]): FieldError[] {
  const errors: FieldError[] = [];
  const seen: Json[] = [];
  for (const [i, term] of terms.entries()) {
    const values: Record<string, readonly string[]> = {};
    for (const [j, expression] of asList(term.matchLabelExpressions).entries()) {
      const path = `allowedTopologies.matchLabelExpressions[${j}]`;
      const name = asString(expression.key);
      const listed = asStrings(expression.values);
      if (Object.hasOwn(values, name)) errors.push(duplicate(`${path}.key`, name));
      values[name] = [...new Set(listed)].sort();
      if (listed.length === 0) errors.push(required(`${path}.values`));
      for (const [k, value] of listed.entries()) {
        if (listed.indexOf(value) < k) errors.push(duplicate(`${path}.values[${k}]`, value));
      }
      errors.push(...invalids(`${path}.key`, name, isQualifiedName(name)));
    }
    if (seen.some((other) => deepEqual(other, values))) {
      errors.push(duplicate(`allowedTopologies[${i}].matchLabelExpressions`, ''));
    }
    seen.push(values);
  }
  return errors;
}

export function validateStorageClassUpdate(storageClass: Json, old: Json): FieldError[] {
  const errors = validateObjectMetaUpdate(asObject(storageClass.metadata), asObject(old.metadata));
  if (!deepEqual(storageClass.parameters ?? null, old.parameters ?? null)) {
    errors.push(forbidden('parameters', 'updates to parameters are forbidden.'));
  }
  if (storageClass.provisioner !== old.provisioner) {
    errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'));
  }
  for (const field of ['reclaimPolicy', 'volumeBindingMode']) {
    if (storageClass[field] !== old[field]) errors.push(invalid(field, storageClass[field], IMMUTABLE));
  }
  return errors;
}
