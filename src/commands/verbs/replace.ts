/** `stsctl replace -f`. */

import { kindName } from '../../core/api/resources';
import { isNotFound } from '../../core/api/status';
import type { KubeObject, Manifest } from '../../core/api/types';
import type { WriteOptions } from '../../core/client/backend';
import type { Info } from '../../core/client/builder';
import { type Deleted, deleteObject, waitUntilGone } from '../../core/client/delete';
import { CommandError, forEach, withSource } from '../../core/client/errors';
import { infosOf, readableFirst } from '../../core/client/fetch';
import { maybeWithLastApplied } from '../../core/client/last-applied';
import { DRY_RUN, deleteFlags, fieldManager, fileFlags, outputFlags, SAVE_CONFIG, VALIDATE } from '../flags/common';
import { subresourceOf } from '../get/structured';
import { dryRunOf, OperationPrinter, validationOf } from '../output/operations';
import { cascadeOf, warnOfCascade } from '../removal';
import { durationOf, findObjects, hasFiles, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'replace -f FILENAME',
  long: 'Replaces objects as a whole by those in files or on standard input. With --force they are deleted and created anew.',
  examples: `# Replace web by what web.yaml says
stsctl replace -f web.yaml

# Delete it and create it again
stsctl replace --force -f web.yaml`,
  flags: [
    ...fileFlags('Files, folders or - for standard input with what to put in place.'),
    DRY_RUN,
    VALIDATE,
    SAVE_CONFIG,
    fieldManager('kubectl-replace'),
    ...deleteFlags('false'),
    ...outputFlags(),
    { name: 'raw', type: 'string', default: '', help: 'Put the file at this path of the API, as it is.' },
    { name: 'subresource', type: 'string', default: '', help: 'Replace the subresource status, scale or resize.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  if (flags.string('raw') !== '') return (await import('../raw-write')).writeRaw(context, 'replace');
  const dryRun = dryRunOf(context);
  const validation = validationOf(flags);
  warnOfCascade(context);
  const force = flags.bool('force');
  if (flags.int('grace-period') >= 0 && !force) throw new CommandError('--grace-period must have --force specified');
  if (durationOf(flags, 'timeout') !== 0 && !force) throw new CommandError('--timeout must have --force specified');
  if (force && dryRun !== 'none') throw new CommandError('--dry-run can not be used when --force is set');
  if (!hasFiles(flags)) throw new CommandError('must specify one of -f and -k');
  const subresource = subresourceOf(flags.string('subresource'));
  if (subresource && force) throw new CommandError('--subresource can not be used when --force is set');
  const printer = await OperationPrinter.create(context, dryRun);
  const files = await readFiles(context, validation !== 'Ignore');
  const entries = await findObjects(context, files ? { files } : {});
  if (entries.length === 0) throw new CommandError('no objects passed to replace');
  const write: WriteOptions = {
    dryRun: dryRun === 'server',
    fieldValidation: validation,
    fieldManager: flags.string('field-manager'),
    ...(subresource && { subresource }),
  };
  if (force) return replaceByForce(context, infosOf(entries), write, printer);
  await forEach(readableFirst(entries), async (entry) => {
    const [info] = infosOf([entry]);
    if (info.name === '')
      throw withSource('replacing', info.source, new CommandError('resource name may not be empty'));
    const manifest = maybeWithLastApplied(info.object as Manifest, flags.bool('save-config'));
    if (dryRun === 'client') return printer.print(manifest, 'replaced');
    try {
      await printer.print(await replaceOne(context, info, manifest, write), 'replaced');
    } catch (e) {
      throw withSource('replacing', info.source, e);
    }
  });
}

/** Takes the version of what is there, unless the file names one (as resource.Helper.Replace). */
async function replaceOne(context: Context, info: Info, manifest: Manifest, write: WriteOptions): Promise<KubeObject> {
  const backend = await context.backend();
  let versioned = manifest;
  if (!manifest.metadata.resourceVersion) {
    try {
      const { resourceVersion } = (await backend.get(info.resource, info.namespace, info.name)).metadata;
      versioned = { ...manifest, metadata: { ...manifest.metadata, resourceVersion } };
    } catch (e) {
      if (!isNotFound(e)) throw e;
    }
  }
  return backend.update(info.resource, info.namespace, versioned, write);
}

/** Deletes everything, waits until all of it is gone, and creates it anew (as forceReplace). What was not there is no error. */
async function replaceByForce(
  context: Context,
  infos: readonly Info[],
  write: WriteOptions,
  printer: OperationPrinter,
): Promise<void> {
  const { flags, io } = context;
  const backend = await context.backend();
  const grace = flags.int('grace-period');
  const deleted: Deleted[] = [];
  await forEach(infos, async (info) => {
    try {
      deleted.push(
        await deleteObject(backend, info, {
          propagationPolicy: cascadeOf(flags),
          // Nothing may be lost by accident: 0 means 1 here.
          ...(grace >= 0 && { gracePeriodSeconds: Math.max(grace, 1) }),
        }),
      );
    } catch (e) {
      if (isNotFound(e)) return;
      throw e;
    }
    if (printer.format.kind !== 'human') return;
    const from = info.namespace ? ` from ${info.namespace} namespace` : '';
    io.out(`${kindName(info.resource)} ${JSON.stringify(info.name)} deleted${from}\n`);
  });
  const deadline = (await backend.now()) + (durationOf(flags, 'timeout') || FIVE_MINUTES_MS);
  await forEach(deleted, (one) => waitUntilGone(backend, one, deadline, () => io.flush()));
  await forEach(infos, async (info) => {
    const manifest = maybeWithLastApplied(info.object as Manifest, flags.bool('save-config'));
    const { resourceVersion: _, uid: __, ...metadata } = manifest.metadata;
    const object = await backend.create(info.resource, info.namespace, { ...manifest, metadata }, write);
    await printer.print(object, 'replaced');
  });
}

const FIVE_MINUTES_MS = 5 * 60 * 1000;
