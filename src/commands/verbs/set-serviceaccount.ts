/** `stsctl set serviceaccount`. */
import { patchSchemaFor } from '../../core/api/patch-schema';
import { asTyped } from '../../core/api/typed';
import type { KubeObject } from '../../core/api/types';
import { objectName } from '../../core/client/builder';
import { changePodSpec } from '../../core/client/containers';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { createTwoWayStrategic } from '../../core/meta/patch/strategic';
import { all, DRY_RUN, fieldManager, fileFlags, outputFlags } from '../flags/common';
import { dryRunOf, OperationPrinter, objectText } from '../output/operations';
import { RECORD, recorded } from '../record';
import { checkLocal, findObjects, LOCAL, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  long: 'Changes the service account of whatever carries a pod template. A StatefulSet then rolls out the change.',
  examples: `# Pods of the set web run as the service account backup
stsctl create serviceaccount backup
stsctl set serviceaccount statefulset web backup

# What a file would become
stsctl set sa -f api.json backup --local -o yaml`,
  flags: [
    ...fileFlags('Files that name what to change.'),
    all(),
    LOCAL,
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
  const printer = await OperationPrinter.create(context, dryRun);
  const local = checkLocal(context, dryRun);
  const account = args.at(-1);
  if (account === undefined) throw new CommandError('serviceaccount is required');
  const files = await readFiles(context);
  const infos = infosOf(
    await findObjects(context, {
      args: local ? [] : args.slice(0, -1),
      ...(files && { files }),
      allowEmptySelector: flags.bool('all'),
      latest: !local,
      local,
    }),
  );
  const backend = await context.backend();
  const errors: unknown[] = [];
  for (const info of infos) {
    const before = info.object as KubeObject;
    try {
      const name = local ? objectText(before) : objectName(info);
      const object = recorded(context, withAccount(before, account, name, info.resource.version));
      const patch = createTwoWayStrategic({ ...before }, { ...object }, patchSchemaFor(info.resource));
      if (local || dryRun === 'client') {
        await printer.printTyped(local ? asTyped(object) : object, 'serviceaccount updated');
        continue;
      }
      const patched = await backend.patch(info.resource, info.namespace, info.name, 'strategic', patch, {
        dryRun: dryRun === 'server',
        fieldManager: flags.string('field-manager'),
      });
      await printer.printTyped(patched, 'serviceaccount updated');
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e instanceof CommandError ? e : new CommandError(`failed to patch ServiceAccountName ${e.message}`));
    }
  }
  throwAll(errors);
}

function withAccount(before: KubeObject, account: string, name: string, version: string): KubeObject {
  const object = changePodSpec(before, (spec) => ({ ...spec, serviceAccountName: account }));
  if (object) return object;
  throw new CommandError(
    `error: ${name} the object is not a pod or does not have a pod template: *${version}.${before.kind}\n`,
  );
}
