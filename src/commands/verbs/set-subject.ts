/** `stsctl set subject`. */
import type { KubeObject } from '../../core/api/types';
import { objectName } from '../../core/client/builder';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { deepEqual } from '../../core/meta/equal';
import { createMergePatch } from '../../core/meta/patch/merge-patch';
import { all, DRY_RUN, fieldManager, fileFlags, outputFlags, SELECTOR } from '../flags/common';
import { dryRunOf, OperationPrinter, objectText } from '../output/operations';
import { subjectFlags, subjectsOf } from '../rbac';
import { checkLocal, findObjects, LOCAL, LOCAL_FILES, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] ' +
    '[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  long: 'Adds users, groups and service accounts to a RoleBinding or a ClusterRoleBinding.',
  examples: `# Another user of a binding
stsctl create clusterrolebinding admin --clusterrole=admin --user=ann
stsctl set subject clusterrolebinding admin --user=ben

# A service account
stsctl create rolebinding viewer --clusterrole=view
stsctl set subject rolebinding viewer --serviceaccount=default:backup`,
  flags: [
    ...fileFlags('Files that name what to change.'),
    SELECTOR,
    all(),
    LOCAL,
    ...subjectFlags(),
    DRY_RUN,
    fieldManager('kubectl-set'),
    ...outputFlags(),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const local = checkLocal(context, dryRun);
  if (local && args.length > 0) throw new CommandError(LOCAL_FILES);
  const files = await readFiles(context);
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
  const infos = infosOf(
    await findObjects(context, {
      args,
      ...(files && { files }),
      allowEmptySelector: flags.bool('all'),
      latest: !local,
      local,
    }),
  );
  const added = subjectsOf(context);
  if (added.length === 0)
    throw new CommandError('you must specify at least one value of user, group or serviceaccount');
  const backend = await context.backend();
  const errors: unknown[] = [];
  for (const info of infos) {
    const before = info.object as KubeObject & { readonly subjects?: readonly object[] };
    if (before.kind !== 'RoleBinding' && before.kind !== 'ClusterRoleBinding') {
      const name = local ? objectText(before) : objectName(info);
      errors.push(
        new CommandError(`error: ${name} setting subjects is only supported for RoleBinding/ClusterRoleBinding`),
      );
      continue;
    }
    const subjects = [...(before.subjects ?? [])];
    for (const one of added) if (!subjects.some((other) => deepEqual(other, one))) subjects.push(one);
    if (subjects.length === (before.subjects ?? []).length) continue;
    const object = { ...before, subjects };
    try {
      if (local || dryRun === 'client') await printer.print(object, 'subjects updated');
      else {
        const patch = createMergePatch({ ...before }, object);
        const patched = await backend.patch(info.resource, info.namespace, info.name, 'merge', patch, {
          dryRun: dryRun === 'server',
          fieldManager: flags.string('field-manager'),
        });
        await printer.print(patched, 'subjects updated');
      }
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(new CommandError(`failed to patch subjects to rolebinding: ${e.message}`));
    }
  }
  throwAll(errors);
}
