/** iSCSI volumes: the names of targets and initiators (as validateISCSIVolumeSource). */
import { asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, required } from './errors';

const IQN = /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\s]+)$/;
const EUI = /^eui.[a-zA-Z0-9]{16}$/;
const NAA = /^naa.[a-zA-Z0-9]{32}$/;

export function validateIscsi(content: Json, path: string): FieldError[] {
  const { lun } = content;
  const name = asString(content.iqn);
  const errors: FieldError[] = [];
  if (!asString(content.targetPortal)) errors.push(required(`${path}.targetPortal`));
  errors.push(...(name ? validateName(name, `${path}.iqn`) : [required(`${path}.iqn`)]));
  if (typeof lun === 'number' && (lun < 0 || lun > 255)) {
    errors.push(invalid(`${path}.lun`, lun, 'must be between 0 and 255, inclusive'));
  }
  const asksForSecret = content.chapAuthDiscovery === true || content.chapAuthSession === true;
  if (asksForSecret && !isSet(content.secretRef)) errors.push(required(`${path}.secretRef`));
  if (isSet(content.initiatorName)) {
    errors.push(...validateName(asString(content.initiatorName), `${path}.initiatorname`));
  }
  return errors;
}

function validateName(name: string, path: string): FieldError[] {
  const pattern = { iqn: IQN, eui: EUI, naa: NAA }[name.slice(0, 3)];
  if (!pattern) return [invalid(path, name, 'must be valid format starting with iqn, eui, or naa')];
  return pattern.test(name) ? [] : [invalid(path, name, 'must be valid format')];
}

/** The initiator's name is made from the volume's: both must fit into it. `path` is the volume's. */
export function validateIscsiName(content: Json, volumeName: string, path: string): FieldError[] {
  const length = `${volumeName}:${asString(content.targetPortal)}`.length;
  if (!isSet(content.initiatorName) || length <= 64) return [];
  const why =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  return [invalid(`${path}.name`, volumeName, why)];
}
