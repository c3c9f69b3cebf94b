/** `stsctl delete`. */

import { kindName } from '../../core/api/resources';
import { isNotFound } from '../../core/api/status';
import type { DryRun } from '../../core/client/apply';
import type { Info } from '../../core/client/builder';
import { type Deleted, deleteObject, waitUntilGone } from '../../core/client/delete';
import { CommandError, forEach } from '../../core/client/errors';
import { type Entry, infosOf, readableFirst } from '../../core/client/fetch';
import { ALL_NAMESPACES, all, DRY_RUN, deleteFlags, FIELD_SELECTOR, fileFlags, SELECTOR } from '../flags/common';
import type { FlagSpec } from '../flags/spec';
import { dryRunOf, dryRunSuffix } from '../output/operations';
import { deleteOptions, type Removal, removalOf, warnOfCascade } from '../removal';
import { spinner } from '../spinner';
import { findObjects, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

const NOW: FlagSpec = {
  name: 'now',
  type: 'bool',
  default: 'false',
  help: 'Ask for the end at once: the same as --grace-period=1.',
};

export const verb: Verb = {
  usage: 'delete ([-f FILENAME] | TYPE [(NAME | -l label | --all)])',
  long:
    'Deletes objects by file, by name or by selector, and waits until they are gone.\n\n' +
    'Claims of a StatefulSet stay unless its persistentVolumeClaimRetentionPolicy says otherwise.',
  examples: `# Delete what web.yaml holds
stsctl delete -f web.yaml

# Delete a StatefulSet, but leave its pods running
stsctl delete statefulset web --cascade=orphan

# Delete pods by label
stsctl delete pods -l app=nginx

# Delete a pod without waiting for its end, at the risk of two pods with one identity
stsctl delete pod web-0 --grace-period=0 --force

# Be asked before anything is deleted
echo y | stsctl delete pods -l app=nginx --interactive

# Delete all claims; those in use would stay until their pods are gone
stsctl delete statefulset web
stsctl delete pvc --all`,
  flags: [
    ...fileFlags('Files, folders or - for standard input with what to delete.'),
    SELECTOR,
    FIELD_SELECTOR,
    all(),
    ALL_NAMESPACES,
    NOW,
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      help: 'What does not exist counts as deleted. On by itself with --all and selectors.',
    },
    { name: 'output', short: 'o', type: 'string', default: '', help: '"name" prints only what was deleted.' },
    DRY_RUN,
    ...deleteFlags('true'),
    {
      name: 'interactive',
      short: 'i',
      type: 'bool',
      default: 'false',
      help: 'Say what would be deleted, and ask before it is.',
    },
    { name: 'raw', type: 'string', default: '', help: 'Delete what is at this path of the API.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  if (flags.string('raw') !== '') return (await import('../raw-write')).deleteRaw(context);
  warnOfCascade(context);
  const dryRun = dryRunOf(context);
  if (flags.bool('now') && flags.int('grace-period') !== -1)
    throw new CommandError('--now and --grace-period cannot be specified together');
  const base = removalOf(flags);
  const removal: Removal = flags.bool('now') ? { ...base, gracePeriodSeconds: 1 } : base;
  const files = await readFiles(context);
  const selects = flags.bool('all') || flags.string('selector') !== '' || flags.string('field-selector') !== '';
  const ignoreNotFound = flags.bool('ignore-not-found') || (selects && !flags.changed('ignore-not-found'));
  const entries = await findObjects(context, {
    args: context.args,
    ...(files && { files }),
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    lazy: true,
  });
  validate(context, removal);
  if (flags.bool('interactive') && entries.length > 0 && !(await confirmed(context, entries))) return;

  const backend = await context.backend();
  const deleted: Deleted[] = [];
  let warnClusterScope = context.explicitNamespace && !flags.bool('all-namespaces');
  await forEach(readableFirst(entries), async (entry) => {
    const [info] = infosOf([entry]);
    try {
      if (warnClusterScope && !info.resource.namespaced) {
        io.warn('deleting cluster-scoped resources, not scoped to the provided namespace');
        warnClusterScope = false;
      }
      if (dryRun !== 'client')
        deleted.push(await deleteObject(backend, info, deleteOptions(removal, dryRun === 'server')));
      io.out(report(info, flags.string('output'), removal, dryRun));
    } catch (e) {
      if (!(ignoreNotFound && isNotFound(e))) throw e;
    }
  });
  if (entries.length === 0) return io.out('No resources found\n');
  if (!flags.bool('wait') || dryRun !== 'none') return;
  const deadline = (await backend.now()) + removal.timeoutMs;
  const waiting = spinner(context);
  try {
    await forEach(deleted, (one) =>
      waitUntilGone(backend, one, deadline, async () => {
        await io.flush();
        waiting.update(`waiting for ${one.info.resource.singular} ${one.info.name} to be gone`);
      }),
    );
  } finally {
    waiting.stop();
  }
}

/** Lists what would go and asks; anything but y is a no. */
async function confirmed({ io, host }: Context, entries: readonly Entry[]): Promise<boolean> {
  const infos = infosOf(entries.filter((entry) => 'info' in entry));
  io.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const { resource, name } of infos) io.out(`${kindName(resource)}/${name}\n`);
  io.out('Do you want to continue? (y/N): ');
  await io.flush();
  const answer = new TextDecoder().decode(await host.readStdin(ANSWER_LIMIT));
  if (/^\s*y\s*$/i.test(answer.split('\n')[0])) return true;
  io.out('deletion is cancelled\n');
  return false;
}

const ANSWER_LIMIT = 64 * 1024;

function validate(context: Context, removal: Removal): void {
  const { flags } = context;
  const output = flags.string('output');
  if (output !== '' && output !== 'name')
    throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
  if (!flags.bool('force')) return;
  if (removal.gracePeriodSeconds === 0)
    context.io.warn(
      'Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may ' +
        'continue to run on the cluster indefinitely.',
    );
  else throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
}

function report(info: Info, output: string, removal: Removal, dryRun: DryRun): string {
  const kind = kindName(info.resource);
  if (output === 'name') return `${kind}/${info.name}\n`;
  const operation = removal.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted';
  const from = info.namespace ? ` from ${info.namespace} namespace` : '';
  return `${kind} "${info.name}" ${operation}${from}${dryRunSuffix(dryRun)}\n`;
}
