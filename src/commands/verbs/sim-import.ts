/** `stsctl sim import`. */
import { CommandError } from '../../core/client/errors';
import type { ImportedObject, ImportReport, Reading } from '../../core/client/import/types';
import { choiceOf, LOCAL } from '../cluster';
import { setNames } from '../set-names';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import type { Context, Verb } from '../verb';

/** A dump of a large cluster is large. */
const MAX_BYTES = 256 * 1024 * 1024;

export const verb: Verb = {
  usage: 'sim import (--context NAME | --kubeconfig FILE | -f FILE ...) [statefulsets/NAME ...]',
  long:
    'Takes over StatefulSets, or all of a namespace, as they are in a real cluster: with their pods, claims, volumes, ' +
    'revisions, services, budgets, what their pods refer to, and the nodes. Pods that run go on running, and nothing changes ' +
    'by itself. The real cluster is only read: with get and list, nothing else.\n\n' +
    'The files are what "kubectl get -o yaml" (or json) wrote, or the folder of a "kubectl cluster-info dump"; what is not ' +
    'among them is missing. A dump has no StatefulSets, revisions, claims and budgets.\n\n' +
    'Of Secrets the keys are kept and the values left out, unless --with-secrets is given. Volumes are empty. What may not ' +
    'be read, nodes or volumes, is replaced by what is known of it, with a warning. What is broken there (an image that ' +
    "can't be pulled, a node that can't be reached, a pod that does not get ready) is broken here.\n\n" +
    'A second import brings what was imported up to date: what has come of it here is gone then. Other objects stay as they ' +
    'are; where one is in the way nothing is imported without --overwrite.',
  examples: `# A StatefulSet of a real cluster
stsctl sim import --context prod -n db sts/web

# All of a namespace, into a state file of its own
stsctl sim import --context prod -n db --state db.json

# What somebody saved with kubectl get -o yaml
stsctl sim import -f web.yaml

# A folder that kubectl cluster-info dump --output-directory wrote
stsctl sim import -f dump/`,
  readsCluster: true,
  flags: [
    { name: 'filename', short: 'f', type: 'list', help: 'Files or folders to read instead of a cluster.' },
    { name: 'with-secrets', type: 'bool', default: 'false', help: 'Take the values of Secrets too.' },
    { name: 'with-events', type: 'bool', default: 'false', help: 'Take the events too.' },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'false',
      help: 'Replace objects of the same name that were not imported.',
    },
    SIM_OUTPUT,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const output = plainOutput(context);
  const sets = setNames(context.args, 'imported');
  const fromFiles = flags.list('filename').length > 0;
  const fromCluster = ['context', 'kubeconfig', 'cluster', 'server'].some((name) => flags.string(name) !== '');
  if (fromFiles && fromCluster)
    throw new CommandError('either read a cluster (--context, --kubeconfig) or files (-f), not both');
  if (!fromFiles && !fromCluster)
    throw new CommandError('say what to read: a cluster with --context or --kubeconfig, or files with -f');
  if (flags.string('context') === LOCAL)
    throw new CommandError(`--context ${LOCAL} is the simulated cluster itself: name a real one`);
  const reading = await (fromFiles ? readFiles(context, sets) : readReal(context, sets));
  const report = await (await simulation(context)).importObjects(reading, { overwrite: flags.bool('overwrite') });
  for (const warning of report.warnings) io.warn(warning);
  if (output) await printPlain(context, output, { apiVersion: 'stsctl.dev/v1', kind: 'ImportReport', ...report });
  else io.out(reportText(report));
}

async function readReal(context: Context, sets: readonly string[] | undefined): Promise<Reading> {
  const { flags, host, io } = context;
  const { clusters } = host;
  if (!clusters) throw new CommandError('no real cluster can be reached from here: use -f');
  const choice = choiceOf(flags);
  const located = await clusters.locate(choice);
  const backend = await clusters.open(choice, (text) => io.warn(text));
  try {
    const { readCluster } = await import('../../core/client/import/read-cluster');
    return await readCluster(backend, {
      namespace: flags.string('namespace') || located.namespace || 'default',
      ...(sets && { sets }),
      withSecrets: flags.bool('with-secrets'),
      withEvents: flags.bool('with-events'),
    });
  } finally {
    await backend.close();
  }
}

async function readFiles(context: Context, sets: readonly string[] | undefined): Promise<Reading> {
  const { flags, host } = context;
  const [{ readManifests }, { readFileObjects }] = await Promise.all([
    import('../manifests/read'),
    import('../../core/client/import/read-files'),
  ]);
  const { items } = await readManifests(host, {
    filenames: flags.list('filename'),
    recursive: true,
    maxBytes: MAX_BYTES,
  });
  return readFileObjects(items, {
    ...(flags.string('namespace') !== '' && { namespace: flags.string('namespace') }),
    fallback: context.namespace,
    ...(sets && { sets }),
    withSecrets: flags.bool('with-secrets'),
    withEvents: flags.bool('with-events'),
  });
}

const WORDS: Readonly<Record<ImportedObject['change'], string>> = {
  imported: 'imported',
  updated: 'updated',
  unchanged: 'unchanged',
  removed: 'removed',
  'stand-in': 'made up',
};

const reportText = ({ objects }: ImportReport): string =>
  objects
    .map(
      ({ kind, group, name, change }) =>
        `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name} ${WORDS[change]}\n`,
    )
    .join('');
