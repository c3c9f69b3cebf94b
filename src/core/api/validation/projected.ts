/** Volumes that hold files: keys of secrets and config maps, and several sources in one (as validateProjectionSources). */
import { asList, asObject, asString, isSet, type Json } from '../json';
import type { FieldError } from '../status';
import { validateDownwardFile } from './downward';
import { forbidden, invalid, required } from './errors';
import { validateMode, validateNonReservedPath } from './paths';

/** The keys of a secret or config map that become files. */
export const validateItems = (items: unknown, path: string): FieldError[] =>
  asList(items).flatMap((item, i) => validateKeyToPath(item, `${path}[${i}]`));

function validateKeyToPath(item: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!asString(item.key)) errors.push(required(`${path}.key`));
  if (!asString(item.path)) errors.push(required(`${path}.path`));
  errors.push(...validateNonReservedPath(asString(item.path), `${path}.path`));
  return [...errors, ...validateMode(item.mode, `${path}.mode`)];
}

/** `path` is the projected volume's: some of its errors carry no index, as upstream's do. */
export function validateProjections(projected: Json, path: string): FieldError[] {
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
