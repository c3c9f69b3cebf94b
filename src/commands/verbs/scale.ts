/** `stsctl scale`. */

import type { KubeObject, Manifest } from '../../core/api/types';
import { CommandError, throwAll } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { scaleObject } from '../../core/client/scale';
import { all, DRY_RUN, fileFlags, outputFlags, SELECTOR } from '../flags/common';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { RECORD, recordPatch } from '../record';
import { durationOf, findObjects, readFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  long: 'Changes the number of replicas of StatefulSets, if wanted only when it is what it is believed to be.',
  examples: `# Give StatefulSet web five pods
stsctl scale statefulset web --replicas=5

# Only if it has three now
stsctl scale statefulset/web --current-replicas=3 --replicas=5

# Scale everything with a label
stsctl scale sts -l tier=web --replicas=2`,
  flags: [
    ...fileFlags('Files that name what to scale.'),
    SELECTOR,
    all(),
    { name: 'replicas', type: 'int', default: '0', help: 'The new number of replicas. Required.', required: true },
    { name: 'current-replicas', type: 'int', default: '-1', help: 'Scale only if this is the number now; -1 for any.' },
    { name: 'resource-version', type: 'string', default: '', help: 'Scale only if this is the version now.' },
    { name: 'timeout', type: 'duration', default: '0s', help: 'Wait so long for the new number; 0 does not wait.' },
    DRY_RUN,
    ...outputFlags(),
    RECORD,
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  const replicas = flags.int('replicas');
  if (replicas < 0)
    throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  const currentReplicas = flags.int('current-replicas');
  if (currentReplicas < -1) throw new CommandError('The --current-replicas must specify an integer of -1 or greater');
  const files = await readFiles(context);
  const entries = await findObjects(context, {
    args: context.args,
    ...(files && { files }),
    allowEmptySelector: flags.bool('all'),
  });
  const infos = infosOf(entries.filter((e) => 'info' in e));
  const resourceVersion = flags.string('resource-version');
  if (resourceVersion !== '' && infos.length > 1)
    throw new CommandError('cannot use --resource-version with multiple resources');
  const failures = entries.flatMap((e) => ('error' in e ? [e.error] : []));
  if (infos.length === 0) {
    throwAll(failures);
    throw new CommandError('no objects passed to scale');
  }
  const timeout = durationOf(flags, 'timeout');
  const backend = await context.backend();
  for (const info of infos) {
    if (dryRun !== 'client')
      await scaleObject(backend, info, {
        replicas,
        ...(currentReplicas !== -1 && { currentReplicas }),
        ...(resourceVersion !== '' && { resourceVersion }),
        dryRun: dryRun === 'server',
        ...(timeout !== 0 && dryRun === 'none' && { waitMs: timeout }),
        beforeWait: () => io.flush(),
      });
    const noted = info.object && dryRun !== 'client' ? recordPatch(context, info.object) : undefined;
    if (noted)
      await backend.patch(info.resource, info.namespace, info.name, 'merge', noted, { dryRun: dryRun === 'server' });
    if (info.object) await printer.print(withReplicas(info.object, replicas), 'scaled');
  }
  throwAll(failures);
}

/** What is shown of an object: as it was found, but for the number that was asked for. */
const withReplicas = <T extends KubeObject | Manifest>(object: T, replicas: number): T =>
  typeof object.spec === 'object' ? { ...object, spec: { ...object.spec, replicas } } : object;
