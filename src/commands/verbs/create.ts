/** `stsctl create -f`. */

import { ApiError } from '../../core/api/status';
import type { Manifest } from '../../core/api/types';
import type { FieldValidation } from '../../core/client/backend';
import type { Info } from '../../core/client/builder';
import { CommandError, errorText, forEach, PlainError, withSource } from '../../core/client/errors';
import { infosOf, readableFirst } from '../../core/client/fetch';
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
import { RECORD, recorded } from '../record';
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
    RECORD,
    { name: 'raw', type: 'string', default: '', help: 'Post the file to this path of the API, as it is.' },
    { name: 'edit', type: 'bool', default: 'false', help: 'Open the file in an editor first.' },
    ...laterFlags(['windows-line-endings']),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  refuseArgs(context);
  if (flags.string('raw') !== '') return (await import('../raw-write')).writeRaw(context, 'create');
  const dryRun = dryRunOf(context);
  if (!hasFiles(flags)) throw new CommandError('must specify one of -f and -k');
  const validation = validationOf(flags);
  const printer = await OperationPrinter.create(context, dryRun);
  const files = await readFiles(context, validation !== 'Ignore');
  const entries = await findObjects(context, files ? { files } : {});
  if (flags.bool('edit')) return createEdited(context, infosOf(entries), validation, printer);
  if (entries.length === 0) throw new CommandError('no objects passed to create');
  const backend = await context.backend();
  await forEach(readableFirst(entries), async (entry) => {
    const [info] = infosOf([entry]);
    const manifest = maybeWithLastApplied(recorded(context, info.object as Manifest), flags.bool('save-config'));
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

/** Opens the manifests in an editor and creates what is saved. */
async function createEdited(
  context: Context,
  originals: readonly Info[],
  fieldValidation: FieldValidation,
  printer: OperationPrinter,
): Promise<void> {
  const { flags } = context;
  const { editObjects } = await import('../edit/session');
  const backend = await context.backend();
  await editObjects(context, {
    mode: 'objects',
    format: flags.string('output') === 'json' ? 'json' : 'yaml',
    originals,
    save: async (original, edited) => {
      const manifest = maybeWithLastApplied(recorded(context, edited), flags.bool('save-config'));
      try {
        const created = await backend.create(original.resource, original.namespace, manifest, {
          fieldValidation,
          fieldManager: flags.string('field-manager'),
        });
        await printer.print(created, 'created');
      } catch (e) {
        // A refusal ends it: the text stays in its file, and is not opened again.
        throw e instanceof ApiError ? new PlainError(errorText(e).text) : e;
      }
    },
  });
}
