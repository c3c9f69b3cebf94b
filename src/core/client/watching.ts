/** Waiting for one object: look at it, then at everything that happens to it, until it is as wanted or time is up. */
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { Backend } from './backend';

export interface WatchedObject {
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly name: string;
}

export interface UntilOptions {
  /** The cluster's time at which to give up, ms since 1970; undefined waits on. */
  readonly deadline: number | undefined;
  /** Called once before the first wait, with nothing shown yet that was not committed. */
  beforeWait?(): Promise<void>;
}

/** How an attempt to wait ended. */
export type Ended = 'done' | 'timeout';

/**
 * Calls `check` with the object as it is (undefined where there is none) and again after every change; `deleted` tells a
 * deletion from an object that was never there. Ends with 'done' when check answers true. What check throws is passed on.
 */
export async function until(
  backend: Backend,
  object: WatchedObject,
  options: UntilOptions,
  check: (object: KubeObject | undefined, deleted: boolean) => boolean | Promise<boolean>,
): Promise<Ended> {
  const { resource, namespace, name } = object;
  const { items, resourceVersion } = await backend.list(resource, namespace, {
    fieldSelector: `metadata.name=${name}`,
  });
  if (await check(items[0], false)) return 'done';
  await options.beforeWait?.();
  let timeoutMs: number | undefined;
  if (options.deadline !== undefined) {
    timeoutMs = options.deadline - (await backend.now());
    if (timeoutMs <= 0) return 'timeout';
  }
  const events = backend.watch(resource, namespace, {
    name,
    resourceVersion,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  for await (const event of events) {
    const gone = event.type === 'DELETED';
    if (await check(gone ? undefined : event.object, gone)) return 'done';
  }
  return 'timeout';
}
