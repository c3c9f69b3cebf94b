/** How objects are deleted: the flags of `delete`, which `apply --force` and `replace --force` share. */

import type { KubeObject, Manifest } from '../core/api/types';
import type { FieldValidation, Propagation } from '../core/client/backend';
import type { Info } from '../core/client/builder';
import { deleteObject, waitUntilGone } from '../core/client/delete';
import { CommandError } from '../core/client/errors';
import { type Flags, parseBool } from './flags/spec';
import { durationOf } from './targets';
import type { Context } from './verb';

export interface Removal {
  readonly propagationPolicy: Propagation;
  /** Seconds; undefined for the object's own. */
  readonly gracePeriodSeconds: number | undefined;
  /** How long to wait for objects to be gone, ms. */
  readonly timeoutMs: number;
}

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** `--cascade`; the older true and false still work. @throws CommandError */
export function cascadeOf(flags: Flags): Propagation {
  const value = flags.string('cascade');
  const bool = parseBool(value);
  if (bool !== undefined) return bool ? 'Background' : 'Orphan';
  if (value === 'background') return 'Background';
  if (value === 'foreground') return 'Foreground';
  if (value === 'orphan') return 'Orphan';
  throw new CommandError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
}

/** The older spellings of `--cascade` still work, with a word on stderr. @throws CommandError */
export function warnOfCascade({ flags, io }: Pick<Context, 'flags' | 'io'>): void {
  const value = flags.string('cascade');
  const policy = cascadeOf(flags);
  if (parseBool(value) === undefined) return;
  const instead = policy === 'Background' ? 'background' : 'orphan';
  io.err(`warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${instead}.\n`);
}

/** The deletion flags as they stand. `--grace-period=0` without `--force` means 1, lest data be lost by accident. */
export function removalOf(flags: Flags): Removal {
  const propagationPolicy = cascadeOf(flags);
  let grace = flags.int('grace-period');
  if (grace === 0 && !flags.bool('force')) grace = 1;
  if (flags.bool('force') && grace < 0) grace = 0;
  const timeout = durationOf(flags, 'timeout');
  return {
    propagationPolicy,
    gracePeriodSeconds: grace < 0 ? undefined : grace,
    timeoutMs: timeout === 0 ? WEEK_MS : timeout,
  };
}

export const deleteOptions = (removal: Removal, dryRun = false) => ({
  propagationPolicy: removal.propagationPolicy,
  dryRun,
  ...(removal.gracePeriodSeconds !== undefined && { gracePeriodSeconds: removal.gracePeriodSeconds }),
});

/** Deletes the object, waits until it is gone, and creates it again. */
export async function recreate(
  context: Context,
  info: Info,
  manifest: Manifest,
  removal: Removal,
  fieldValidation: FieldValidation,
): Promise<KubeObject> {
  const backend = await context.backend();
  const deleted = await deleteObject(backend, info, deleteOptions(removal));
  await waitUntilGone(backend, deleted, (await backend.now()) + removal.timeoutMs, () => context.io.flush());
  const { resourceVersion: _, uid: __, ...metadata } = manifest.metadata;
  const fieldManager = context.flags.string('field-manager');
  return backend.create(info.resource, info.namespace, { ...manifest, metadata }, { fieldValidation, fieldManager });
}
