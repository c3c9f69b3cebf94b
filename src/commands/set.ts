/** What the `set` commands share: the objects they work on, and sending what they changed. */
import { asTyped } from '../core/api/typed';
import type { Info } from '../core/client/builder';
import type { ContainersChange } from '../core/client/containers';
import { CommandError, isExpected } from '../core/client/errors';
import { infosOf } from '../core/client/fetch';
import { all, DRY_RUN, fieldManager, fileFlags, outputFlags, SELECTOR } from './flags/common';
import type { FlagSpec } from './flags/spec';
import { dryRunOf, type OperationPrinter } from './output/operations';
import { findObjects, LOCAL, readFiles } from './targets';
import type { Context } from './verb';

export const setFlags = (): FlagSpec[] => [
  ...fileFlags('Files that name what to change.'),
  SELECTOR,
  all(),
  {
    name: 'containers',
    short: 'c',
    type: 'string',
    default: '*',
    help: 'The containers to change; * stands for any letters.',
  },
  LOCAL,
  DRY_RUN,
  fieldManager('kubectl-set'),
  ...outputFlags(),
];

export function refuseAllWithSelector(context: Context): void {
  if (context.flags.bool('all') && context.flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
}

/** The objects as they are in the cluster, or as the files have them with `--local`. */
export async function objectsToSet(context: Context, args: readonly string[]): Promise<Info[]> {
  const local = context.flags.bool('local');
  const files = await readFiles(context);
  const everything = context.flags.bool('all');
  return infosOf(
    await findObjects(context, {
      args: local ? [] : args,
      ...(files && { files }),
      allowEmptySelector: everything,
      latest: !local,
      local,
    }),
  );
}

/** Sends the change, or only shows it, and reports. @throws CommandError that says what failed */
export async function sendChange(
  context: Context,
  printer: OperationPrinter,
  info: Info,
  change: ContainersChange,
  words: { readonly done: string; readonly failed: string },
): Promise<void> {
  const dryRun = dryRunOf(context);
  if (context.flags.bool('local') || dryRun === 'client') return printer.printTyped(asTyped(change.object), words.done);
  const backend = await context.backend();
  try {
    const patched = await backend.patch(info.resource, info.namespace, info.name, 'strategic', change.patch, {
      dryRun: dryRun === 'server',
      fieldManager: context.flags.string('field-manager'),
    });
    await printer.printTyped(patched, words.done);
  } catch (e) {
    throw isExpected(e) ? new CommandError(`failed to patch ${words.failed} ${e.message}`) : e;
  }
}
