/** `stsctl run`. */
import type { KubeObject, Manifest, Pod } from '../../core/api/types';
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
import { DRY_RUN, deleteFlags, fieldManager, fileFlags, laterFlags, outputFlags, SAVE_CONFIG } from '../flags/common';
import type { Flags } from '../flags/spec';
import { namespaceOf } from '../generators';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { overrideFlags, withOverrides } from '../overrides';
import { runningTimeout, runningTimeoutOf } from '../pod-target';
import { RECORD, recorded } from '../record';
import { usageError } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--command] -- [COMMAND] [args...]',
  long: 'Creates one pod that runs an image. With -i you are connected to its command; --rm deletes the pod afterwards.',
  examples: `# Look up a name from inside, and be gone
stsctl run dns-test --image=busybox:1.28 --restart=Never --rm -i -- nslookup web-0.nginx

# The same in a shell that takes what is typed, or piped in
echo 'nslookup web-1.nginx' | stsctl run -i dns-test --image=busybox:1.28 --restart=Never --rm -- /bin/sh

# With a port, a variable and labels
stsctl run api --image=nginx --port=80 --env=MODE=prod --labels=app=api,tier=web

# With a command of its own
stsctl run sleeper --image=busybox --command -- sleep 3600

# What it would look like
stsctl run shown --image=nginx --dry-run=client -o yaml`,
  flags: [
    { name: 'image', type: 'string', default: '', help: 'The image. Required.', required: true },
    { name: 'restart', type: 'string', default: 'Always', help: 'Always, OnFailure or Never.' },
    { name: 'image-pull-policy', type: 'string', default: '', help: 'Always, IfNotPresent or Never.' },
    { name: 'env', type: 'array', help: 'A variable of the container, as in MODE=prod.' },
    { name: 'port', type: 'string', default: '', help: 'The port that the container listens on.' },
    { name: 'labels', short: 'l', type: 'string', default: '', help: 'Labels, as in a=b,c=d; run=NAME if absent.' },
    { name: 'annotations', type: 'array', help: 'An annotation, as in a=b.' },
    { name: 'command', type: 'bool', default: 'false', help: 'What follows -- is the command, not its arguments.' },
    { name: 'expose', type: 'bool', default: 'false', help: 'Create a Service for the pod too; needs --port.' },
    { name: 'privileged', type: 'bool', default: 'false', help: 'Run the container privileged.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', help: 'Print only what the command prints.' },
    ...overrideFlags(),
    DRY_RUN,
    SAVE_CONFIG,
    fieldManager('kubectl-run'),
    ...outputFlags(),
    RECORD,
    { name: 'stdin', short: 'i', type: 'bool', default: 'false', help: 'Hand standard input to the command.' },
    { name: 'tty', short: 't', type: 'bool', default: 'false', help: 'Standard input is a terminal. Needs -i.' },
    {
      name: 'attach',
      type: 'bool',
      default: 'false',
      help: 'Wait until the pod runs and show what it prints. Default: with -i. With --restart=Never its exit code is ours.',
    },
    {
      name: 'rm',
      type: 'bool',
      default: 'false',
      help: 'Delete the pod after its command has ended. Needs -i or --attach.',
    },
    {
      name: 'leave-stdin-open',
      type: 'bool',
      default: 'false',
      help: 'Do not close the input of the command after the first connection.',
    },
    ...laterFlags([], ['detach-keys']),
    runningTimeout('1m0s'),
    ...[...fileFlags(''), ...deleteFlags('false')].map((flag) => ({ ...flag, later: true })),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags } = context;
  const wishes = wishesOf(context);
  const dryRun = dryRunOf(context);
  const printer = await OperationPrinter.create(context, dryRun);
  validate(context, wishes);
  const metadata = namespaceOf(context);
  const objects = [podOf(wishes, metadata), ...(flags.bool('expose') ? [serviceOf(wishes, metadata)] : [])];
  const backend = await context.backend();
  const create = async (object: Manifest) => {
    const resource = await mapResource(backend, object.kind === 'Pod' ? 'pods' : 'services');
    const wanted = object.kind === 'Pod' ? await withOverrides(context, resource, object) : object;
    const manifest = maybeWithLastApplied(recorded(context, wanted), flags.bool('save-config'));
    if (dryRun === 'client') return manifest;
    return backend.create(resource, context.namespace, manifest, {
      dryRun: dryRun === 'server',
      fieldManager: flags.string('field-manager'),
    });
  };
  const [pod, ...services] = objects;
  const print = (object: KubeObject | Manifest): Promise<void> => printer.printTyped(object as Manifest, 'created');
  const created = await create(pod);
  for (const service of services) {
    await print(await create(service));
    // kubectl divides the two by a line of its own, beside the one of its printer.
    if (printer.format.kind === 'yaml') context.io.out('---\n');
  }
  if (!isAttached(flags)) return print(created);
  const { joinPod } = await import('../join-pod');
  await joinPod(context, created as Pod, {
    restart: wishes.restart,
    remove: flags.bool('rm'),
    timeoutMs: runningTimeoutOf(context),
    services: services.length > 0,
  });
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
    stdin: flags.bool('stdin'),
    leaveStdinOpen: flags.bool('leave-stdin-open'),
    tty: flags.bool('tty'),
  };
}

const isAttached = (flags: Flags): boolean => (flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'));

function validate(context: Context, { name, image, port }: PodWishes): void {
  const { flags } = context;
  if (name === '') throw usageError(context, 'NAME is required for run');
  if (image === '') throw new CommandError('--image is required');
  if (!isImageReference(image))
    throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
  const attached = isAttached(flags);
  if (tty && !stdin) throw usageError(context, '-i/--stdin is required for containers with -t/--tty=true');
  if (flags.bool('expose') && port === undefined)
    throw usageError(context, '--port must be set when exposing a service');
  if (flags.bool('rm') && !attached) throw usageError(context, '--rm should only be used for attached containers');
  if (attached && dryRunOf(context) !== 'none')
    throw usageError(
      context,
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  if (port !== undefined && !/^[+-]?\d+$/.test(flags.string('port')))
    throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(flags.string('port'))}: invalid syntax`);
}
