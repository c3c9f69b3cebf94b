/** `stsctl taint`. */
import type { KubeObject } from '../../core/api/types';
import { CommandError, forEach } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { changedTaints, contradictions, parseTaints, type Taint, TaintSpecError } from '../../core/client/taints';
import { createMergePatch } from '../../core/meta/patch/merge-patch';
import { all, DRY_RUN, fieldManager, outputFlags, SELECTOR, VALIDATE } from '../flags/common';
import { mapKind } from '../kinds';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { findObjects, usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  long:
    'Marks nodes so that only pods which tolerate it are scheduled there: NoSchedule, PreferNoSchedule or NoExecute. A dash\n' +
    'behind it takes the taint away again. NoExecute also evicts the pods that run there and do not tolerate it.',
  examples: `# Keep pods off the node
stsctl taint nodes node-1 dedicated=databases:NoSchedule

# And let them in again
stsctl taint nodes node-1 dedicated=databases:NoSchedule
stsctl taint nodes node-1 dedicated:NoSchedule-

# Let the pods on the node go, too
stsctl taint nodes node-1 broken:NoExecute
stsctl taint nodes node-1 broken-

# Another value of a taint that is there
stsctl taint nodes --all dedicated=caches:NoSchedule --overwrite`,
  flags: [
    all('Every node.'),
    SELECTOR,
    { name: 'overwrite', type: 'bool', default: 'false', help: 'Replace taints that have another value.' },
    VALIDATE,
    DRY_RUN,
    fieldManager('kubectl-taint'),
    ...outputFlags(),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const { resources, specs } = splitArgs(context.args);
  const dryRun = dryRunOf(context);
  if (resources.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (specs.length === 0) throw new CommandError('at least one taint update is required');
  const edit = readEdit(context, specs);
  const { plural, group } = await mapKind(context, resources[0]);
  if (plural !== 'nodes' || group !== '')
    throw new CommandError(`invalid resource type ${resources[0]}, only node types are supported`);
  const everything = flags.bool('all');
  const selects = flags.string('selector') !== '';
  if (everything && selects) throw new CommandError("setting 'all' parameter with a non empty selector is prohibited");
  if (!everything && !selects && resources.length < 2)
    throw new CommandError("at least one resource name must be specified since 'all' parameter is not set");
  const both = contradictions(edit);
  if (both.length > 0)
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: ${both.join(', ')}`,
    );
  const names = selects || everything ? [] : resources.slice(1);
  const printer = await OperationPrinter.create(context, 'none', { separate: false });
  const entries = await findObjects(context, {
    args: ['nodes', ...names],
    allowEmptySelector: everything,
    latest: true,
  });
  const backend = await context.backend();
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const before = info.object as KubeObject & { readonly spec?: { readonly taints?: readonly Taint[] } };
    const change = changedTaints(before.spec?.taints ?? [], edit, flags.bool('overwrite'), info.name);
    const { taints: _, ...spec } = before.spec ?? {};
    const after = { ...before, spec: change.taints.length > 0 ? { ...spec, taints: change.taints } : spec };
    const shown =
      dryRun === 'client'
        ? after
        : await backend.patch(info.resource, undefined, info.name, 'merge', createMergePatch({ ...before }, after), {
            dryRun: dryRun === 'server',
            fieldManager: flags.string('field-manager'),
          });
    await printer.printTyped(shown, change.operation);
  });
}

/** Words with `=` or `:`, or a dash at the end, are taints (as the check of taint's Complete). */
function splitArgs(args: readonly string[]): { resources: string[]; specs: string[] } {
  const resources: string[] = [];
  const specs: string[] = [];
  for (const arg of args) {
    const isTaint = arg.includes('=') || arg.includes(':') || arg.endsWith('-');
    if (isTaint) specs.push(arg);
    else if (specs.length > 0) throw new CommandError(`all resources must be specified before taint changes: ${arg}`);
    else resources.push(arg);
  }
  return { resources, specs };
}

function readEdit(context: Context, specs: readonly string[]): ReturnType<typeof parseTaints> {
  try {
    return parseTaints(specs);
  } catch (e) {
    throw e instanceof TaintSpecError ? usageError(context, e.message) : e;
  }
}
