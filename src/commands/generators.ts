/** Creating one object that the command line describes: what the commands under `create` share. */
import type { Manifest } from '../core/api/types';
import { mapResource } from '../core/client/builder';
import { CommandError, isExpected } from '../core/client/errors';
import { maybeWithLastApplied } from '../core/client/last-applied';
import { DRY_RUN, fieldManager, outputFlags, SAVE_CONFIG, VALIDATE } from './flags/common';
import type { FlagSpec } from './flags/spec';
import { dryRunOf, OperationPrinter, validationOf } from './output/operations';
import type { Context } from './verb';

export const generatorFlags = (): FlagSpec[] => [
  DRY_RUN,
  VALIDATE,
  SAVE_CONFIG,
  fieldManager('kubectl-create'),
  ...outputFlags(),
];

/** The only argument. @throws CommandError */
export function nameOf(context: Context): string {
  if (context.args.length !== 1)
    throw new CommandError(
      `exactly one NAME is required, got ${context.args.length}\nSee '${context.path} -h' for help and examples`,
    );
  if (context.args[0] === '') throw new CommandError('name must be specified');
  return context.args[0];
}

/** The kinds of `create` in which an absent NAME is told before anything else. Words behind `--` are no names. */
export function nameBeforeDash(context: Context): { readonly name: string; readonly words: readonly string[] } {
  const at = context.dashAt ?? context.args.length;
  if (at !== 1)
    throw new CommandError(`exactly one NAME is required, got ${at}\nSee '${context.path} -h' for help and examples`);
  return { name: nameOf({ ...context, args: context.args.slice(0, 1) }), words: context.args.slice(1) };
}

/** The namespace that a manifest says: only one that the user named. */
export const namespaceOf = (context: Context): { namespace?: string } =>
  context.explicitNamespace ? { namespace: context.namespace } : {};

/**
 * Creates it, or only shows it, and reports. `failure` is what kubectl calls the kind where it tells that creating failed; without
 * it a refusal is told as the server words it.
 */
export async function createGenerated(
  context: Context,
  type: string,
  object: Manifest,
  failure?: string,
): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const fieldValidation = flags.has('validate') ? validationOf(flags) : 'Strict';
  const printer = await OperationPrinter.create(context, dryRun);
  const manifest = maybeWithLastApplied(object, flags.bool('save-config'));
  if (dryRun === 'client') return printer.printTyped(manifest, 'created');
  const backend = await context.backend();
  const resource = await mapResource(backend, type);
  try {
    const created = await backend.create(resource, resource.namespaced ? context.namespace : undefined, manifest, {
      dryRun: dryRun === 'server',
      fieldValidation,
      fieldManager: flags.string('field-manager'),
    });
    await printer.printTyped(created, 'created');
  } catch (e) {
    throw failure !== undefined && isExpected(e) ? new CommandError(`failed to create ${failure} ${e.message}`) : e;
  }
}
