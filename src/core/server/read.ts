/** get and list. */

import type { Subresource } from '../client/backend';
import type { ServedBackend } from '../client/served';
import type { Answer, Call } from './call';
import { encodeList, encodeObject, encodeText } from './encode';
import type { Pages } from './pages';
import { checkListOptions, numberIn, versionIn, viewOf } from './parameters';
import { expired, tooLargeVersion } from './status';
import type { Target } from './target';

/** One object, or the part of it that a subresource shows. Throws NotFound. */
export async function answerGet(backend: ServedBackend, call: Call, target: Target): Promise<Answer> {
  const { resource, namespace, name = '', subresource } = target;
  const view = viewOf(call);
  const options = subresource === undefined ? {} : { subresource: subresource as Subresource };
  const body = await backend.perform(async (cluster) => {
    const object = await cluster.get(resource, namespace, name, options);
    return encodeText(encodeObject(resource, object, view, await cluster.now()));
  }, call.warn);
  return { code: 200, body };
}

/** Throws Expired for a page or version that is no longer known, Timeout for one that is not known yet. */
export async function answerList(backend: ServedBackend, call: Call, target: Target, pages: Pages): Promise<Answer> {
  const { resource, namespace } = target;
  const { query } = call;
  checkListOptions(query, false);
  const view = viewOf(call);
  const limit = numberIn(query, 'limit') ?? 0;
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const path = JSON.stringify([call.parts, labelSelector, fieldSelector]);
  const isWhole = labelSelector === '' && fieldSelector === '';
  const token = query.get('continue');
  const wanted = versionIn(query);
  const body = await backend.perform(async (cluster) => {
    const list = async () => {
      const { items, resourceVersion } = await cluster.list(resource, namespace, { labelSelector, fieldSelector });
      return { items, resourceVersion };
    };
    const first = async () => {
      const all = await list();
      checkVersion(wanted, Number(all.resourceVersion), query.get('resourceVersionMatch') === 'Exact');
      return pages.first(path, all, limit, isWhole);
    };
    const { items, ...metadata } = token ? await pages.next(path, token, limit, isWhole, list) : await first();
    return encodeText(encodeList(resource, items, metadata, view, await cluster.now()));
  }, call.warn);
  return { code: 200, body };
}

function checkVersion(wanted: number | undefined, current: number, exact: boolean): void {
  if (!wanted) return;
  if (wanted > current) throw tooLargeVersion(wanted, current);
  if (exact && wanted < current) throw expired('The resourceVersion for the provided list is too old.');
}
