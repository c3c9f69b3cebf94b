/** `stsctl set selector`. */

import { asTyped } from '../../core/api/typed';
import type { KubeObject } from '../../core/api/types';
import { CommandError, forEach } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { createMergePatch } from '../../core/meta/patch/merge-patch';
import { all, DRY_RUN, fieldManager, fileFlags, outputFlags } from '../flags/common';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { RECORD, recorded } from '../record';
import { labelSelectorOf } from '../selector-flag';
import { checkLocal, findObjects, LOCAL, LOCAL_FILES, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  long: 'Changes which pods a Service finds. The whole selector is replaced.',
  examples: `# The Service nginx for other pods
stsctl set selector service nginx app=nginx,tier=front

# What a file would become
stsctl set selector -f svc.yaml app=other --local -o yaml`,
  flags: [
    ...fileFlags('Files that name what to change.')
      .filter((flag) => flag.name !== 'kustomize')
      .map((flag) => (flag.name === 'recursive' ? { ...flag, default: 'true' } : flag)),
    all(),
    LOCAL,
    { name: 'resource-version', type: 'string', default: '', help: 'Change it only if this is its version now.' },
    DRY_RUN,
    fieldManager('kubectl-set'),
    ...outputFlags(),
    RECORD,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun, { separate: false });
  const [resources, text] = [args.slice(0, -1), args.at(-1)];
  if (text === undefined) throw new CommandError('one selector is required');
  const selector = labelSelectorOf(text);
  const local = checkLocal(context, dryRun);
  if (local && resources.length > 0) throw new CommandError(LOCAL_FILES);
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args: resources,
    ...(files && { files }),
    allowEmptySelector: flags.bool('all'),
    latest: !local,
    local,
  });
  const backend = await context.backend();
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const before = info.object as KubeObject;
    if (selector.matchExpressions)
      throw new CommandError(`match expression [${shown(selector.matchExpressions)}] not supported on this object`);
    if (before.kind !== 'Service') throw new CommandError('setting a selector is only supported for Services');
    const version = flags.string('resource-version');
    const after = recorded(context, {
      ...before,
      metadata: { ...before.metadata, ...(version !== '' && { resourceVersion: version }) },
      spec: { ...(before.spec as object), selector: selector.matchLabels ?? {} },
    });
    if (local || dryRun === 'client') return printer.printTyped(local ? asTyped(after) : after, 'selector updated');
    const patched = await backend.patch(
      info.resource,
      info.namespace,
      info.name,
      'merge',
      createMergePatch({ ...before }, after),
      { dryRun: dryRun === 'server', fieldManager: flags.string('field-manager') },
    );
    await printer.printTyped(patched, 'selector updated');
  });
}

const shown = (expressions: readonly { key: string; operator: string; values?: readonly string[] }[]): string =>
  expressions.map(({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]}`).join(' ');
