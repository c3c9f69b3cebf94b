/** Patches an object without asking the server: for `--dry-run=client` only. */

import { patchSchemaFor } from '../api/patch-schema';
import type { ResourceInfo } from '../api/resources';
import type { KubeObject } from '../api/types';
import { goStringify } from '../meta/gojson';
import { isObject } from '../meta/objects';
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
    const patched = await apply(resource, object, type, patch);
    // What a patch took the kind away from can't be read as an object any more.
    if (!isObject(patched) || !patched.kind)
      throw new CommandError(`Object 'Kind' is missing in '${goStringify(patched)}'`);
    return patched as unknown as KubeObject;
  } catch (e) {
    if (e instanceof TypeError || !(e instanceof Error)) throw e;
    const key = e.message.indexOf('doc is missing key: ');
    // kubectl has words of its own for this one.
    const missing = key < 0 ? undefined : `Object to be patched is missing field (${e.message.slice(key + 20)})`;
    throw new CommandError(missing ?? e.message);
  }
}

async function apply(resource: ResourceInfo, object: KubeObject, type: PatchType, patch: unknown): Promise<unknown> {
  if (type === 'json') return (await import('../meta/patch/json-patch')).applyJsonPatch(object, patch);
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) throw new CommandError('Invalid JSON Patch');
  if (type === 'merge') return (await import('../meta/patch/merge-patch')).mergePatch(object, patch);
  const { strategicMerge } = await import('../meta/patch/strategic');
  return strategicMerge({ ...object }, { ...patch }, patchSchemaFor(resource));
}
