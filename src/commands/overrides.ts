/** `--overrides` and `--override-type`: a patch of the object that a command puts together (as NewOverrider). */

import type { ResourceInfo } from '../core/api/resources';
import type { KubeObject, Manifest } from '../core/api/types';
import { CommandError } from '../core/client/errors';
import { parseJson } from '../core/meta/json';
import type { FlagSpec } from './flags/spec';
import type { Context } from './verb';

export const overrideFlags = (): FlagSpec[] => [
  { name: 'overrides', type: 'string', default: '', help: 'A patch, in JSON, of the object before it is sent.' },
  { name: 'override-type', type: 'string', default: 'merge', help: 'The kind of the patch: json, merge or strategic.' },
];

/** The object with the overrides done. @throws CommandError */
export async function withOverrides(context: Context, resource: ResourceInfo, object: Manifest): Promise<Manifest> {
  const text = context.flags.string('overrides');
  if (text === '') return object;
  const type = context.flags.string('override-type');
  if (type !== 'json' && type !== 'merge' && type !== 'strategic')
    throw new CommandError(`invalid override type: ${type}`);
  let patch: unknown;
  try {
    patch = parseJson(text);
  } catch {
    // Only the reader of JSON patches says what is wrong.
    const { jsonFault } = await import('../core/meta/json-syntax');
    throw new CommandError((type === 'json' && jsonFault(text)) || 'Invalid JSON Patch');
  }
  const { patchLocally } = await import('../core/client/local-patch');
  return patchLocally(resource, object as KubeObject, type, patch);
}
