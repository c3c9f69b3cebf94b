/** The rules of the simpler volume sources, which pods and PersistentVolumes share. */
import { isDns1123Label, isDns1123Subdomain } from '../../meta/names';
import { asObject, asString, asStrings, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, invalids, key, notSupported, optionalOneOf, required, tooLong } from './errors';
import { validateIscsi } from './iscsi';
import { validateDescendingPath, validateNoBacksteps } from './paths';

/** Fields that must not be empty, in upstream's order. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  nfs: ['server', 'path'],
  glusterfs: ['endpoints', 'path'],
  persistentVolumeClaim: ['claimName'],
  rbd: ['monitors', 'image'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  scaleIO: ['gateway', 'system', 'volumeName'],
};

export function validateSimpleSource(source: string, content: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of (Object.hasOwn(REQUIRED, source) && REQUIRED[source]) || []) {
    const value = content[field];
    if (!asString(value) && asStrings(value).length === 0) errors.push(required(`${path}.${field}`));
  }
  const more = Object.hasOwn(RULES, source) ? RULES[source] : undefined;
  return more ? [...errors, ...more(content, path)] : errors;
}

const RULES: Readonly<Record<string, ((content: Json, path: string) => FieldError[]) | undefined>> = {
  hostPath: validateHostPath,
  nfs: ({ path: target }, path) =>
    asString(target).startsWith('/') ? [] : [invalid(`${path}.path`, asString(target), 'must be an absolute path')],
  gitRepo: (content, path) => validateDescendingPath(asString(content.directory), `${path}.directory`),
  gcePersistentDisk: validatePartition,
  awsElasticBlockStore: validatePartition,
  iscsi: validateIscsi,
  flocker: validateFlocker,
  fc: validateFibreChannel,
  cinder: validateSecretRef,
  quobyte: validateQuobyte,
  flexVolume: validateFlexOptions,
  azureDisk: validateAzureDisk,
  storageos: validateStorageOs,
  csi: validateCsi,
};

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
  return [
    ...validateNoBacksteps(target, `${path}.path`),
    ...optionalOneOf(content.type, HOST_PATH_TYPES, `${path}.type`),
  ];
}

function validatePartition(content: Json, path: string): FieldError[] {
  const { partition } = content;
  if (typeof partition !== 'number' || (partition >= 0 && partition <= 255)) return [];
  return [invalid(`${path}.partition`, partition, 'must be between 1 and 255, inclusive')];
}

function validateSecretRef(content: Json, path: string): FieldError[] {
  if (!isSet(content.secretRef) || asString(asObject(content.secretRef).name)) return [];
  return [required(`${path}.secretRef.name`)];
}

function validateFlocker(content: Json, path: string): FieldError[] {
  const name = asString(content.datasetName);
  const uuid = asString(content.datasetUUID);
  const errors: FieldError[] = [];
  if (!name && !uuid) errors.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (name && uuid) {
    errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (name.includes('/')) errors.push(invalid(`${path}.datasetName`, name, "must not contain '/'"));
  return errors;
}

function validateFibreChannel(content: Json, path: string): FieldError[] {
  const targets = asStrings(content.targetWWNs);
  const ids = asStrings(content.wwids);
  const { lun } = content;
  const at = `${path}.targetWWNs`;
  const errors: FieldError[] = [];
  if (targets.length + ids.length === 0) {
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targets.length > 0 && ids.length > 0) {
    errors.push(invalid(at, targets, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targets.length === 0) return errors;
  if (!isSet(lun)) errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'));
  else if (Number(lun) < 0 || Number(lun) > 255) {
    errors.push(invalid(`${path}.lun`, lun, 'must be between 0 and 255, inclusive'));
  }
  return errors;
}

function validateQuobyte(content: Json, path: string): FieldError[] {
  const registry = asString(content.registry);
  const hostPorts = 'must be a host:port pair or multiple pairs separated by commas';
  const errors: FieldError[] = [];
  if (!registry) errors.push(required(`${path}.registry`, hostPorts));
  else if (asString(content.tenant).length > 64) {
    errors.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    const wrong = registry.split(',').filter((pair) => !/^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair));
    errors.push(...wrong.map(() => invalid(`${path}.registry`, registry, hostPorts)));
  }
  if (!asString(content.volume)) errors.push(required(`${path}.volume`));
  return errors;
}

function validateFlexOptions(content: Json, path: string): FieldError[] {
  return entriesOf(content.options).flatMap(([name]) => {
    const namespace = `.${name.split('/', 2).length === 2 ? name.slice(0, name.indexOf('/')) : name}`.toLowerCase();
    if (!namespace.endsWith('.kubernetes.io') && !namespace.endsWith('.k8s.io')) return [];
    return [invalid(key(`${path}.options`, name), name, 'kubernetes.io and k8s.io namespaces are reserved')];
  });
}

function validateAzureDisk(content: Json, path: string): FieldError[] {
  const { cachingMode, kind } = content;
  const uri = asString(content.diskURI);
  const errors = [
    ...optionalOneOf(cachingMode, ['None', 'ReadOnly', 'ReadWrite'], `${path}.cachingMode`),
    ...optionalOneOf(kind, ['Dedicated', 'Managed', 'Shared'], `${path}.kind`),
  ];
  const managed = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
  const blob = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
  if (kind === 'Managed' && !uri.startsWith('/subscriptions/')) {
    errors.push(notSupported(`${path}.diskURI`, uri, [managed]));
  }
  if (isSet(kind) && kind !== 'Managed' && !uri.startsWith('https://')) {
    errors.push(notSupported(`${path}.diskURI`, uri, [blob]));
  }
  return errors;
}

function validateStorageOs(content: Json, path: string): FieldError[] {
  const name = asString(content.volumeName);
  const namespace = asString(content.volumeNamespace);
  const errors = name ? invalids(`${path}.volumeName`, name, isDns1123Label(name)) : [required(`${path}.volumeName`)];
  if (namespace) errors.push(...invalids(`${path}.volumeNamespace`, namespace, isDns1123Label(namespace)));
  return [...errors, ...validateSecretRef(content, path)];
}

function validateCsi(content: Json, path: string): FieldError[] {
  const errors = validateDriverName(asString(content.driver), `${path}.driver`);
  if (!isSet(content.nodePublishSecretRef)) return errors;
  const name = asString(asObject(content.nodePublishSecretRef).name);
  if (!name) return [...errors, required(`${path}.nodePublishSecretRef.name`)];
  return [...errors, ...invalids(`${path}.name`, name, isDns1123Subdomain(name))];
}

export function validateDriverName(driver: string, path: string): FieldError[] {
  if (!driver) return [required(path)];
  const errors: FieldError[] = driver.length > 63 ? [tooLong(path, 63)] : [];
  return [...errors, ...invalids(path, driver, isDns1123Subdomain(driver.toLowerCase()))];
}
