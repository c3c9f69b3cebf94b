/** The rules of the volume sources that pods and PersistentVolumes have in common. */
import { isDns1123Label, isDns1123Subdomain } from '../../meta/names';
import { asObject, asString, asStrings, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, invalids, notSupported, required, tooLong } from './errors';
import { validateDescendingPath, validateNoBacksteps } from './paths';

/** Fields that must not be empty, in upstream's order. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  persistentVolumeClaim: ['claimName'],
  rbd: ['monitors', 'image'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  quobyte: ['registry', 'volume'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  storageos: ['volumeName'],
  scaleIO: ['gateway', 'system', 'volumeName'],
};

export function validateSimpleSource(source: string, content: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of (Object.hasOwn(REQUIRED, source) && REQUIRED[source]) || []) {
    const value = content[field];
    if (!asString(value) && asStrings(value).length === 0) errors.push(required(`${path}.${field}`));
  }
  switch (source) {
    case 'hostPath':
      return validateHostPath(content, path);
    case 'nfs':
      if (!asString(content.path).startsWith('/')) {
        errors.push(invalid(`${path}.path`, asString(content.path), 'must be an absolute path'));
      }
      break;
    case 'gitRepo':
      errors.push(...validateDescendingPath(asString(content.directory), `${path}.directory`));
      break;
    case 'gcePersistentDisk':
    case 'awsElasticBlockStore':
      errors.push(...validateByte(content.partition, `${path}.partition`, 'must be between 1 and 255, inclusive'));
      break;
    case 'iscsi':
      errors.push(...validateByte(content.lun, `${path}.lun`, 'must be between 0 and 255, inclusive'));
      break;
    case 'fc':
      errors.push(...validateFibreChannel(content, path));
      break;
    case 'csi':
      errors.push(...validateDriverName(asString(content.driver), `${path}.driver`));
      if (isSet(content.nodePublishSecretRef)) {
        const name = asString(asObject(content.nodePublishSecretRef).name);
        if (!name) errors.push(required(`${path}.nodePublishSecretRef.name`));
        else errors.push(...invalids(`${path}.name`, name, isDns1123Subdomain(name)));
      }
      break;
    case 'storageos':
      for (const field of ['volumeName', 'volumeNamespace']) {
        const value = asString(content[field]);
        if (value) errors.push(...invalids(`${path}.${field}`, value, isDns1123Label(value)));
      }
      break;
  }
  return errors;
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateHostPath(content: Json, path: string): FieldError[] {
  const target = asString(content.path);
  if (!target) return [required(`${path}.path`)];
  const errors = validateNoBacksteps(target, `${path}.path`);
  const type = content.type;
  if (typeof type === 'string' && !HOST_PATH_TYPES.includes(type)) {
    errors.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES));
  }
  return errors;
}

const validateByte = (value: unknown, path: string, message: string): FieldError[] =>
  typeof value === 'number' && (value < 0 || value > 255) ? [invalid(path, value, message)] : [];

function validateFibreChannel(content: Json, path: string): FieldError[] {
  const targets = asStrings(content.targetWWNs);
  const ids = asStrings(content.wwids);
  const at = `${path}.targetWWNs`;
  const errors: FieldError[] = [];
  if (targets.length + ids.length === 0) {
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targets.length > 0 && ids.length > 0) {
    errors.push(invalid(at, targets, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targets.length > 0 && !isSet(content.lun)) {
    errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  } else if (targets.length > 0) {
    errors.push(...validateByte(content.lun, `${path}.lun`, 'must be between 0 and 255, inclusive'));
  }
  return errors;
}

export function validateDriverName(driver: string, path: string): FieldError[] {
  const errors: FieldError[] = driver ? [] : [required(path)];
  if (driver.length > 63) errors.push(tooLong(path, 63));
  return [...errors, ...invalids(path, driver, isDns1123Subdomain(driver.toLowerCase()))];
}
