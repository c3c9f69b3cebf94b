/** `stsctl apply set-last-applied`. */

import { isNotFound } from '../../core/api/status';
import type { KubeObject, Manifest } from '../../core/api/types';
import { infoText } from '../../core/client/apply';
import { CommandError, forEach, withSource } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { annotationPatch, annotationText, lastApplied } from '../../core/client/last-applied';
import { DRY_RUN, fileFlags, outputFlags } from '../flags/common';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { findObjects, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'apply set-last-applied -f FILENAME',
  long: 'Writes down what a file holds as the configuration that was applied last; the object stays as it is.',
  examples: `# Take web.yaml for what was applied last
stsctl create -f web.yaml
stsctl apply set-last-applied -f web.yaml --create-annotation=true`,
  flags: [
    ...fileFlags('Files with what was applied.').filter((flag) => flag.name === 'filename'),
    {
      name: 'create-annotation',
      type: 'bool',
      default: 'false',
      help: 'Write the annotation also where there is none yet.',
    },
    DRY_RUN,
    ...outputFlags(),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const files = await readFiles(context);
  const entries = await findObjects(context, { ...(files && { files }) });
  const backend = await context.backend();
  const changes: { info: ReturnType<typeof infosOf>[number]; current: KubeObject; text: string }[] = [];
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    let current: KubeObject;
    try {
      current = await backend.get(info.resource, info.namespace, info.name);
    } catch (e) {
      if (isNotFound(e)) throw e;
      throw withSource(`retrieving current configuration of:\n${infoText(info)}\nfrom server for:`, info.source, e);
    }
    const before = lastApplied(current);
    if (before === undefined && !flags.bool('create-annotation'))
      throw new CommandError(
        `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the ` +
          'command with --create-annotation',
      );
    const text = annotationText(info.object as Manifest);
    if (before?.trim() === text.trim()) io.out(`set-last-applied ${info.name}: no changes required.\n`);
    else changes.push({ info, current, text });
  });
  for (const { info, current, text } of changes) {
    const patched =
      dryRun === 'client'
        ? current
        : await backend.patch(info.resource, info.namespace, info.name, 'merge', annotationPatch(text), {
            dryRun: dryRun === 'server',
          });
    await printer.print(patched, 'configured');
  }
}
