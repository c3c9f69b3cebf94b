/** `stsctl cluster-info dump`. */
import type { Pod } from '../../core/api/types';
import type { ListResult } from '../../core/client/backend';
import { CommandError, isExpected } from '../../core/client/errors';
import { typedJson } from '../../core/meta/typed-json';
import { ALL_NAMESPACES, outputFlags } from '../flags/common';
import type { CommandBackend } from '../host';
import { checkTemplate, type Format, parseFormat, printStructured, withoutManagedFields } from '../output/format';
import { runningTimeout, runningTimeoutOf } from '../pod-target';
import type { Context, Verb } from '../verb';

/** What is told of each namespace, in this order: the name of the file, and of what. */
const KINDS = [
  ['events', '', 'events'],
  ['replication-controllers', '', 'replicationcontrollers'],
  ['services', '', 'services'],
  ['daemonsets', 'apps', 'daemonsets'],
  ['deployments', 'apps', 'deployments'],
  ['replicasets', 'apps', 'replicasets'],
  ['pods', '', 'pods'],
] as const;

const [OUTPUT, ...OUTPUT_MORE] = outputFlags();

export const verb: Verb = {
  usage: 'cluster-info dump [flags]',
  long:
    'Writes down the state of the cluster, to be looked at elsewhere: nodes, and of the namespaces kube-system and the current one ' +
    'events, replication controllers, services, daemon sets, deployments, replica sets and pods, with the logs of their ' +
    'containers. "stsctl sim import -f FOLDER" reads what lies in such a folder.',
  examples: `# Everything on standard output
stsctl cluster-info dump

# A file for each kind, in folders by namespace and pod
stsctl cluster-info dump --output-directory=/tmp/cluster-state

# All namespaces
stsctl cluster-info dump --all-namespaces

# Some of them
stsctl cluster-info dump --namespaces=default,kube-system -o yaml`,
  flags: [
    { ...OUTPUT!, default: 'json' },
    ...OUTPUT_MORE,
    { ...ALL_NAMESPACES, help: 'All namespaces, whatever --namespaces says.' },
    { name: 'namespaces', type: 'list', help: 'The namespaces, in place of kube-system and the current one.' },
    { name: 'output-directory', type: 'string', default: '', help: 'The folder to write to; "-" is standard output.' },
    runningTimeout('20s'),
  ],
  run: async (context) => {
    const { flags, host, io } = context;
    const format = parseFormat(flags, host);
    await checkTemplate(format);
    runningTimeoutOf(context);
    const folder = flags.string('output-directory');
    const isFolder = folder !== '' && folder !== '-';
    const extension = { json: '.json', yaml: '.yaml' }[flags.string('output')] ?? '.txt';
    const write = (name: string, text: string): void => {
      if (!isFolder) io.out(text);
      else if (!host.copying) throw new CommandError(`can't write to ${folder}`);
      else host.copying.write(`${folder.replace(/\/$/, '')}/${name}`, new TextEncoder().encode(text));
    };
    const backend = await context.backend();
    let first = true;
    const dump = async (file: string, group: string, plural: string, namespace?: string): Promise<ListResult> => {
      const known = await backend.resources();
      const resource = known.find((one) => one.group === group && one.plural === plural);
      if (!resource) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(plural)}`);
      const list = await backend.list(resource, namespace);
      const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
      const shown = typedList(`${resource.kind}List`, apiVersion, list, format.showManaged ?? false);
      write(`${file}${extension}`, await printed(format, shown, flags.bool('allow-missing-template-keys'), first));
      first = false;
      return list;
    };
    await dump('nodes', '', 'nodes');
    for (const namespace of await namespacesOf(context, backend)) {
      let pods: ListResult | undefined;
      for (const [file, group, plural] of KINDS) pods = await dump(`${namespace}/${file}`, group, plural, namespace);
      for (const pod of (pods?.items ?? []) as readonly Pod[])
        write(`${namespace}/${pod.metadata.name}/logs.txt`, await logsOf(backend, namespace, pod));
    }
    if (isFolder) io.out(`Cluster info dumped to ${folder}\n`);
  },
};

async function namespacesOf(context: Context, backend: CommandBackend): Promise<readonly string[]> {
  const { flags, namespace } = context;
  if (!flags.bool('all-namespaces')) {
    const chosen = flags.list('namespaces');
    return chosen.length > 0 ? chosen : ['kube-system', namespace];
  }
  const resource = (await backend.resources()).find((one) => one.group === '' && one.plural === 'namespaces');
  if (!resource) return [];
  return (await backend.list(resource, undefined)).items.map(({ metadata }) => metadata.name);
}

/** A list as a client of Go holds it: its objects do not say what they are. */
function typedList(kind: string, apiVersion: string, { items, resourceVersion }: ListResult, managed: boolean): object {
  const bare = items.map((object) => {
    const { kind: _, apiVersion: __, metadata, ...rest } = managed ? object : withoutManagedFields(object);
    return { metadata, ...rest };
  });
  return { kind, apiVersion, metadata: { resourceVersion }, items: bare };
}

async function printed(format: Format, list: object, allowMissing: boolean, first: boolean): Promise<string> {
  if (format.kind === 'json') return `${typedJson(list, 4)}\n`;
  if (format.kind === 'kyaml') return (await import('../../render/kyaml')).toKyaml(list, Object.keys);
  if (format.kind === 'name')
    throw new CommandError(
      `list types are not supported by name printing: *v1.${(list as { readonly kind: string }).kind}`,
    );
  return printStructured({ ...format, showManaged: true }, list, allowMissing, first);
}

/** What all containers of a pod have printed, and why there is nothing of those whose log can't be had. */
async function logsOf(backend: CommandBackend, namespace: string, pod: Pod): Promise<string> {
  let text = '';
  for (const { name } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const whose = `logs for container ${name} of pod ${namespace}/${pod.metadata.name} ====\n`;
    text += `==== START ${whose}`;
    try {
      for await (const piece of backend.logs(namespace, pod.metadata.name, { container: name })) text += piece;
    } catch (e) {
      if (!isExpected(e)) throw e;
      text += `Request log error: ${e.message}\n`;
    }
    text += `==== END ${whose}`;
  }
  return text;
}
