/** `stsctl cp`. */
import { isPodTerminal } from '../../core/api/pod';
import type { Pod } from '../../core/api/types';
import { mapResource } from '../../core/client/builder';
import { type FileSpec, parseFileSpec, relativeParts } from '../../core/client/copy';
import { CommandError, PlainError } from '../../core/client/errors';
import { chooseContainer } from '../../core/client/pod-containers';
import { readTree, writeTree } from '../copied-files';
import { containerFlag } from '../pod-target';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'cp <file-spec-src> <file-spec-dest>',
  long: 'Copies files and folders into containers and out of them. One side is POD:PATH or NAMESPACE/POD:PATH.',
  examples: `# A file into web-0
stsctl cp web.yaml web-0:/tmp/web.yaml

# A file out of a certain container
stsctl cp web-0:/etc/hostname hostname.txt -c nginx

# Into a pod of another namespace
stsctl cp web.yaml default/web-1:/tmp`,
  flags: [
    containerFlag("The container. Default: the one of the pod's annotation default-container, else its first."),
    { name: 'no-preserve', type: 'bool', default: 'false', help: 'Leave permissions as new files have them.' },
    { name: 'retries', type: 'int', default: '0', help: 'Taken for compatibility: nothing is lost on the way.' },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { args } = context;
  const [first, second] = args;
  if (args.length !== 2 || first === undefined || second === undefined)
    throw new CommandError('source and destination are required');
  const [source, target] = [parseFileSpec(first), parseFileSpec(second)];
  if (source.pod !== '' && target.pod !== '')
    throw new CommandError('one of src or dest must be a local file specification');
  if (source.path === '' || target.path === '') throw new CommandError('filepath can not be empty');
  if (source.pod !== '') return fromPod(context, source, target.path);
  if (target.pod !== '') return toPod(context, source.path, target);
  throw new CommandError('one of src or dest must be a remote file specification');
}

async function toPod(context: Context, source: string, target: FileSpec): Promise<void> {
  const backend = await context.backend();
  const files = readTree(context.host, source);
  if (!files) throw new CommandError(`${source} doesn't exist in local filesystem`);
  const { namespace, container } = await placeOf(context, target);
  const call = [namespace, target.pod, container] as const;
  const isFolder = (await backend.statFile(...call, target.path)) === 'folder';
  const name = source.split('/').findLast((part) => part !== '') ?? '.';
  const path = isFolder && !['.', '..'].includes(name) ? `${target.path}/${name}` : target.path;
  const folder = path.replace(/\/*$/, '').replace(/[^/]*$/, '') || (path.startsWith('/') ? '/' : '.');
  if ((await backend.statFile(...call, folder)) !== 'folder')
    throw new PlainError(
      `tar: can't change directory to '${folder.replace(/(.)\/$/, '$1')}': No such file or directory\n` +
        'command terminated with exit code 1',
    );
  const kept = context.flags.bool('no-preserve') ? files.map(({ mode: _, ...file }) => file) : files;
  await backend.writeFiles(...call, path, kept);
}

async function fromPod(context: Context, source: FileSpec, target: string): Promise<void> {
  const backend = await context.backend();
  const { namespace, container } = await placeOf(context, source);
  const files = await backend.readFiles(namespace, source.pod, container, source.path);
  if (!files)
    throw new PlainError(
      `tar: ${source.path}: Cannot stat: No such file or directory\n` +
        'tar: Exiting with failure status due to previous errors\ncommand terminated with exit code 2',
      2,
    );
  if (source.path.startsWith('/')) context.io.out("tar: Removing leading `/' from member names\n");
  const safe = files.filter(({ path }) => relativeParts(path));
  writeTree(context, target, safe, (link, to) =>
    context.io.err(
      `warning: skipping symlink: ${JSON.stringify(link)} -> ${JSON.stringify(to)} (consider using "${context.host.program} exec ` +
        `-n ${JSON.stringify(namespace)} ${JSON.stringify(source.pod)} -- tar cf - ${JSON.stringify(source.path)} | tar xf -")\n`,
    ),
  );
}

async function placeOf(context: Context, spec: FileSpec): Promise<{ namespace: string; container: string }> {
  const backend = await context.backend();
  const namespace = spec.namespace || context.namespace;
  const pod = (await backend.get(await mapResource(backend, 'pods'), namespace, spec.pod)) as Pod;
  if (isPodTerminal(pod))
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  const named = context.flags.string('container');
  return { namespace, container: named || chooseContainer(pod, '', (text) => context.io.err(text)) };
}
