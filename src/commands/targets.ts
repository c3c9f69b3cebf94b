/** What several verbs do before their own work: read `-f`, find the targets, refuse arguments that make no sense. */

import type { DryRun } from '../core/client/apply';
import type { Subresource } from '../core/client/backend';
import { type Plan, plan } from '../core/client/builder';
import { CommandError } from '../core/client/errors';
import { type Entry, fetchAll } from '../core/client/fetch';
import { parseDuration } from '../core/meta/duration';
import type { FlagSpec, Flags } from './flags/spec';
import type { FileItems } from './manifests/read';
import type { Context } from './verb';

export const LOCAL: FlagSpec = {
  name: 'local',
  type: 'bool',
  default: 'false',
  help: 'Change what the files hold and print it; the cluster is left alone.',
};

/** With --local only files can be changed, and nothing goes to a server. @throws CommandError */
export function checkLocal(context: Context, dryRun: DryRun): boolean {
  const { flags } = context;
  if (!flags.bool('local')) return false;
  if (dryRun === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  return true;
}

/** Where a command with --local takes no arguments. */
export const LOCAL_FILES =
  'you must specify resources by --filename when --local is set.\n' +
  "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'";

/** As the builder refuses a local command without files, or with arguments. @throws CommandError */
export function needLocalFiles(context: Context, resources: readonly string[], file = 'pod'): void {
  if (!context.flags.bool('local')) return;
  if (resources.length > 0)
    throw new CommandError(
      `can only use local files by -f ${file}.yaml or --filename=${file}.json when --local=true is set`,
    );
  if (!hasFiles(context.flags))
    throw new CommandError(`one or more files must be specified as -f ${file}.yaml or --filename=${file}.json`);
}

export const hasFiles = (flags: Flags): boolean => flags.list('filename').length > 0;

/** The objects of `-f`, or undefined when the flag was not given. */
export async function readFiles(context: Context, checkHeaders = false): Promise<FileItems | undefined> {
  const { flags, host } = context;
  const filenames = flags.list('filename');
  if (filenames.length === 0) {
    if (flags.changed('filename'))
      throw new CommandError('one or more files must be specified as -f pod.yaml or --filename=pod.json');
    return undefined;
  }
  const { readManifests } = await import('./manifests/read');
  return readManifests(host, { filenames, recursive: flags.has('recursive') && flags.bool('recursive'), checkHeaders });
}

export interface FindOptions {
  readonly args?: readonly string[];
  readonly files?: FileItems;
  readonly allowEmptySelector?: boolean;
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
  readonly subresource?: string;
  readonly local?: boolean;
  /** Where `--selector` means something else. */
  readonly selector?: string;
}

/** Finds what the arguments, `-f`, `-l` and `--field-selector` name. */
export async function findTargets(context: Context, options: FindOptions): Promise<Plan> {
  const { flags } = context;
  return plan({
    backend: await context.backend(),
    namespace: context.namespace,
    explicitNamespace: context.explicitNamespace,
    selector: read(flags, 'selector'),
    fieldSelector: read(flags, 'field-selector'),
    ...options,
  });
}

/** Finds the targets and reads them. */
export async function findObjects(
  context: Context,
  options: Omit<FindOptions, 'subresource'> & {
    readonly latest?: boolean;
    readonly lazy?: boolean;
    readonly subresource?: Subresource;
  },
): Promise<Entry[]> {
  const { targets } = await findTargets(context, options);
  const { latest = false, lazy = false, subresource } = options;
  return fetchAll(await context.backend(), targets, { latest, lazy, ...(subresource && { subresource }) });
}

const read = (flags: Flags, name: string): string => (flags.has(name) ? flags.string(name) : '');

/** A usage mistake, with where help is to be found (as cmdutil.UsageErrorf). */
export const usageError = (context: Context, message: string): CommandError =>
  new CommandError(`${message}\nSee '${context.path} -h' for help and examples`);

export function refuseArgs(context: Context): void {
  if (context.args.length > 0) throw usageError(context, `Unexpected args: [${context.args.join(' ')}]`);
}

/** A duration flag in ms. */
export const durationOf = (flags: Flags, name: string): number => parseDuration(flags.string(name));
