/** What is given to be applied: YAML or JSON text, objects, lists of either. */
import { checkHeader, decodeObject } from '../commands/manifests/decode';
import { splitYaml } from '../commands/manifests/documents';
import { parseYaml } from '../commands/manifests/yaml';
import type { Manifest } from '../core/api/types';
import { CommandError } from '../core/client/errors';
import { parseJson, stringifyJson } from '../core/meta/json';
import { ManifestError } from './errors';

/** One or more objects: the text of a manifest file, an object, or several of these. */
export type Manifests = string | object | readonly (string | object)[];

/** Every object in order, the items of lists too, as copies. @throws ManifestError */
export function readManifests(given: Manifests): Manifest[] {
  try {
    return documentsOf(given).flatMap(objectsOf);
  } catch (error) {
    if (error instanceof CommandError) throw new ManifestError(error.message, { cause: error });
    throw error;
  }
}

function documentsOf(given: Manifests): unknown[] {
  if (Array.isArray(given)) return given.flatMap(documentsOf);
  if (typeof given !== 'string') return [parseJson(stringifyJson(withTimes(given)))];
  return splitYaml(given)
    .map((text) => (/^[^\S\n\r\u2028\u2029]*[^\s#]/m.test(text) ? parseYaml(text) : undefined))
    .filter((value) => value !== undefined && value !== null);
}

/** Dates, which models of other libraries hold, as the texts that the API has for them. */
function withTimes(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z');
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withTimes(field)]));
}

function objectsOf(value: unknown): Manifest[] {
  checkHeader(value);
  const object = decodeObject(value);
  if (Array.isArray(object.items) && String(object.kind).endsWith('List')) return object.items.flatMap(objectsOf);
  const metadata = object.metadata ?? {};
  return [{ ...object, metadata } as Manifest];
}
