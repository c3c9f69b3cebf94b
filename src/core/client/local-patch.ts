/** Patches an object without asking the server: for `--dry-run=client` only. */

import { patchSchemaFor } from '../api/patch-schema';
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import type { PatchType } from './backend';
import { CommandError } from './errors';

/** The patched object. @throws CommandError when the patch does not apply */
export async function patchLocally(
  resource: ResourceInfo,
  object: KubeObject,
  type: PatchType,
  patch: unknown,
): Promise<KubeObject> {
  try {
    return (await apply(resource, object, type, patch)) as KubeObject;
  } catch (e) {
    throw e instanceof TypeError || !(e instanceof Error) ? e : new CommandError(e.message);
  }
}

async function apply(resource: ResourceInfo, object: KubeObject, type: PatchType, patch: unknown): Promise<unknown> {
  if (type === 'json') return (await import('../meta/patch/json-patch')).applyJsonPatch(object, patch);
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) throw new CommandError('Invalid JSON Patch');
  if (type === 'merge') return (await import('../meta/patch/merge-patch')).mergePatch(object, patch);
  const { strategicMerge } = await import('../meta/patch/strategic');
  return strategicMerge({ ...object }, { ...patch }, patchSchemaFor(resource));
}
