/** Volume mounts and block devices of a container (as ValidateVolumeMounts and ValidateVolumeDevices). */
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, invalid, notFound, notSupported, required } from './errors';
import { validateDescendingPath } from './paths';

export function validateMounts(container: Json, volumes: ReadonlyMap<string, Json>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const devices = asList(container.volumeDevices);
  const paths = new Set<string>();
  for (const [i, mount] of asList(container.volumeMounts).entries()) {
    const at = `${path}[${i}]`;
    const name = asString(mount.name);
    const mountPath = asString(mount.mountPath);
    if (!name) errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    if (!mountPath) errors.push(required(`${at}.mountPath`));
    if (paths.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.some((device) => device.name === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((device) => device.devicePath === mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    errors.push(...validateSubPaths(mount, at, path));
    errors.push(...validateModes(mount, container, path));
  }
  return errors;
}

function validateSubPaths(mount: Json, at: string, path: string): FieldError[] {
  const subPath = asString(mount.subPath);
  const expression = asString(mount.subPathExpr);
  const errors: FieldError[] = [];
  if (subPath) errors.push(...validateDescendingPath(subPath, `${path}.subPath`));
  if (!expression) return errors;
  if (subPath) errors.push(invalid(`${at}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
  return [...errors, ...validateDescendingPath(expression, `${path}.subPathExpr`)];
}

function validateModes(mount: Json, container: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const propagation = mount.mountPropagation;
  const modes = ['Bidirectional', 'HostToContainer', 'None'];
  if (typeof propagation === 'string') {
    const at = `${path}.mountPropagation`;
    if (!modes.includes(propagation)) errors.push(notSupported(at, propagation, modes));
    if (propagation === 'Bidirectional' && asObject(container.securityContext).privileged !== true) {
      errors.push(forbidden(at, 'Bidirectional mount propagation is available only to privileged containers'));
    }
  }
  const recursive = mount.recursiveReadOnly;
  if (typeof recursive !== 'string' || recursive === 'Disabled') return errors;
  const at = `${path}.recursiveReadOnly`;
  if (recursive !== 'Enabled' && recursive !== 'IfPossible') {
    return [...errors, notSupported(at, recursive, ['Disabled', 'Enabled', 'IfPossible'])];
  }
  if (mount.readOnly !== true) errors.push(forbidden(at, 'may only be specified when readOnly is true'));
  if (isSet(propagation) && propagation !== 'None') {
    errors.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'));
  }
  return errors;
}

export function validateDevices(container: Json, volumes: ReadonlyMap<string, Json>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const mounts = asList(container.volumeMounts);
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [i, device] of asList(container.volumeDevices).entries()) {
    const at = `${path}[${i}]`;
    const name = asString(device.name);
    const devicePath = asString(device.devicePath);
    const volume = volumes.get(name);
    if (!name) errors.push(required(`${at}.name`));
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'));
    if (volume && !isSet(volume.persistentVolumeClaim) && !isSet(volume.ephemeral)) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(`${at}.name`, name, why));
    }
    if (!volume) errors.push(notFound(`${at}.name`, name));
    if (!devicePath) errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..')) {
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((mount) => mount.mountPath === devicePath)) {
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (name) names.add(name);
  }
  return errors;
}
