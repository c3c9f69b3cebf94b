/** From targets to objects: reads them from the cluster, and keeps failures in their place. */
import type { ResourceInfo } from '../api/resources';
import { ApiError, badRequest, isNotFound } from '../api/status';
import type { KubeObject } from '../api/types';
import { parseFieldSelector } from '../meta/fields';
import { parseSelector } from '../meta/labels';
import type { Backend, Subresource } from './backend';
import type { Info, Target } from './builder';
import { CommandError, isExpected, throwAll, withMessage } from './errors';

/** One entry of the outcome: an object, or why there is none. */
export type Entry = { readonly info: Info } | { readonly error: Error };

/**
 * Reads the objects of all targets. Files keep what the file says unless `latest`; names are fetched unless `lazy`.
 * Failures are entries, in their place.
 */
export async function fetchAll(
  backend: Backend,
  targets: readonly Target[],
  options: { readonly latest?: boolean; readonly lazy?: boolean; readonly subresource?: Subresource } = {},
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const target of targets) {
    if (target.kind === 'error') {
      entries.push({ error: target.error });
      continue;
    }
    try {
      if (target.kind === 'list') {
        const { items } = await listTarget(backend, target);
        entries.push(...items.map((object) => ({ info: infoOf(target.resource, object) })));
      } else entries.push({ info: await fetchNamed(backend, target.info, options) });
    } catch (e) {
      if (!isExpected(e)) throw e;
      entries.push({ error: e });
    }
  }
  return entries;
}

async function fetchNamed(
  backend: Backend,
  info: Info,
  options: { readonly latest?: boolean; readonly lazy?: boolean; readonly subresource?: Subresource },
): Promise<Info> {
  if (options.lazy && (!info.source || !options.latest)) return info;
  if (info.source && !options.latest) return info;
  if (info.name === '') throw new CommandError('resource name may not be empty');
  const object = await backend.get(
    info.resource,
    info.namespace,
    info.name,
    options.subresource ? { subresource: options.subresource } : {},
  );
  return { ...info, object };
}

export const infoOf = (resource: ResourceInfo, object: KubeObject): Info => ({
  resource,
  namespace: resource.namespaced ? object.metadata.namespace : undefined,
  name: object.metadata.name,
  object,
});

/** Lists a target; a refused selector is told with what was asked for (as Selector.Visit). */
export async function listTarget(backend: Backend, target: Extract<Target, { kind: 'list' }>, table = false) {
  const { resource, namespace, labelSelector = '', fieldSelector = '' } = target;
  try {
    checkSelectors(labelSelector, fieldSelector);
    return await backend.list(resource, namespace, { labelSelector, fieldSelector, table });
  } catch (e) {
    if (!(e instanceof ApiError) || (e.reason !== 'BadRequest' && !isNotFound(e))) throw e;
    const gvr = JSON.stringify(`${resource.group}/${resource.version}, Resource=${resource.plural}`);
    const head =
      labelSelector === '' && fieldSelector === ''
        ? `Unable to list ${gvr}`
        : `Unable to find ${gvr} that match label selector ${JSON.stringify(labelSelector)}, field selector ` +
          JSON.stringify(fieldSelector);
    throw withMessage(e, `${head}: ${e.status.message}`);
  }
}

function checkSelectors(labels: string, fields: string): void {
  try {
    parseSelector(labels);
    parseFieldSelector(fields);
  } catch (e) {
    throw e instanceof ApiError || !(e instanceof Error) ? e : badRequest(e.message);
  }
}

/** What files hold comes first, then what is wrong in them: so where nothing is read from the cluster in between. */
export const readableFirst = (entries: readonly Entry[]): Entry[] => [
  ...entries.filter((e) => 'info' in e),
  ...entries.filter((e) => 'error' in e),
];

/** The objects, or everything that went wrong, thrown together. */
export function infosOf(entries: readonly Entry[]): Info[] {
  throwAll(entries.flatMap((e) => ('error' in e ? [e.error] : [])));
  return entries.flatMap((e) => ('info' in e ? [e.info] : []));
}
