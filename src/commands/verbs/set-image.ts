/** `stsctl set image`. */

import { asTyped } from '../../core/api/typed';
import type { KubeObject } from '../../core/api/types';
import { objectName } from '../../core/client/builder';
import { CommandError, isExpected, PlainError, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { parsePairs, splitPairs } from '../../core/client/metadata-edit';
import { imagePatch } from '../../core/client/set-image';
import { all, DRY_RUN, fieldManager, fileFlags, outputFlags, SELECTOR } from '../flags/common';
import { dryRunOf, OperationPrinter, objectText } from '../output/operations';
import { RECORD, recorded, recordPatch } from '../record';
import { checkLocal, findObjects, hasFiles, LOCAL, LOCAL_FILES, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  long: 'Changes the image of containers in pods and in pod templates. A StatefulSet then rolls out the change.',
  examples: `# Give the container nginx of StatefulSet web another image
stsctl set image statefulset/web nginx=nginx:1.22

# All containers of it
stsctl set image sts/web '*=nginx:1.22'

# The sets with a label
stsctl set image sts -l tier=web nginx=nginx:1.22`,
  flags: [
    ...fileFlags('Files that name what to change.'),
    SELECTOR,
    all(),
    DRY_RUN,
    fieldManager('kubectl-set'),
    ...outputFlags(),
    RECORD,
    LOCAL,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const { resources, pairs } = splitPairs(context.args, 'image');
  const images = parsePairs(pairs, 'image', false).set;
  const local = flags.bool('local');
  if (local && resources.length > 0) throw new CommandError(LOCAL_FILES);
  checkLocal(context, dryRun);
  const files = await readFiles(context);
  const infos = infosOf(
    await findObjects(context, {
      args: resources,
      ...(files && { files }),
      allowEmptySelector: flags.bool('all'),
      latest: !local,
      local,
    }),
  );
  validate(context, resources, images);
  const backend = await context.backend();
  const errors: unknown[] = [];
  for (const info of infos) {
    const before = info.object as KubeObject;
    let change: ReturnType<typeof imagePatch>;
    try {
      change = imagePatch(before, images, info.resource.version);
    } catch (e) {
      if (!isExpected(e)) throw e;
      const name = local ? objectText(before) : objectName(info);
      errors.push(new CommandError(`error: ${name} ${e.message}\n`));
      continue;
    }
    errors.push(
      ...change.missing.map((name) => new PlainError(`error: unable to find container named ${JSON.stringify(name)}`)),
    );
    const noted = recordPatch(context, before);
    if (!change.changed && !noted) continue;
    if (dryRun === 'client' || local) {
      const shown = recorded(context, change.object);
      await printer.printTyped(local ? asTyped(shown) : shown, 'image updated');
      continue;
    }
    try {
      const patched = await backend.patch(
        info.resource,
        info.namespace,
        info.name,
        'strategic',
        { ...change.patch, ...noted },
        {
          dryRun: dryRun === 'server',
          fieldManager: flags.string('field-manager'),
        },
      );
      await printer.printTyped(patched, 'image updated');
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(new CommandError(`failed to patch image update to pod template: ${e.message}`));
    }
  }
  throwAll(errors);
}

function validate(context: Context, resources: readonly string[], images: Readonly<Record<string, string>>): void {
  const { flags } = context;
  const errors: CommandError[] = [];
  if (flags.bool('all') && flags.string('selector') !== '')
    errors.push(new CommandError('cannot set --all and --selector at the same time'));
  if (resources.length === 0 && !hasFiles(flags))
    errors.push(new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>'));
  const names = Object.keys(images);
  if (names.length === 0) errors.push(new CommandError('at least one image update is required'));
  else if (names.length > 1 && names.includes('*'))
    errors.push(
      new CommandError(
        'all containers are already specified by *, but saw more than one container_name=container_image pairs',
      ),
    );
  throwAll(errors);
}
