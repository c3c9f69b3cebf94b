/** References to the pod's own fields, in environment variables and in files. */
import { isNumber } from '../../meta/json';
import { isQualifiedName } from '../../meta/names';
import { Quantity } from '../../meta/quantity';
import { asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { invalid, invalids, notSupported, required } from './errors';
import { validateMode, validateNonReservedPath } from './paths';

export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
/** What a field path may name at all (as ConvertDownwardAPIFieldLabel). */
const KNOWN: ReadonlySet<string> = new Set([
  ...ENV_FIELDS,
  ...FILE_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** A subscripted path in brackets, `metadata.labels['app']` (as SplitMaybeSubscriptedPath). */
function subscripted(text: string): readonly [base?: string, subscript?: string] {
  const at = text.indexOf("['", 1);
  return at < 0 || !text.endsWith("']") || at + 2 > text.length - 2 ? [] : [text.slice(0, at), text.slice(at + 2, -2)];
}

/** `fields` are the paths that may be named here, in order. */
export function validateFieldRef(ref: Json, fields: readonly string[], path: string): FieldError[] {
  const fieldPath = asString(ref.fieldPath);
  if (!asString(ref.apiVersion)) return [required(`${path}.apiVersion`)];
  if (!fieldPath) return [required(`${path}.fieldPath`)];
  const unknown = (why: string): FieldError[] => [
    invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`),
  ];
  if (ref.apiVersion !== 'v1') return unknown(`unsupported pod version: ${asString(ref.apiVersion)}`);
  const [base, subscript] = subscripted(fieldPath);
  switch (base) {
    case undefined:
      break;
    case 'metadata.annotations': {
      const name = subscript!.toLowerCase();
      return invalids(path, name, isQualifiedName(name));
    }
    case 'metadata.labels':
      return invalids(path, subscript, isQualifiedName(subscript!));
    default:
      return unknown(`field label does not support subscript: ${fieldPath}`);
  }
  // The name that the field had in the first clients.
  const named = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!KNOWN.has(named)) return unknown(`field label not supported: ${fieldPath}`);
  return fields.includes(named) ? [] : [notSupported(`${path}.fieldPath`, named, fields)];
}

/** `volume`: in a file the container must be named. */
export function validateResourceFieldRef(ref: Json, path: string, volume: boolean): FieldError[] {
  const resource = asString(ref.resource);
  const errors: FieldError[] = [];
  if (volume && !asString(ref.containerName)) errors.push(required(`${path}.containerName`));
  else if (!resource) errors.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    errors.push(notSupported(`${path}.resource`, resource, RESOURCES));
  }
  return [...errors, ...validateDivisor(resource, ref.divisor, path)];
}

const SIZES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

function validateDivisor(resource: string, divisor: unknown, path: string): FieldError[] {
  if (typeof divisor !== 'string' && !isNumber(divisor)) return [];
  const quantity = Quantity.parse(String(divisor));
  if (quantity.isZero()) return [];
  const noun = divisorNoun(resource);
  if (!noun) return [];
  const allowed = noun === 'cpu' ? ['1m', '1'] : SIZES;
  if (allowed.includes(quantity.toString())) return [];
  const list = noun === 'cpu' ? '1m and 1' : SIZES.join(', ');
  return [
    invalid(`${path}.divisor`, resource, `only divisor's values ${list} are supported with the ${noun} resource`),
  ];
}

function divisorNoun(resource: string): string | undefined {
  const [, name = ''] = /^(?:limits|requests)\.(.*)$/.exec(resource) ?? [];
  if (name === 'cpu' || name === 'memory') return name;
  if (name === 'ephemeral-storage') return 'local ephemeral storage';
  return name.startsWith('hugepages-') ? 'hugepages' : undefined;
}

/** A file of a downwardAPI volume (as validateDownwardAPIVolumeFile: its errors carry no index). */
export function validateDownwardFile(file: Json, path: string): FieldError[] {
  const target = asString(file.path);
  const errors: FieldError[] = target ? [] : [required(`${path}.path`)];
  errors.push(...validateNonReservedPath(target, `${path}.path`));
  if (isSet(file.fieldRef)) {
    errors.push(...validateFieldRef(asObject(file.fieldRef), FILE_FIELDS, `${path}.fieldRef`));
    if (isSet(file.resourceFieldRef)) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (isSet(file.resourceFieldRef)) {
    errors.push(...validateResourceFieldRef(asObject(file.resourceFieldRef), `${path}.resourceFieldRef`, true));
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...validateMode(file.mode, `${path}.mode`)];
}
