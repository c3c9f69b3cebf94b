/** The volumes of a pod: a unique name, exactly one source, and each source's own rules (as ValidateVolumes). */
import { isDns1123Label, isDns1123Subdomain } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateClaimSpec } from './claims';
import { validateDownwardFile } from './downward';
import { duplicate, forbidden, invalid, invalids, notSupported, required } from './errors';
import { validateAnnotations, validateLabels } from './metadata';
import { validateMode, validateNonReservedPath } from './paths';
import { validateSimpleSource } from './volume-sources';

export interface KnownVolumes {
  /** The sources of the volumes without fault, by name. */
  readonly volumes: ReadonlyMap<string, Json>;
  readonly errors: FieldError[];
}

/** Sources in the order in which upstream looks at them, with the path segment of the errors about each one's content. */
const SOURCES: readonly (readonly [source: string, segment?: string])[] = [
  ['emptyDir'],
  ['hostPath'],
  ['gitRepo'],
  ['gcePersistentDisk', 'persistentDisk'],
  ['awsElasticBlockStore'],
  ['secret'],
  ['nfs'],
  ['iscsi'],
  ['glusterfs'],
  ['flocker'],
  ['persistentVolumeClaim'],
  ['rbd'],
  ['cinder'],
  ['cephfs'],
  ['quobyte'],
  ['downwardAPI'],
  ['fc'],
  ['flexVolume'],
  ['configMap'],
  ['azureFile'],
  ['vsphereVolume'],
  ['photonPersistentDisk'],
  ['portworxVolume'],
  ['azureDisk'],
  ['storageos'],
  ['projected'],
  ['scaleIO'],
  ['csi'],
  ['ephemeral'],
  ['image'],
];

/** `podName` where the volumes belong to a pod and not to a template. */
export function validateVolumes(volumes: readonly Json[], podName: string | undefined, path: string): KnownVolumes {
  const known = new Map<string, Json>();
  const errors: FieldError[] = [];
  const created = podName ? volumes.filter((v) => isSet(v.ephemeral)).map((v) => `${podName}-${asString(v.name)}`) : [];
  for (const [i, volume] of volumes.entries()) {
    const at = `${path}[${i}]`;
    const name = asString(volume.name);
    const own = validateSource(volume, at, podName);
    if (!name) own.push(required(`${at}.name`));
    else own.push(...invalids(`${at}.name`, name, isDns1123Label(name)));
    if (known.has(name)) own.push(duplicate(`${at}.name`, name));
    if (own.length === 0) known.set(name, volume);
    errors.push(...own);
    const claim = asString(asObject(volume.persistentVolumeClaim).claimName);
    if (claim && created.includes(claim)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.push(invalid(`${at}.persistentVolumeClaim.claimName`, claim, why));
    }
  }
  return { volumes: known, errors };
}

function validateSource(volume: Json, path: string, podName: string | undefined): FieldError[] {
  const errors: FieldError[] = [];
  let found = 0;
  for (const [source, segment] of SOURCES) {
    if (!isSet(volume[source])) continue;
    found++;
    const shown = source === 'cephfs' ? 'cephFS' : source === 'downwardAPI' ? 'downwarAPI' : source;
    if (found > 1) errors.push(forbidden(`${path}.${shown}`, 'may not specify more than 1 volume type'));
    else errors.push(...validateContent(source, volume, `${path}.${segment ?? source}`, path, podName));
  }
  if (found === 0) errors.push(required(path, 'must specify a volume type'));
  return errors;
}

function validateContent(
  source: string,
  volume: Json,
  path: string,
  volumePath: string,
  podName: string | undefined,
): FieldError[] {
  const content = asObject(volume[source]);
  switch (source) {
    case 'emptyDir': {
      const limit = content.sizeLimit;
      const negative = typeof limit === 'string' && Quantity.parse(limit).sign() < 0;
      return negative ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : [];
    }
    case 'secret':
      return [
        ...(asString(content.secretName) ? [] : [required(`${path}.secretName`)]),
        ...validateMode(content.defaultMode, `${path}.defaultMode`),
        ...validateItems(content.items, `${path}.items`),
      ];
    case 'configMap':
      return [
        ...(asString(content.name) ? [] : [required(`${path}.name`)]),
        ...validateMode(content.defaultMode, `${path}.defaultMode`),
        ...validateItems(content.items, `${path}.items`),
      ];
    case 'downwardAPI':
      return [
        ...validateMode(content.defaultMode, `${path}.defaultMode`),
        ...asList(content.items).flatMap((file) => validateDownwardFile(file, path)),
      ];
    case 'projected':
      return [...validateMode(content.defaultMode, `${path}.defaultMode`), ...validateProjections(content, path)];
    case 'ephemeral':
      return validateEphemeral(content, path, volumePath, asString(volume.name), podName);
    case 'image': {
      const policies = ['Always', 'IfNotPresent', 'Never'];
      const errors = asString(content.reference) ? [] : [required(`${path}.reference`)];
      const policy = asString(content.pullPolicy);
      if (!policy) return [...errors, required(`${path}.pullPolicy`)];
      return policies.includes(policy) ? errors : [...errors, notSupported(`${path}.pullPolicy`, policy, policies)];
    }
    default:
      return validateSimpleSource(source, content, path);
  }
}

const validateItems = (items: unknown, path: string): FieldError[] =>
  asList(items).flatMap((item, i) => validateKeyToPath(item, `${path}[${i}]`));

function validateKeyToPath(item: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!asString(item.key)) errors.push(required(`${path}.key`));
  if (!asString(item.path)) errors.push(required(`${path}.path`));
  errors.push(...validateNonReservedPath(asString(item.path), `${path}.path`));
  return [...errors, ...validateMode(item.mode, `${path}.mode`)];
}

function validateProjections(projected: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const paths = new Set<string>();
  const claim = (target: string, shown: string): void => {
    if (!target) return;
    if (paths.has(target)) errors.push(invalid(path, shown, 'conflicting duplicate paths'));
    paths.add(target);
  };
  for (const [i, source] of asList(projected.sources).entries()) {
    const at = `${path}.sources[${i}]`;
    const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle', 'podCertificate'];
    for (const kind of ['secret', 'configMap']) {
      if (!isSet(source[kind])) continue;
      const content = asObject(source[kind]);
      if (!asString(content.name)) errors.push(required(`${at}.${kind}.name`));
      for (const [j, item] of asList(content.items).entries()) {
        errors.push(...validateKeyToPath(item, `${at}.${kind}.items[${j}]`));
        claim(asString(item.path), asString(content.name));
      }
    }
    for (const file of asList(asObject(source.downwardAPI).items)) {
      errors.push(...validateDownwardFile(file, `${at}.downwardAPI`));
      claim(asString(file.path), asString(file.path));
    }
    if (isSet(source.serviceAccountToken)) {
      const token = asObject(source.serviceAccountToken);
      const seconds = Number(token.expirationSeconds ?? 0);
      const field = `${at}.serviceAccountToken.expirationSeconds`;
      if (seconds < 600) errors.push(invalid(field, seconds, 'may not specify a duration less than 10 minutes'));
      if (seconds > 2 ** 32)
        errors.push(invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds'));
      if (!asString(token.path)) errors.push(required(`${path}.path`));
      else errors.push(...validateNonReservedPath(asString(token.path), `${path}.path`));
    }
    if (kinds.filter((kind) => isSet(source[kind])).length > 1) {
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
    }
  }
  return errors;
}

function validateEphemeral(
  content: Json,
  path: string,
  volumePath: string,
  volumeName: string,
  podName: string | undefined,
): FieldError[] {
  if (!isSet(content.volumeClaimTemplate)) return [required(`${path}.volumeClaimTemplate`)];
  const template = asObject(content.volumeClaimTemplate);
  const metadata = asObject(template.metadata);
  const at = `${path}.volumeClaimTemplate`;
  const errors = [
    ...validateAnnotations(metadata.annotations, `${at}.metadata.annotations`),
    ...validateLabels(metadata.labels, `${at}.metadata.labels`),
    ...Object.keys(metadata)
      .filter((field) => field !== 'annotations' && field !== 'labels')
      .map((field) => forbidden(`${at}.metadata.${field}`, 'cannot be set')),
    ...validateClaimSpec(asObject(template.spec), `${at}.spec`),
  ];
  if (!podName || !volumeName) return errors;
  const claim = `${podName}-${volumeName}`;
  const messages = isDns1123Subdomain(claim).map((message) => `PVC name ${JSON.stringify(claim)}: ${message}`);
  return [...errors, ...invalids(`${volumePath}.name`, volumeName, messages)];
}
