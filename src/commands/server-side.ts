/** The flags of server-side apply, which `apply` and `diff` share, and what they mean together. */
import type { DryRun } from '../core/client/apply';
import { CommandError } from '../core/client/errors';
import type { FlagSpec, Flags } from './flags/spec';

export const serverSideFlags = (): FlagSpec[] => [
  {
    name: 'server-side',
    type: 'bool',
    default: 'false',
    help: 'Let the API server merge, which knows who owns which field. The field manager is then "kubectl" by default.',
  },
  {
    name: 'force-conflicts',
    type: 'bool',
    default: 'false',
    help: 'With --server-side: take fields that other managers own.',
  },
];

/** @throws CommandError for flags that do not go together, in kubectl's order */
export function checkServerSide(flags: Flags, dryRun: DryRun): void {
  const serverSide = flags.bool('server-side');
  if (flags.bool('force-conflicts') && !serverSide)
    throw new CommandError('--force-conflicts only works with --server-side');
  if (dryRun === 'client' && serverSide)
    throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (!serverSide) {
    if (flags.has('subresource') && flags.string('subresource') !== '')
      throw new CommandError('--subresource can only be specified for --server-side');
    return;
  }
  if (flags.has('force') && flags.bool('force')) throw new CommandError('--force cannot be used with --server-side');
}

/** The manager's name: the one given, else the usual one of either way to apply (as GetApplyFieldManagerFlag). */
export const applyManager = (flags: Flags): string =>
  flags.changed('field-manager') || !flags.bool('server-side') ? flags.string('field-manager') : 'kubectl';

/** What server-side apply needs beside what every apply does. @throws CommandError */
export function serverSideOptions(flags: Flags): { force: boolean; subresource?: 'status' | 'scale' } {
  const force = flags.bool('force-conflicts');
  const subresource = flags.has('subresource') ? flags.string('subresource') : '';
  if (subresource === '') return { force };
  if (subresource === 'status' || subresource === 'scale') return { force, subresource };
  throw new CommandError(
    `invalid subresource value: ${JSON.stringify(subresource)}. Must be one of [status scale resize]`,
  );
}
