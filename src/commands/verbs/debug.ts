/** `stsctl debug`. */
import { ApiError, isNotFound } from '../../core/api/status';
import type { KubeObject, Pod } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import {
  type DebugWishes,
  debugContainer,
  debugCopy,
  PROFILES,
  type Profile,
  userWarning,
} from '../../core/client/debug';
import { CommandError, isExpected } from '../../core/client/errors';
import { isImageReference } from '../../core/client/run-pod';
import { until } from '../../core/client/watching';
import { attached } from '../attached';
import { laterFlags } from '../flags/common';
import { findOne } from '../pod-target';
import { hasFiles } from '../targets';
import type { Context, Verb } from '../verb';

const bool = (name: string, help: string, value = 'false', short?: string) =>
  ({ name, type: 'bool', default: value, help, ...(short && { short }) }) as const;
const text = (name: string, help: string, value = '', short?: string) =>
  ({ name, type: 'string', default: value, help, ...(short && { short }) }) as const;
const copied = (what: string): string => `${what} With --copy-to.`;

export const verb: Verb = {
  usage: 'debug (POD | TYPE/NAME) --image=IMAGE [-it] [--target=CONTAINER] [--copy-to=NAME] [-- COMMAND [args...]]',
  long:
    'Puts a container of your choice beside those of a pod that runs, to look around in it: an ephemeral container, which is ' +
    'started once and stays in the pod; or, with --copy-to, in a copy of the pod. Nodes are not debugged: a simulated one has no ' +
    'files and processes.',
  examples: `# Look around in a pod, with the tools of another image
stsctl debug web-0 -it --image=busybox

# Run one command there, and read what it said
stsctl debug web-0 --image=busybox -c probe -- wget -qO- localhost
stsctl logs web-0 -c probe

# In a copy of the pod, whose own container sleeps instead of crashing
stsctl debug web-0 --copy-to=web-debug -c nginx -- sleep 3600

# In a copy with another image
stsctl debug web-0 --copy-to=web-debug --set-image=nginx=nginx:1.29`,
  flags: [
    { name: 'filename', short: 'f', type: 'list', help: 'A file that names the pod.' },
    text('image', 'The image of the container.'),
    text('container', 'The name of the container; one that is free unless told.', '', 'c'),
    text('target', 'The container whose processes it should see.'),
    text('profile', 'What the container may do: general, baseline, restricted, netadmin or sysadmin.', 'general'),
    bool('stdin', 'Keep its standard input open, and attach to it.', 'false', 'i'),
    bool('tty', 'Give it a terminal. Needs -i.', 'false', 't'),
    bool('attach', 'Wait until it runs, and attach to it; with -i unless told.'),
    bool('quiet', 'Print only what the container prints.', 'false', 'q'),
    { name: 'env', type: 'list', help: 'Its environment, as NAME=value.' },
    text('image-pull-policy', 'Always, IfNotPresent or Never; what the cluster thinks right unless told.'),
    bool('arguments-only', 'What stands behind -- are arguments of what the image runs.'),
    text('copy-to', 'Work on a copy of the pod, which gets this name.'),
    bool('replace', copied('Delete the pod that was copied.')),
    bool('same-node', copied('Put the copy on the same node.')),
    bool('share-processes', copied('The containers of the copy see each other.'), 'true'),
    { name: 'set-image', type: 'list', help: copied('Other images of its containers, as NAME=image; * for all.') },
    bool('keep-labels', copied('The copy keeps the labels.')),
    bool('keep-annotations', copied('The copy keeps the annotations.')),
    bool('keep-liveness', copied('The copy keeps the liveness probes.')),
    bool('keep-readiness', copied('The copy keeps the readiness probes.')),
    bool('keep-startup', copied('The copy keeps the startup probes.')),
    bool('keep-init-containers', copied('The copy keeps the init containers.'), 'true'),
    ...laterFlags([], ['custom']),
  ],
  run,
};

/** What the command line says, looked through. */
interface Asked {
  readonly targets: readonly string[];
  readonly wishes: DebugWishes;
  readonly attaches: boolean;
}

async function run(context: Context): Promise<void> {
  const asked = askedOf(context);
  const { targets } = asked;
  for (const word of targets.length > 0 ? targets : ['']) {
    const { resource, object } = await findOne(context, word);
    if (resource.group === '' && resource.kind === 'Node')
      throw new CommandError(
        'nodes are not debugged: a pod of your own with spec.nodeName is put on one, and finds neither its files nor its processes',
      );
    if (resource.group !== '' || resource.kind !== 'Pod')
      throw new CommandError(
        `${JSON.stringify(`${resource.group}/${resource.version}, Kind=${resource.kind}`)} not supported by debug`,
      );
    await debug(context, object as Pod, asked);
  }
}

async function debug(context: Context, pod: Pod, { wishes, attaches }: Asked): Promise<void> {
  const copyTo = context.flags.string('copy-to');
  const made = copyTo ? await inCopy(context, pod, wishes, copyTo) : await inPod(context, pod, wishes);
  if (attaches && made.container !== '') await join(context, made.pod, made.container);
}

interface Made {
  readonly pod: Pod;
  /** Empty where there is none to attach to. */
  readonly container: string;
}

async function inPod(context: Context, pod: Pod, wishes: DebugWishes): Promise<Made> {
  const { flags, io } = context;
  const backend = await context.backend();
  const { container, patch } = debugContainer(pod, { ...wishes, target: flags.string('target') });
  io.err(userWarning(container, pod) ?? '');
  const { namespace, name } = pod.metadata;
  const pods = await mapResource(backend, 'pods');
  const options = { subresource: 'ephemeralcontainers', fieldManager: 'kubectl-debug' } as const;
  try {
    const changed = await backend.patch(pods, namespace, name, 'strategic', patch, options);
    return { pod: changed as Pod, container: container.name };
  } catch (e) {
    // Where the part itself is not there, no pod is named.
    if (e instanceof ApiError && isNotFound(e) && !e.status.details?.name)
      throw new CommandError(
        `ephemeral containers are disabled for this cluster (error from server: ${JSON.stringify(e.message)})`,
      );
    throw e;
  }
}

async function inCopy(context: Context, pod: Pod, wishes: DebugWishes, name: string): Promise<Made> {
  const { flags, io } = context;
  const backend = await context.backend();
  const { copy, container } = debugCopy(pod, {
    ...wishes,
    name,
    sameNode: flags.bool('same-node'),
    shareProcesses: flags.changed('share-processes') ? flags.bool('share-processes') : undefined,
    images: Object.fromEntries(pairsOf(context, 'set-image')),
    keeps: {
      labels: flags.bool('keep-labels'),
      annotations: flags.bool('keep-annotations'),
      liveness: flags.bool('keep-liveness'),
      readiness: flags.bool('keep-readiness'),
      startup: flags.bool('keep-startup'),
      inits: flags.bool('keep-init-containers'),
    },
  });
  const { spec } = copy as unknown as Pod;
  io.err(
    userWarning(
      spec.containers.find((one) => one.name === container),
      { spec },
    ) ?? '',
  );
  const pods = await mapResource(backend, 'pods');
  const { namespace } = pod.metadata;
  const created: KubeObject = await backend.create(pods, namespace, copy, { fieldManager: 'kubectl-debug' });
  if (flags.bool('replace')) await backend.delete(pods, namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
  return { pod: created as Pod, container };
}

/** Waits until the container runs, and joins it; shows its log where it has ended or can't be joined. */
async function join(context: Context, pod: Pod, container: string): Promise<void> {
  const { io } = context;
  const { namespace = '', name } = pod.metadata;
  const running = await begun(context, pod, container);
  const backend = await context.backend();
  const log = async (): Promise<void> => {
    for await (const line of backend.logs(namespace, name, { container })) io.out(line);
  };
  if (stateOf(running, container)?.terminated) return log();
  try {
    await attached(context, running, container);
  } catch (e) {
    if (!isExpected(e)) throw e;
    io.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${e.message}\n`);
    await log();
  }
}

const stateOf = ({ status }: Pod, container: string) =>
  [...(status.ephemeralContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    ({ name }) => name === container,
  )?.state;

const TIMEOUT_MS = 300_000;

async function begun(context: Context, { metadata }: Pod, container: string): Promise<Pod> {
  const backend = await context.backend();
  const resource = await mapResource(backend, 'pods');
  let last: Pod | undefined;
  const told = new Set<string>();
  const ended = await until(
    backend,
    { resource, namespace: metadata.namespace, name: metadata.name },
    { deadline: (await backend.now()) + TIMEOUT_MS, beforeWait: () => context.flushWhileWaiting() },
    (object) => {
      if (!object) throw new CommandError(`pods ${JSON.stringify(metadata.name)} not found`);
      last = object as Pod;
      const state = stateOf(last, container);
      const { message } = state?.waiting ?? {};
      if (message && !told.has(message)) context.io.err(`Warning: container ${container}: ${message}\n`);
      if (message) told.add(message);
      return state?.running !== undefined || state?.terminated !== undefined;
    },
  );
  if (ended === 'timeout' || !last) throw new CommandError('timed out waiting for the condition');
  return last;
}

/** @throws CommandError as DebugOptions' Complete and Validate */
function askedOf(context: Context): Asked {
  const { flags, io, args, dashAt } = context;
  const at = dashAt !== undefined && args.length > dashAt ? dashAt : args.length;
  const [targets, words] = [args.slice(0, at), args.slice(at)];
  const profile = flags.string('profile') as Profile;
  if (!PROFILES.includes(profile)) throw new CommandError(`unknown profile: ${profile}`);
  const image = flags.string('image');
  const container = flags.string('container');
  const images = pairsOf(context, 'set-image');
  const env = pairsOf(context, 'env').map(([name, value]) => ({ name, value }));
  const quiet = flags.bool('quiet');
  const refuse = (why: string): never => {
    throw new CommandError(why);
  };
  if (flags.changed('attach') && flags.bool('attach') && !image && !container)
    refuse('you must specify --container or create a new container using --image in order to attach.');
  if (flags.string('copy-to')) {
    if (!image && images.length === 0 && words.length === 0)
      refuse('you must specify --image, --set-image or command arguments.');
    if (words.length > 0 && !container && !image)
      refuse('you must specify an existing container or a new image when specifying args.');
  } else {
    for (const name of ['replace', 'same-node'])
      if (flags.bool(name)) refuse(`--${name} may only be used with --copy-to.`);
    if (images.length > 0) refuse('--set-image may only be used with --copy-to.');
    if (!image) refuse('you must specify --image when not using --copy-to.');
  }
  if (image && !isImageReference(image))
    refuse(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
  if (targets.length === 0 && !hasFiles(flags)) refuse('NAME or filename is required for debug');
  const pullPolicy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pullPolicy)) refuse(`invalid image pull policy: ${pullPolicy}`);
  for (const [name, value] of images)
    if (!isImageReference(value))
      refuse(
        `invalid image name ${JSON.stringify(value)} for container ${JSON.stringify(name)}: invalid reference format`,
      );
  const target = flags.string('target');
  if (target) {
    if (flags.string('copy-to')) refuse('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (!quiet)
      io.out(
        `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because ` +
          "the container runtime doesn't support this feature.\n",
      );
  }
  const [stdin, tty] = [flags.bool('stdin'), flags.bool('tty')];
  if (tty && !stdin) refuse('-i/--stdin is required for containers with -t/--tty=true');
  if (profile === 'legacy')
    io.err(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for ' +
        'example "--profile=general".\n',
    );
  const say = (line: string): void => {
    if (!quiet) io.out(line);
  };
  const asArguments = flags.bool('arguments-only');
  const wishes = { profile, container, image, pullPolicy, words, asArguments, env, stdin, tty, say };
  return { targets, wishes, attaches: flags.changed('attach') ? flags.bool('attach') : stdin };
}

/** As pflag's StringToString. @throws CommandError */
function pairsOf(
  { flags, host: { program } }: Pick<Context, 'flags' | 'host'>,
  name: string,
): readonly (readonly [string, string])[] {
  return flags.list(name).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 0)
      throw new CommandError(
        `invalid argument ${JSON.stringify(pair)} for "--${name}" flag: ${pair} must be formatted as key=value\n` +
          `See '${program} debug --help' for usage.`,
      );
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}
