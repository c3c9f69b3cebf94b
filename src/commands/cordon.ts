/** Marking nodes as closed or open for new pods: what `cordon` and `uncordon` share (as kubectl's drain package). */
import type { KubeObject, Manifest } from '../core/api/types';
import type { DryRun } from '../core/client/apply';
import type { Info } from '../core/client/builder';
import { isExpected } from '../core/client/errors';
import { infosOf } from '../core/client/fetch';
import { DRY_RUN, SELECTOR } from './flags/common';
import type { FlagSpec } from './flags/spec';
import { dryRunOf, OperationPrinter } from './output/operations';
import { findObjects, usageError } from './targets';
import type { Context } from './verb';

export const cordonFlags = (): FlagSpec[] => [
  DRY_RUN,
  SELECTOR,
  { name: 'output', type: 'string', default: '', help: '', hidden: true },
  { name: 'template', type: 'string', default: '', help: '', hidden: true },
];

/**
 * Closes the nodes named, or opens them, and reports each. Returns them as they were found. `check` looks at what else the
 * command line says, before anything is asked of the cluster.
 */
export async function setSchedulable(
  context: Context,
  verb: 'cordon' | 'uncordon',
  check = (): void => {},
  usage: string = verb,
): Promise<{ readonly nodes: readonly Info[]; readonly dryRun: DryRun }> {
  const { args, flags, io } = context;
  const dryRun = dryRunOf(context);
  if (args.length === 0 && !flags.changed('selector')) throw usageError(context, `USAGE: ${usage} NODE [flags]`);
  if (args.length > 0 && flags.string('selector') !== '')
    throw usageError(context, 'error: cannot specify both a node name and a --selector option');
  check();
  const printer = await OperationPrinter.create(context, dryRun);
  const backend = await context.backend();
  const entries = await findObjects(context, { args: ['nodes', ...args], allowEmptySelector: true, latest: true });
  // The first node that is not there ends it, unlike in most commands.
  const nodes = infosOf(entries.slice(0, entries.findIndex((entry) => 'error' in entry) + 1 || entries.length));
  for (const info of nodes) {
    let object = info.object as KubeObject | Manifest;
    const closed = (object.spec as { readonly unschedulable?: boolean } | undefined)?.unschedulable === true;
    if (closed === (verb === 'cordon')) {
      await printer.print(object, `already ${verb}ed`);
      continue;
    }
    try {
      if (dryRun !== 'client')
        object = await backend.patch(
          info.resource,
          undefined,
          info.name,
          'strategic',
          { spec: { unschedulable: verb === 'cordon' ? true : null } },
          { dryRun: dryRun === 'server', fieldManager: 'kubectl' },
        );
      await printer.print(object, `${verb}ed`);
    } catch (e) {
      if (!isExpected(e)) throw e;
      io.err(`error: unable to ${verb} node ${JSON.stringify(info.name)}: ${e.message}\n`);
    }
  }
  return { nodes, dryRun };
}
