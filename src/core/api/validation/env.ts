/** Environment variables and where their values come from (as ValidateEnv and ValidateEnvFrom). */
import { isConfigMapKey, isDns1123Label, isDns1123Subdomain, isRelaxedEnvVarName } from '../../meta/names';
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { containersOf } from './containers-of';
import { ENV_FIELDS, validateFieldRef, validateResourceFieldRef } from './downward';
import { invalid, invalids, notFound, required } from './errors';
import { subdomainName } from './metadata';
import { validateNoBacksteps } from './paths';

export function validateEnv(variables: readonly Json[], path: string): FieldError[] {
  return variables.flatMap((variable, i) => {
    const at = `${path}[${i}]`;
    const name = asString(variable.name);
    const errors = name ? invalids(`${at}.name`, name, isRelaxedEnvVarName(name)) : [required(`${at}.name`)];
    return [...errors, ...validateValueFrom(variable, `${at}.valueFrom`)];
  });
}

function validateValueFrom(variable: Json, path: string): FieldError[] {
  if (!isSet(variable.valueFrom)) return [];
  const from = asObject(variable.valueFrom);
  const errors: FieldError[] = [];
  if (isSet(from.fieldRef)) errors.push(...validateFieldRef(asObject(from.fieldRef), ENV_FIELDS, `${path}.fieldRef`));
  if (isSet(from.resourceFieldRef)) {
    errors.push(...validateResourceFieldRef(asObject(from.resourceFieldRef), `${path}.resourceFieldRef`, false));
  }
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    if (isSet(from[source])) errors.push(...validateKeyRef(asObject(from[source]), `${path}.${source}`));
  }
  if (isSet(from.fileKeyRef)) errors.push(...validateFileKeyRef(asObject(from.fileKeyRef), `${path}.fileKeyRef`));
  const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
  const count = sources.filter((source) => isSet(from[source])).length;
  if (count === 0) {
    const list = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalid(path, '', `must specify one of: ${list}`));
  } else if (asString(variable.value)) {
    errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  } else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

function validateKeyRef(ref: Json, path: string): FieldError[] {
  const name = asString(ref.name);
  const errors = invalids(`${path}.name`, name, isDns1123Subdomain(name));
  const key = asString(ref.key);
  return [...errors, ...(key ? invalids(`${path}.key`, key, isConfigMapKey(key)) : [required(`${path}.key`)])];
}

function validateFileKeyRef(ref: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const key = asString(ref.key);
  if (!key) errors.push(required(`${path}.key`));
  else errors.push(...invalids(`${path}.key`, key, isRelaxedEnvVarName(key)));
  const volume = asString(ref.volumeName);
  if (!volume) errors.push(required(`${path}.volumeName`));
  else errors.push(...invalids(`${path}.volumeName`, volume, isDns1123Label(volume)));
  const file = asString(ref.path);
  if (!file) return [...errors, required(`${path}.path`)];
  return [...errors, ...validateNoBacksteps(file, `${path}.path`)];
}

/** A file of variables lies in an emptyDir of the pod (as validateFileKeyRefVolumes). */
export function validateFileVolumes(spec: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [container, at] of containersOf(spec, path)) {
    for (const [i, variable] of asList(container.env).entries()) {
      const { fileKeyRef } = asObject(variable.valueFrom);
      if (!isSet(fileKeyRef)) continue;
      const name = asString(asObject(fileKeyRef).volumeName);
      const field = `${at}.env[${i}].valueFrom.fileKeyRef.volumeName`;
      const volume = asList(spec.volumes).findLast((v) => asString(v.name) === name);
      if (!volume) errors.push(notFound(field, name));
      else if (!isSet(volume.emptyDir)) {
        errors.push(invalid(field, name, 'referenced volume must be of type emptyDir'));
      }
    }
  }
  return errors;
}

/** The errors about the number of sources carry the list's path, not the element's, as upstream's do. */
export function validateEnvFrom(sources: readonly Json[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, source] of sources.entries()) {
    const at = `${path}[${i}]`;
    const prefix = asString(source.prefix);
    if (prefix) errors.push(...invalids(`${at}.prefix`, prefix, isRelaxedEnvVarName(prefix)));
    let count = 0;
    for (const ref of ['configMapRef', 'secretRef']) {
      if (!isSet(source[ref])) continue;
      count++;
      const name = asString(asObject(source[ref]).name);
      if (!name) errors.push(required(`${at}.${ref}.name`));
      else errors.push(...invalids(`${at}.${ref}.name`, name, subdomainName(name, true)));
    }
    if (count === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
  }
  return errors;
}
