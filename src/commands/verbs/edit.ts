/** `stsctl edit`. */
import { patchSchemaFor } from '../../core/api/patch-schema';
import type { Manifest } from '../../core/api/types';
import type { Info } from '../../core/client/builder';
import { CommandError } from '../../core/client/errors';
import { withLastApplied } from '../../core/client/last-applied';
import { goStringify } from '../../core/meta/gojson';
import { createMergePatch } from '../../core/meta/patch/merge-patch';
import { createTwoWayStrategic } from '../../core/meta/patch/strategic';
import { editFlags, editFormat, objectsToEdit } from '../edit/command';
import { editObjects } from '../edit/session';
import { SAVE_CONFIG } from '../flags/common';
import { subresourceOf } from '../get/structured';
import { OperationPrinter, validationOf } from '../output/operations';
import { recorded } from '../record';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'edit (RESOURCE/NAME | -f FILENAME)',
  long:
    'Opens objects of the cluster in an editor, and sends what was changed when the editor is left.\n\n' +
    'The editor is $KUBE_EDITOR, else $EDITOR, else vi. What the cluster refuses is opened again with the reason on top; ' +
    'leaving the editor without a further change gives up and keeps the text in a file.',
  examples: `# Edit StatefulSet web
stsctl edit statefulset/web

# With another editor, as JSON
KUBE_EDITOR=nano stsctl edit sts/web -o json

# Without a hand on the keyboard
KUBE_EDITOR='sed -i "s/replicas: 3/replicas: 4/"' stsctl edit sts web --output-patch`,
  flags: [
    ...editFlags('kubectl-edit'),
    SAVE_CONFIG,
    { name: 'output-patch', type: 'bool', default: 'false', help: 'Show the patch that is sent.' },
    { name: 'subresource', type: 'string', default: '', help: 'Edit the subresource status, scale or resize.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const format = editFormat(context);
  validationOf(flags);
  subresourceOf(flags.string('subresource'));
  const printer = await OperationPrinter.create(context, 'none');
  const originals = await objectsToEdit(context);
  await editObjects(context, {
    mode: 'objects',
    format,
    originals,
    save: (original, edited) => {
      const noted = recorded(context, edited);
      return save(context, original, flags.bool('save-config') ? withLastApplied(noted) : noted, printer);
    },
  });
}

async function save(context: Context, original: Info, edited: Manifest, printer: OperationPrinter): Promise<void> {
  const { flags, io } = context;
  const before = { ...(original.object as Manifest) };
  const schema = patchSchemaFor(original.resource);
  const patch = schema ? createTwoWayStrategic(before, { ...edited }, schema) : createMergePatch(before, { ...edited });
  if (Object.keys(patch).length === 0) return printer.print(edited, 'skipped');
  if ('apiVersion' in patch || 'kind' in patch || edited.metadata.name !== original.name)
    throw new CommandError('At least one of apiVersion, kind and name was changed');
  if (flags.bool('output-patch')) io.out(`Patch: ${goStringify(patch)}\n`);
  const backend = await context.backend();
  const subresource = subresourceOf(flags.string('subresource'));
  const { resource, namespace, name } = original;
  const patched = await backend.patch(resource, namespace, name, schema ? 'strategic' : 'merge', patch, {
    fieldValidation: validationOf(flags),
    fieldManager: flags.string('field-manager'),
    ...(subresource && { subresource }),
  });
  await printer.print(patched, 'edited');
}
