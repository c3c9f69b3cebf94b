/** Creating a Secret: what the kinds of `create secret` share. */
import { APPEND_HASH, withHash } from './append-hash';
import type { FlagSpec } from './flags/spec';
import { createGenerated, generatorFlags, namespaceOf } from './generators';
import { base64 } from './key-sources';
import type { Context } from './verb';

export const secretFlags = (): FlagSpec[] => [...generatorFlags(), APPEND_HASH];

export async function createSecret(
  context: Context,
  name: string,
  type: string,
  values: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const data = Object.fromEntries([...values].map(([key, bytes]) => [key, base64(bytes)]));
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...namespaceOf(context) },
    ...(values.size > 0 && { data }),
    ...(type !== '' && { type }),
  };
  await createGenerated(context, 'secrets', withHash(context, object), 'secret');
}
