/** `stsctl create job`. */
import type { KubeObject, Manifest } from '../../core/api/types';
import { CommandError } from '../../core/client/errors';
import { infosOf } from '../../core/client/fetch';
import { createGenerated, generatorFlags, nameBeforeDash, namespaceOf } from '../generators';
import { findObjects } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  long: 'Creates a Job, from an image or from a CronJob. It is kept and shown; the simulated cluster runs no pods for it.',
  examples: `# A Job with a command
stsctl create job backup --image=busybox -- date

# The Job that a CronJob would start now
stsctl create cronjob nightly --image=busybox --schedule='0 3 * * *' -- date
stsctl create job tonight --from=cronjob/nightly`,
  flags: [
    ...generatorFlags(),
    { name: 'image', type: 'string', default: '', help: 'The image.' },
    { name: 'from', type: 'string', default: '', help: 'The CronJob to make it from, as in cronjob/NAME.' },
  ],
  run: async (context) => {
    const { name, words } = nameBeforeDash(context);
    const [image, from] = [context.flags.string('image'), context.flags.string('from')];
    if ((image === '') === (from === '')) throw new CommandError('either --image or --from must be specified');
    if (from !== '' && words.length > 0) throw new CommandError('cannot specify --from and command');
    const job = from === '' ? jobOf(context, name, image, words) : fromCronJob(name, await find(context, from));
    await createGenerated(context, 'jobs', job, 'job:');
  },
};

/** A pod template with one container, as `create job` and `create cronjob` describe it. */
export const podTemplate = (name: string, image: string, words: readonly string[], restartPolicy: string) => ({
  metadata: {},
  spec: {
    containers: [{ name, image, ...(words.length > 0 && { command: words }), resources: {} }],
    restartPolicy,
  },
});

const jobOf = (context: Context, name: string, image: string, words: readonly string[]): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, ...namespaceOf(context) },
  spec: { template: podTemplate(name, image, words, 'Never') },
  status: {},
});

async function find(context: Context, from: string): Promise<KubeObject> {
  const infos = infosOf(await findObjects(context, { args: [from], latest: true }));
  if (infos.length !== 1) throw new CommandError('from must be an existing cronjob');
  const object = infos[0].object as KubeObject;
  if (object.kind !== 'CronJob')
    throw new CommandError(`unknown object type *${infos[0].resource.version}.${object.kind}`);
  return object;
}

interface JobTemplate {
  readonly metadata?: { readonly labels?: object; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: object;
}

/** As createJobFromCronJob: the template's own labels and annotations, and who made it. */
function fromCronJob(name: string, cronJob: KubeObject): Manifest {
  const { jobTemplate } = cronJob.spec as { readonly jobTemplate: JobTemplate };
  const annotations = { 'cronjob.kubernetes.io/instantiate': 'manual', ...jobTemplate.metadata?.annotations };
  const { uid = '' } = cronJob.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(cronJob.metadata.namespace !== undefined && { namespace: cronJob.metadata.namespace }),
      annotations,
      ...(jobTemplate.metadata?.labels && { labels: { ...jobTemplate.metadata.labels } }),
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob.metadata.name, uid, controller: true },
      ],
    },
    spec: jobTemplate.spec,
    status: {},
  };
}
