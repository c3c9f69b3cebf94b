/** What `edit` and `apply edit-last-applied` share: their flags and their objects. */
import type { Info } from '../../core/client/builder';
import { CommandError } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { fieldManager, fileFlags, laterFlags, outputFlags, VALIDATE } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { subresourceOf } from '../get/structured';
import { withoutManagedFields } from '../output/format';
import { RECORD } from '../record';
import { findObjects, readFiles } from '../targets';
import type { Context } from '../verb';

export const editFlags = (manager: string): FlagSpec[] => [
  ...fileFlags('Files that name what to edit.'),
  VALIDATE,
  fieldManager(manager),
  ...outputFlags(),
  RECORD,
  ...laterFlags(['windows-line-endings']),
];

/** `-o`. @throws CommandError */
export function editFormat(context: Context): 'yaml' | 'json' {
  const output = context.flags.string('output');
  if (output === '' || output === 'yaml') return 'yaml';
  if (output === 'json') return 'json';
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,kyaml,yaml`,
  );
}

/** The objects named, as the cluster has them. @throws CommandError where there is none */
export async function objectsToEdit(context: Context): Promise<Info[]> {
  const { flags } = context;
  const subresource = flags.has('subresource') ? subresourceOf(flags.string('subresource')) : undefined;
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args: context.args,
    ...(files && { files }),
    allowEmptySelector: true,
    latest: true,
    ...(subresource && { subresource }),
  });
  const infos = infosOf(entries);
  if (infos.length === 0) throw new CommandError('edit cancelled, no objects found');
  if (context.flags.bool('show-managed-fields')) return infos;
  return infos.map((info) => (info.object ? { ...info, object: withoutManagedFields(info.object) } : info));
}
