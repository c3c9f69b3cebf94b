/** Deleting objects and waiting until they are gone (as kubectl's delete and wait.IsDeleted). */
import { ApiError, isNotFound } from '../api/status';
import type { Backend, DeleteOptions } from './backend';
import type { Info } from './builder';
import { CommandError, withSource } from './errors';
import { until } from './watching';

/** What was deleted: the uid tells it from a successor of the same name. */
export interface Deleted {
  readonly info: Info;
  readonly uid: string | undefined;
}

/** @throws ApiError that names the source */
export async function deleteObject(backend: Backend, info: Info, options: DeleteOptions): Promise<Deleted> {
  try {
    if (info.name === '') throw new CommandError('resource name may not be empty');
    const object = await backend.delete(info.resource, info.namespace, info.name, options);
    return { info, uid: object.metadata.uid };
  } catch (e) {
    throw withSource('deleting', info.source, e);
  }
}

/**
 * Waits until the object, or the one with this uid, is gone.
 * @throws CommandError when the deadline (ms since 1970, the cluster's clock) passes first
 */
export async function waitUntilGone(
  backend: Backend,
  { info, uid }: Deleted,
  deadline: number | undefined,
  beforeWait?: () => Promise<void>,
): Promise<void> {
  try {
    const ended = await until(
      backend,
      info,
      { deadline, ...(beforeWait && { beforeWait }) },
      (object) => object === undefined || (uid !== undefined && object.metadata.uid !== uid),
    );
    if (ended === 'timeout') throw timedOut(info);
  } catch (e) {
    // Who may delete but not look cannot wait.
    if (e instanceof ApiError && (isNotFound(e) || e.reason === 'Forbidden' || e.reason === 'MethodNotAllowed')) return;
    throw e;
  }
}

export const timedOut = (info: Info): CommandError =>
  new CommandError(`timed out waiting for the condition on ${info.resource.plural}/${info.name}`);
