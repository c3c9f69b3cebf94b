/** `stsctl set resources`. */
import type { KubeObject } from '../../core/api/types';
import { objectName } from '../../core/client/builder';
import { type ContainersChange, changeContainers } from '../../core/client/containers';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { parseAmounts, withResources } from '../../core/client/set-resources';
import { dryRunOf, OperationPrinter, objectText } from '../output/operations';
import { RECORD, recorded, recordPatch } from '../record';
import { objectsToSet, refuseAllWithSelector, sendChange, setFlags } from '../set';
import { checkLocal, LOCAL_FILES } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  long:
    'Sets limits and requests of containers in pods and in pod templates. A StatefulSet then rolls out the change.\n\n' +
    'Where a container has a limit and no request, the request becomes the limit.',
  examples: `# Limit the container nginx of a set
stsctl set resources sts/web -c nginx --limits=cpu=200m,memory=512Mi

# Limits and requests of all its containers
stsctl set resources sts/web --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi

# What that would look like
stsctl set resources sts/web --limits=cpu=300m --dry-run=client -o yaml`,
  flags: [
    ...setFlags(),
    RECORD,
    { name: 'limits', type: 'string', default: '', help: 'At most so much, as in cpu=200m,memory=512Mi.' },
    { name: 'requests', type: 'string', default: '', help: 'At least so much, as in cpu=100m,memory=256Mi.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, args } = context;
  const printer = await OperationPrinter.create(context, dryRunOf(context));
  if (flags.bool('local') && args.length > 0) throw new CommandError(LOCAL_FILES);
  checkLocal(context, dryRunOf(context));
  refuseAllWithSelector(context);
  const infos = await objectsToSet(context, args);
  if (flags.string('limits') === '' && flags.string('requests') === '')
    throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
  const limits = parseAmounts(flags.string('limits'));
  const requests = parseAmounts(flags.string('requests'));
  const pattern = flags.string('containers');
  const errors: unknown[] = [];
  for (const info of infos) {
    try {
      let change: ContainersChange;
      try {
        change = changeContainers(info, pattern, (container) => withResources(container, limits, requests));
      } catch (e) {
        if (!isExpected(e)) throw e;
        const name = flags.bool('local') ? objectText(info.object as KubeObject) : objectName(info);
        throw new CommandError(`error: ${name} ${e.message}\n`);
      }
      if (change.chosen.length === 0) throw new CommandError(`error: unable to find container named ${pattern}`);
      const noted = recordPatch(context, info.object as KubeObject);
      change = { ...change, object: recorded(context, change.object), patch: { ...change.patch, ...noted } };
      if (Object.keys(change.patch).length === 0) continue;
      await sendChange(context, printer, info, change, {
        done: 'resource requirements updated',
        failed: 'resources update to pod template',
      });
    } catch (e) {
      if (!isExpected(e)) throw e;
      errors.push(e);
    }
  }
  throwAll(errors);
}
