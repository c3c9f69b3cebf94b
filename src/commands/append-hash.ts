/** The hash of content that `--append-hash` puts behind a name (as kubectl's util/hash). */
import type { Manifest } from '../core/api/types';
import { goStringify } from '../core/meta/gojson';
import { sha256 } from '../core/meta/sha256';
import type { FlagSpec } from './flags/spec';
import type { Context } from './verb';

export const APPEND_HASH: FlagSpec = {
  name: 'append-hash',
  type: 'bool',
  default: 'false',
  help: 'Put a hash of the content behind the name.',
};

/** The object under its hashed name when `--append-hash` is given. Only content counts, and the name before. */
export function withHash(context: Context, object: Manifest): Manifest {
  if (!context.flags.bool('append-hash')) return object;
  const { kind, metadata } = object;
  const content = { kind, name: metadata.name, data: object.data ?? {} };
  const text = goStringify({
    ...content,
    ...(object.binaryData !== undefined && { binaryData: object.binaryData }),
    ...(kind === 'Secret' && { type: object.type ?? '' }),
  });
  const safe = sha256(text)
    .slice(0, 10)
    .replace(/[013ae]/g, (c) => SAFE[c]);
  return { ...object, metadata: { ...metadata, name: `${metadata.name}-${safe}` } };
}

/** Letters that spell no words in place of those that might. */
const SAFE: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
