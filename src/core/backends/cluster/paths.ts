/** Where things are in the API: paths of kinds and objects, and the parameters of a request. */
import { gvOf, type ResourceInfo, resourceKey } from '../../api/resources';
import type { WatchOptions, WriteOptions } from '../../client/backend';

export function pathOf(
  resource: ResourceInfo,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${gvOf(resource)}`;
  const place = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${place}/${resource.plural}${object}${subresource ? `/${subresource}` : ''}`;
}

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `?a=b`; what is undefined or empty is left out. */
export function query(parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) for (const one of value as readonly string[]) search.append(key, one);
    else if (value !== undefined && value !== '' && value !== false) search.append(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** What is selected: by labels, by fields, or one object by its name. */
export const selection = ({ labelSelector, fieldSelector = '', name }: WatchOptions): Parameters => ({
  labelSelector,
  fieldSelector: [
    ...(name === undefined ? [] : [`metadata.name=${name}`]),
    ...(fieldSelector === '' ? [] : [fieldSelector]),
  ].join(','),
});

/** Who names no manager is known by his program, whatever library it is made of. */
const MANAGER = 'kubectl';

export const writing = ({ dryRun, fieldManager, fieldValidation, force }: WriteOptions): Parameters => ({
  dryRun: dryRun ? 'All' : undefined,
  fieldManager: fieldManager || MANAGER,
  fieldValidation,
  force,
});

/** `pods web-0`, as refusals name what was asked for. */
export const aboutOf = (resource: ResourceInfo, name?: string): string =>
  `${resourceKey(resource)}${name ? ` ${name}` : ''}`;
