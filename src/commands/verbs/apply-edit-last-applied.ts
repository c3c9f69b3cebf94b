/** `stsctl apply edit-last-applied`. */

import type { KubeObject, Manifest } from '../../core/api/types';
import type { Info } from '../../core/client/builder';
import { CommandError } from '../../core/client/errors';
import { annotationPatch, annotationText, lastApplied } from '../../core/client/last-applied';
import { deepEqual } from '../../core/meta/equal';
import { parseJson } from '../../core/meta/json';
import { editFlags, editFormat, objectsToEdit } from '../edit/command';
import { editObjects } from '../edit/session';
import { OperationPrinter } from '../output/operations';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'apply edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  long: 'Opens the configuration that was applied last in an editor; only the annotation that holds it is changed.',
  examples: `# Edit what was applied last to StatefulSet web
stsctl apply edit-last-applied sts/web

# As JSON
stsctl apply edit-last-applied -f web.yaml -o json`,
  flags: editFlags('kubectl-client-side-apply'),
  run,
};

async function run(context: Context): Promise<void> {
  const format = editFormat(context);
  const printer = await OperationPrinter.create(context, 'none');
  const originals = (await objectsToEdit(context)).flatMap((info): Info[] => {
    const text = lastApplied(info.object as KubeObject);
    return text === undefined ? [] : [{ ...info, object: parseJson(text) as Manifest }];
  });
  if (originals.length === 0)
    throw new CommandError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command ' +
        '`stsctl apply set-last-applied --create-annotation`',
    );
  await editObjects(context, {
    mode: 'last-applied',
    format,
    originals,
    save: (original, edited) => save(context, original, edited, printer),
  });
}

async function save(context: Context, original: Info, edited: Manifest, printer: OperationPrinter): Promise<void> {
  if (deepEqual(original.object, edited)) return printer.print(edited, 'skipped');
  const backend = await context.backend();
  const patch = annotationPatch(annotationText(edited));
  await backend.patch(original.resource, original.namespace, original.name, 'merge', patch, {
    fieldManager: context.flags.string('field-manager'),
  });
  await printer.print(edited, 'edited');
}
