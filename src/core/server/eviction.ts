/** What a request for the eviction of a pod says. */
import type { ResourceInfo } from '../api/resources';
import { badRequest, notFound } from '../api/status';

/** The options that a policy/v1 Eviction carries. Throws BadRequest when it speaks of another pod. */
export function evictionOf(body: unknown, pods: ResourceInfo, name: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('expected an Eviction');
  const { metadata, deleteOptions } = body as { metadata?: { name?: string }; deleteOptions?: unknown };
  if (!name) throw notFound(pods, '');
  if (metadata?.name !== undefined && metadata.name !== name)
    throw badRequest(`name in URL does not match name in Eviction object`);
  return deleteOptions;
}
