/** `apply --prune` and `diff --prune`: their flags, and taking away what the files no longer hold. */
import type { KubeObject, Manifest } from '../core/api/types';
import type { DryRun } from '../core/client/apply';
import type { Info } from '../core/client/builder';
import { CommandError } from '../core/client/errors';
import { OUTSIDE_WARNING, type PruneScope, pruneScope, staleObjects } from '../core/client/prune';
import type { FlagSpec, Flags } from './flags/spec';
import type { OperationPrinter } from './output/operations';
import { asCalled } from './program-name';
import { deleteOptions, type Removal } from './removal';
import type { Context } from './verb';

export const pruneFlags = (): FlagSpec[] => [
  {
    name: 'prune',
    type: 'bool',
    default: 'false',
    help: 'Delete what was applied before, matches -l (or anything, with --all) and is in no file any more.',
  },
  {
    name: 'prune-allowlist',
    type: 'array',
    help: 'Kinds that --prune may delete, as GROUP/VERSION/KIND, instead of the usual ones.',
  },
];

/** The kinds to look through, or undefined without --prune. @throws CommandError for flags that don't go together */
export async function scopeOf(context: Context): Promise<PruneScope | undefined> {
  const { flags } = context;
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
  if (!flags.bool('prune')) return undefined;
  checkPrune(flags);
  const scope = await pruneScope(await context.backend(), flags.list('prune-allowlist'));
  if (scope.isDefault && context.explicitNamespace && scope.clusterWide.length > 0)
    context.io.err(`W ${asCalled(OUTSIDE_WARNING, context.host.program)}\n`);
  return scope;
}

/** The kinds that `diff --prune` looks through, or undefined without it. @throws CommandError */
export async function scopeOfDiff({ flags, io, host, backend }: Context): Promise<PruneScope | undefined> {
  if (!flags.bool('prune')) return undefined;
  const scope = await pruneScope(await backend(), flags.list('prune-allowlist'));
  if (scope.isDefault && scope.clusterWide.length > 0) io.err(`W ${asCalled(OUTSIDE_WARNING, host.program)}\n`);
  return scope;
}

function checkPrune(flags: Flags): void {
  if (!flags.bool('all') && flags.string('selector') === '')
    throw new CommandError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. ' +
        'If you did not mean to prune all resources, specify a label selector',
    );
  if (flags.bool('server-side'))
    throw new CommandError("--prune is in alpha and doesn't currently work on objects created by server-side apply");
}

/** Deletes what is left over and reports each object as pruned. */
export async function prune(
  context: Context,
  scope: PruneScope,
  infos: readonly Info[],
  applied: readonly (KubeObject | Manifest)[],
  how: { readonly removal: Removal; readonly dryRun: DryRun; readonly printer: OperationPrinter },
): Promise<void> {
  const backend = await context.backend();
  const visited = new Set(applied.flatMap(({ metadata }) => (metadata.uid ? [metadata.uid] : [])));
  for await (const { resource, object } of staleObjects(
    backend,
    scope,
    infos,
    visited,
    context.flags.string('selector'),
  )) {
    const { name, namespace } = object.metadata;
    if (how.dryRun !== 'client')
      await backend.delete(resource, namespace, name, deleteOptions(how.removal, how.dryRun === 'server'));
    await how.printer.print(object, 'pruned');
  }
}
