/** What the rollout commands share: their flags and how they find their objects. */
import type { Info } from '../core/client/builder';
import { CommandError, forEach } from '../core/client/errors';
import { infosOf } from '../core/client/fetch';
import { fileFlags, SELECTOR } from './flags/common';
import type { FlagSpec } from './flags/spec';
import { findObjects, hasFiles, readFiles } from './targets';
import type { Context } from './verb';

export const rolloutFlags = (): FlagSpec[] => [...fileFlags('Files that name the objects.'), SELECTOR];

/**
 * Runs for each object named, and says so when there is none, but for verbs that kubectl leaves `silent` then.
 * @throws CommandError
 */
export async function eachRollout(
  context: Context,
  run: (info: Info) => Promise<void>,
  { silent = false }: { readonly silent?: boolean } = {},
): Promise<void> {
  const { args, flags, io } = context;
  if (args.length === 0 && !hasFiles(flags)) throw new CommandError('required resource not specified');
  const files = await readFiles(context);
  const entries = await findObjects(context, { args, ...(files && { files }), allowEmptySelector: true, latest: true });
  await forEach(entries, async (entry) => run(infosOf([entry])[0]));
  if (entries.length === 0 && !silent) io.err(`No resources found in ${context.namespace} namespace.\n`);
}

/** A revision number from a flag; negative ones are refused. */
export function revisionFlag(flags: Context['flags'], name: string): number {
  const revision = flags.int(name);
  if (revision < 0) throw new CommandError(`revision must be a positive integer: ${revision}`);
  return revision;
}
