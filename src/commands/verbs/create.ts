/** `stsctl create -f`. */

import type { Manifest } from '../../core/api/types';
import { CommandError, forEach, withSource } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { maybeWithLastApplied } from '../../core/client/last-applied';
import {
  DRY_RUN,
  fieldManager,
  fileFlags,
  laterFlags,
  outputFlags,
  SAVE_CONFIG,
  SELECTOR,
  VALIDATE,
} from '../flags/common';
import { dryRunOf, OperationPrinter, validationOf } from '../output/operations';
import { findObjects, hasFiles, readFiles, refuseArgs } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'create -f FILENAME',
  long: 'Creates objects from files or standard input. What exists already is an error.',
  examples: `# Create what web.yaml holds
stsctl create -f web.yaml

# Create a pod from standard input
cat pod.json | stsctl create -f -

# Create it so that apply can change it later
stsctl create -f web.yaml --save-config`,
  flags: [
    ...fileFlags('Files, folders or - for standard input with what to create.'),
    SELECTOR,
    DRY_RUN,
    VALIDATE,
    SAVE_CONFIG,
    fieldManager('kubectl-create'),
    ...outputFlags(),
    ...laterFlags(['edit', 'windows-line-endings'], ['raw']),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  refuseArgs(context);
  const dryRun = dryRunOf(context);
  if (!hasFiles(flags) && !flags.changed('filename')) throw new CommandError('must specify one of -f and -k');
  const validation = validationOf(flags);
  const printer = await OperationPrinter.create(context, dryRun);
  const files = await readFiles(context, validation !== 'Ignore');
  const entries = await findObjects(context, files ? { files } : {});
  if (entries.length === 0) throw new CommandError('no objects passed to create');
  const backend = await context.backend();
  await forEach(entries, async (entry) => {
    const [info] = infosOf([entry]);
    const manifest = maybeWithLastApplied(info.object as Manifest, flags.bool('save-config'));
    if (dryRun === 'client') return printer.print(manifest, 'created');
    try {
      const created = await backend.create(info.resource, info.namespace, manifest, {
        dryRun: dryRun === 'server',
        fieldValidation: validation,
        fieldManager: flags.string('field-manager'),
      });
      await printer.print(created, 'created');
    } catch (e) {
      throw withSource('creating', info.source, e);
    }
  });
}
