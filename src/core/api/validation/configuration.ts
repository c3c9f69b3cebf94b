/** ConfigMaps and Secrets: keys, sizes, types, and immutability (as ValidateConfigMap and ValidateSecret). */
import { deepEqual } from '../../meta/equal';
import { isConfigMapKey } from '../../meta/names';
import { asObject, asString, entriesOf, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { forbidden, IMMUTABLE, invalid, invalids, key, required, tooLong } from './errors';
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from './metadata';

const MAX_BYTES = 1024 * 1024;

export function validateConfigMap(configMap: Json): FieldError[] {
  const errors = validateObjectMeta(asObject(configMap.metadata), true, subdomainName);
  const binary = asObject(configMap.binaryData);
  let bytes = 0;
  for (const [name, value] of entriesOf(configMap.data)) {
    errors.push(...invalids(key('data', name), name, isConfigMapKey(name)));
    if (isSet(binary[name])) errors.push(invalid(key('data', name), name, 'duplicate of key present in binaryData'));
    bytes += new TextEncoder().encode(value).length;
  }
  for (const [name, value] of entriesOf(binary)) {
    errors.push(...invalids(key('binaryData', name), name, isConfigMapKey(name)));
    bytes += decodedLength(value);
  }
  if (bytes > MAX_BYTES) errors.push(tooLong('', MAX_BYTES));
  return errors;
}

export const validateConfigMapUpdate = (configMap: Json, old: Json): FieldError[] => [
  ...validateObjectMetaUpdate(asObject(configMap.metadata), asObject(old.metadata)),
  ...validateImmutable(configMap, old, ['data', 'binaryData']),
  ...validateConfigMap(configMap),
];

/** Keys that a Secret of the type must have. */
const TYPE_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function validateSecret(secret: Json): FieldError[] {
  const metadata = asObject(secret.metadata);
  const errors = validateObjectMeta(metadata, true, subdomainName);
  const data = asObject(secret.data);
  let bytes = 0;
  for (const [name, value] of entriesOf(data)) {
    errors.push(...invalids(key('data', name), name, isConfigMapKey(name)));
    bytes += decodedLength(value);
  }
  if (bytes > MAX_BYTES) errors.push(tooLong('data', MAX_BYTES));
  const type = asString(secret.type);
  if (type === 'kubernetes.io/service-account-token') {
    const name = 'kubernetes.io/service-account.name';
    if (!asString(asObject(metadata.annotations)[name])) errors.push(required(key('metadata.annotations', name)));
  } else if (type === 'kubernetes.io/basic-auth') {
    if (!isSet(data.username) && !isSet(data.password)) {
      errors.push(required(key('data', 'username')), required(key('data', 'password')));
    }
  }
  for (const name of (Object.hasOwn(TYPE_KEYS, type) && TYPE_KEYS[type]) || []) {
    const missing = !isSet(data[name]) || (type === 'kubernetes.io/ssh-auth' && !asString(data[name]));
    if (missing) errors.push(required(key('data', name)));
    else if (name.startsWith('.docker')) errors.push(...validateJson(asString(data[name]), key('data', name)));
  }
  return errors;
}

function validateJson(base64: string, path: string): FieldError[] {
  try {
    const value: unknown = JSON.parse(atob(base64));
    if (typeof value === 'object' && !Array.isArray(value)) return [];
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    const why = `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
    return [invalid(path, '<secret contents redacted>', why)];
  } catch {
    const why = base64 ? 'invalid character in JSON text' : 'unexpected end of JSON input';
    return [invalid(path, '<secret contents redacted>', why)];
  }
}

export function validateSecretUpdate(secret: Json, old: Json): FieldError[] {
  const errors = validateObjectMetaUpdate(asObject(secret.metadata), asObject(old.metadata));
  if (secret.type !== old.type) errors.push(invalid('type', asString(secret.type), IMMUTABLE));
  return [...errors, ...validateImmutable(secret, old, ['data']), ...validateSecret(secret)];
}

function validateImmutable(object: Json, old: Json, fields: readonly string[]): FieldError[] {
  if (old.immutable !== true) return [];
  const changed = fields.filter((field) => !deepEqual(object[field] ?? null, old[field] ?? null));
  return [...(object.immutable === true ? [] : ['immutable']), ...changed].map((field) =>
    forbidden(field, 'field is immutable when `immutable` is set'),
  );
}

const decodedLength = (base64: string): number => Math.floor((base64.replace(/={1,2}$/, '').length * 3) / 4);
