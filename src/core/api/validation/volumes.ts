/** The volumes of a pod: a unique name, exactly one source, and each source's own rules (as ValidateVolumes). */
import { isDns1123Label } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateDownwardFile } from './downward';
import { validateEphemeral } from './ephemeral-volumes';
import { duplicate, forbidden, invalid, invalids, oneOf, required } from './errors';
import { validateIscsiName } from './iscsi';
import { validateMode } from './paths';
import { validateItems, validateProjections } from './projected';
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
    if (source === 'iscsi') errors.push(...validateIscsiName(asObject(volume.iscsi), asString(volume.name), path));
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
    case 'image':
      return [
        ...(asString(content.reference) ? [] : [required(`${path}.reference`)]),
        ...oneOf(content.pullPolicy, ['Always', 'IfNotPresent', 'Never'], `${path}.pullPolicy`),
      ];
    default:
      return validateSimpleSource(source, content, path);
  }
}
