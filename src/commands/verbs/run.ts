/** `stsctl run`. */
import type { Manifest } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import { CommandError } from '../../core/client/errors';
import { maybeWithLastApplied } from '../../core/client/last-applied';
import { parsePairs } from '../../core/client/metadata-edit';
import {
  isImageReference,
  type PodWishes,
  parseRunEnv,
  parseRunLabels,
  podOf,
  serviceOf,
} from '../../core/client/run-pod';
import { DRY_RUN, deleteFlags, fieldManager, laterFlags, outputFlags, SAVE_CONFIG } from '../flags/common';
import { notYet } from '../flags/spec';
import { namespaceOf } from '../generators';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--command] -- [COMMAND] [args...]',
  long: 'Creates one pod that runs an image.',
  examples: `# A pod that looks up names, not restarted
stsctl run dns-test --image=busybox:1.28 --restart=Never

# With a port, a variable and labels
stsctl run api --image=nginx --port=80 --env=MODE=prod --labels=app=api,tier=web

# With a command of its own
stsctl run sleeper --image=busybox --command -- sleep 3600

# What it would look like
stsctl run shown --image=nginx --dry-run=client -o yaml`,
  flags: [
    { name: 'image', type: 'string', default: '', help: 'The image. Required.' },
    { name: 'restart', type: 'string', default: 'Always', help: 'Always, OnFailure or Never.' },
    { name: 'image-pull-policy', type: 'string', default: '', help: 'Always, IfNotPresent or Never.' },
    { name: 'env', type: 'array', help: 'A variable of the container, as in MODE=prod.' },
    { name: 'port', type: 'string', default: '', help: 'The port that the container listens on.' },
    { name: 'labels', short: 'l', type: 'string', default: '', help: 'Labels, as in a=b,c=d; run=NAME if absent.' },
    { name: 'annotations', type: 'array', help: 'An annotation, as in a=b.' },
    { name: 'command', type: 'bool', default: 'false', help: 'What follows -- is the command, not its arguments.' },
    { name: 'expose', type: 'bool', default: 'false', help: 'Create a Service for the pod too; needs --port.' },
    { name: 'privileged', type: 'bool', default: 'false', help: 'Run the container privileged.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', help: 'Taken for compatibility.', hidden: true },
    DRY_RUN,
    SAVE_CONFIG,
    fieldManager('kubectl-run'),
    ...outputFlags(),
    { name: 'stdin', short: 'i', type: 'bool', help: '', hidden: true },
    { name: 'tty', short: 't', type: 'bool', help: '', hidden: true },
    { name: 'attach', type: 'bool', help: '', hidden: true },
    { name: 'rm', type: 'bool', help: '', hidden: true },
    ...laterFlags(
      ['leave-stdin-open'],
      ['overrides', 'override-type', 'detach-keys', 'pod-running-timeout', 'filename', 'kustomize'],
    ),
    ...deleteFlags('false').map((flag) => ({ ...flag, later: true })),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  if (!flags.changed('image')) throw new CommandError('required flag(s) "image" not set');
  const wishes = wishesOf(context);
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  validate(context, wishes);
  const metadata = namespaceOf(context);
  const objects = [podOf(wishes, metadata), ...(flags.bool('expose') ? [serviceOf(wishes, metadata)] : [])];
  const backend = await context.backend();
  const create = async (object: Manifest) => {
    const manifest = maybeWithLastApplied(object, flags.bool('save-config'));
    if (dryRun === 'client') return manifest;
    const resource = await mapResource(backend, object.kind === 'Pod' ? 'pods' : 'services');
    return backend.create(resource, context.namespace, manifest, {
      dryRun: dryRun === 'server',
      fieldManager: flags.string('field-manager'),
    });
  };
  const [pod, ...services] = objects;
  await printer.print(await create(pod), 'created');
  for (const service of services) await printer.print(await create(service), 'created');
}

function wishesOf(context: Context): PodWishes {
  const { flags, args } = context;
  const annotations = parsePairs(flags.list('annotations'), 'annotations', false).set;
  const labels = parseRunLabels(flags.string('labels'));
  const env = parseRunEnv(flags.list('env'));
  const restart = flags.string('restart') || 'Always';
  if (!['Always', 'OnFailure', 'Never'].includes(restart))
    throw usageError(context, `invalid restart policy: ${restart}`);
  const pullPolicy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pullPolicy))
    throw usageError(context, `invalid image pull policy: ${pullPolicy}`);
  const port = flags.string('port');
  const [name = '', ...words] = args;
  return {
    name,
    image: flags.string('image'),
    restart,
    pullPolicy,
    labels,
    annotations,
    env,
    port: port === '' ? undefined : Number(port),
    privileged: flags.bool('privileged'),
    words,
    isCommand: flags.bool('command'),
  };
}

function validate(context: Context, { name, image, port }: PodWishes): void {
  const { flags } = context;
  if (name === '') throw usageError(context, 'NAME is required for run');
  if (image === '') throw usageError(context, '--image is required');
  if (!isImageReference(image))
    throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
  const attached = flags.changed('attach') ? flags.bool('attach') : stdin;
  if (tty && !stdin) throw usageError(context, '-i/--stdin is required for containers with -t/--tty=true');
  if (flags.bool('expose') && port === undefined)
    throw usageError(context, '--port must be set when exposing a service');
  if (flags.bool('rm') && !attached) throw usageError(context, '--rm should only be used for attached containers');
  if (attached && dryRunOf(context) !== 'none')
    throw usageError(
      context,
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  for (const flag of ['stdin', 'tty', 'attach', 'rm']) if (flags.bool(flag)) throw notYet(`the flag --${flag}`);
  if (port !== undefined && !/^[+-]?\d+$/.test(flags.string('port')))
    throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(flags.string('port'))}: invalid syntax`);
}
