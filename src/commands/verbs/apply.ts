/** `stsctl apply`. */

import type { KubeObject, Manifest } from '../../core/api/types';
import { type ApplyOptions, applyObject, type DryRun } from '../../core/client/apply';
import type { Info } from '../../core/client/builder';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import {
  all,
  DRY_RUN,
  deleteFlags,
  fieldManager,
  fileFlags,
  laterFlags,
  outputFlags,
  SELECTOR,
  VALIDATE,
} from '../flags/common';
import { printStructured, withoutManagedFields } from '../output/format';
import { dryRunOf, OperationPrinter, validationOf } from '../output/operations';
import { asCalled } from '../program-name';
import { prune, pruneFlags, scopeOf } from '../prune';
import { RECORD, recorded } from '../record';
import { type Removal, recreate, removalOf } from '../removal';
import { applyManager, checkServerSide, serverSideFlags, serverSideOptions } from '../server-side';
import { findObjects, hasFiles, readFiles, refuseArgs } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'apply (-f FILENAME | -k DIRECTORY)',
  long:
    'Makes the cluster match the objects in files or on standard input: creates what is missing, changes what differs.\n\n' +
    'Fields that were never applied stay as they are; fields that were applied before and are gone from the file are removed.',
  examples: `# Apply everything in web.yaml
stsctl apply -f web.yaml

# Apply every manifest of a folder and of the folders in it
stsctl apply -R -f manifests/

# Apply what another program prints
helm template web ./chart | stsctl apply -f -

# Let the server merge: own exactly the fields of the file, and take those that others own
stsctl apply --server-side --force-conflicts -f web.yaml

# Do it under a name of its own
stsctl apply --server-side --force-conflicts --field-manager=deployer -f web.yaml

# Delete what was applied with this label and is in the file no more
stsctl apply --prune -l app=nginx -f web.yaml

# Show what would change
stsctl apply -f web.yaml --dry-run=server`,
  flags: [
    ...fileFlags('Files, folders or - for standard input with what to apply.'),
    SELECTOR,
    DRY_RUN,
    VALIDATE,
    fieldManager('kubectl-client-side-apply'),
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      help: 'Take the value of the file where the file and the cluster disagree.',
    },
    ...deleteFlags('false'),
    ...outputFlags(),
    RECORD,
    ...serverSideFlags(),
    {
      name: 'subresource',
      type: 'string',
      default: '',
      help: 'With --server-side: apply to the subresource status of the objects.',
    },
    ...pruneFlags(),
    all('With --prune: whatever its labels are.'),
    ...laterFlags([], ['applyset']),
    { name: 'openapi-patch', type: 'bool', default: 'true', help: '', hidden: true },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  refuseArgs(context);
  const dryRun = dryRunOf(context);
  const validation = validationOf(flags);
  const removal = removalOf(flags);
  if (flags.bool('force') && dryRun !== 'none')
    throw new CommandError(`--dry-run=${dryRun} cannot be used with --force`);
  checkServerSide(flags, dryRun);
  if (!hasFiles(flags)) throw new CommandError('must specify one of -f and -k');
  const printer = await OperationPrinter.create(context, dryRun);
  const scope = await scopeOf(context);
  const files = await readFiles(context, validation !== 'Ignore');
  const entries = await findObjects(context, files ? { files } : {});
  const errors: unknown[] = entries.flatMap((e) => ('error' in e ? [e.error] : []));
  const infos = infosOf(entries.filter((e) => 'info' in e));
  if (infos.length === 0 && errors.length === 0) throw new CommandError('no objects passed to apply');
  const shown: (KubeObject | Manifest)[] = [];
  for (const info of infos) {
    try {
      shown.push(await applyOne(context, info, dryRun, validation, removal, printer));
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e);
    }
  }
  // What fails is all that is said: nothing is printed of what went well before.
  throwAll(errors);
  if (printer.showsObjects) {
    // The List is one of Go's structs, what it holds is not: only its own fields come in their order.
    const list = { kind: 'List', apiVersion: 'v1', metadata: {}, items: shown };
    if (shown.length > 1 && printer.format.kind === 'json') {
      const { typedListAsJson } = await import('../../render/json');
      io.out(typedListAsJson(printer.format.showManaged ? shown : shown.map(withoutManagedFields)));
    } else if (shown.length > 0)
      io.out(
        await printStructured(
          printer.format,
          shown.length === 1 ? shown[0] : list,
          flags.bool('allow-missing-template-keys'),
        ),
      );
  }
  if (scope) await prune(context, scope, infos, shown, { removal, dryRun, printer });
}

async function applyOne(
  context: Context,
  read: Info,
  dryRun: DryRun,
  validation: ApplyOptions['validation'],
  removal: Removal,
  printer: OperationPrinter,
): Promise<KubeObject | Manifest> {
  const backend = await context.backend();
  const info = { ...read, object: recorded(context, read.object as Manifest) };
  const options: ApplyOptions = {
    dryRun,
    validation,
    fieldManager: applyManager(context.flags),
    warn: (text) => context.io.warn(asCalled(text, context.host.program)),
    ...(context.flags.bool('force') && {
      recreate: (_current: KubeObject, manifest: Manifest) => recreate(context, info, manifest, removal, validation),
    }),
  };
  if (context.flags.bool('server-side')) {
    const { applyServerSide } = await import('../../core/client/server-side-apply');
    const applied = await applyServerSide(backend, info, { ...options, ...serverSideOptions(context.flags) });
    if (!printer.showsObjects) await printer.print(applied, 'serverside-applied');
    return applied;
  }
  const { outcome, object } = await applyObject(backend, info, options);
  if (!printer.showsObjects) await printer.print(object, outcome);
  return object;
}
