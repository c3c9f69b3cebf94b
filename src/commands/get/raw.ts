/** `get --raw`: what the API answers for a path, byte for byte as a server writes it: discovery, health, objects and lists. */
import { gvOf, type ResourceInfo } from '../../core/api/resources';
import { noSuchPath } from '../../core/api/status';
import type { KubeObject } from '../../core/api/types';
import { verbsOf } from '../../core/api/verbs';
import type { Backend, ListOptions, Subresource } from '../../core/client/backend';
import { CommandError } from '../../core/client/errors';
import { notYet } from '../flags/spec';
import { typedJson } from '../output/typed-json';
import type { Context } from '../verb';
import { versionInfo } from '../version';

/** Prints the answer. @throws CommandError for flags that don't go with --raw, ApiError as the server refuses */
export async function showRaw(context: Context): Promise<void> {
  const { args, flags, io } = context;
  const path = flags.string('raw');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector'))
    throw new CommandError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  if (flags.string('output')) throw new CommandError('--raw and --output are mutually exclusive');
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
  if (!path.startsWith('/'))
    throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  const [pathname = '', query = ''] = path.split('?');
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodePart(path, part));
  io.out(await answer(await context.backend(), parts, new URLSearchParams(query)));
}

function decodePart(path: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    const wrong = JSON.stringify(/%(?![0-9a-f]{2}).{0,2}/i.exec(part)?.[0] ?? part);
    throw new CommandError(
      `--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URL escape ${wrong}`,
    );
  }
}

async function answer(backend: Backend, parts: readonly string[], query: URLSearchParams): Promise<string> {
  const [first = '', ...rest] = parts;
  if (/^(healthz|livez|readyz)$/.test(first) && rest.length === 0)
    return query.has('verbose') ? `[+]ping ok\n${first} check passed\n` : 'ok';
  if (first === 'version' && rest.length === 0) return JSON.stringify(versionInfo(), undefined, 2);
  const resources = await backend.resources();
  if (first === 'api') {
    if (rest.length === 0) return line({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
    return rest[0] === 'v1' ? inVersion(backend, resources, '', 'v1', rest.slice(1), query) : refuse();
  }
  if (first !== 'apis') return refuse();
  const [group, version, ...more] = rest;
  const groups = groupsOf(resources);
  if (group === undefined) return line({ kind: 'APIGroupList', apiVersion: 'v1', groups });
  const found = groups.find((g) => g.name === group);
  if (!found) return refuse();
  if (version === undefined) return line({ kind: 'APIGroup', apiVersion: 'v1', ...found });
  return inVersion(backend, resources, group, version, more, query);
}

function groupsOf(resources: readonly ResourceInfo[]) {
  const names = new Map<string, string[]>();
  for (const { group, version } of resources) {
    if (group === '') continue;
    const versions = names.get(group) ?? [];
    if (!versions.includes(version)) names.set(group, [...versions, version]);
  }
  return [...names].map(([name, served]) => {
    const versions = served.map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  });
}

/** Everything below `/api/v1` or `/apis/GROUP/VERSION`. */
async function inVersion(
  backend: Backend,
  resources: readonly ResourceInfo[],
  group: string,
  version: string,
  parts: readonly string[],
  query: URLSearchParams,
): Promise<string> {
  const served = resources.filter((r) => r.group === group && r.version === version);
  if (served.length === 0) return refuse();
  if (parts.length === 0) return line(resourceList(group, version, served));
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && !isSubresource(parts[2]);
  const namespace = inNamespace ? parts[1] : undefined;
  const [plural, name, subresource, ...more] = inNamespace ? parts.slice(2) : parts;
  const resource = served.find((r) => r.plural === plural);
  if (!resource || more.length > 0 || (inNamespace && !resource.namespaced)) return refuse();
  if (name !== undefined) {
    if (resource.namespaced && namespace === undefined) return refuse();
    if (subresource !== undefined && !isSubresource(subresource)) return refuse();
    const options = isSubresource(subresource) ? { subresource } : {};
    return line(serverOrder(await backend.get(resource, namespace, name, options)));
  }
  const { items, resourceVersion } = await backend.list(resource, namespace, listOptions(query));
  return line({
    kind: `${resource.kind}List`,
    apiVersion: gvOf(resource),
    metadata: { resourceVersion },
    // The items of a typed list don't repeat what they are.
    items: items.map(({ apiVersion: _, kind: __, metadata, ...object }) => ({ metadata, ...object })),
  });
}

const isSubresource = (word: string | undefined): word is Subresource => word === 'status' || word === 'scale';

function listOptions(query: URLSearchParams): ListOptions {
  for (const name of query.keys())
    if (name !== 'labelSelector' && name !== 'fieldSelector') throw notYet(`the query parameter "${name}"`);
  const labelSelector = query.get('labelSelector');
  const fieldSelector = query.get('fieldSelector');
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
}

const serverOrder = ({ kind, apiVersion, metadata, ...object }: KubeObject): object => ({
  kind,
  apiVersion,
  metadata,
  ...object,
});

const resourceList = (group: string, version: string, served: readonly ResourceInfo[]): object => ({
  kind: 'APIResourceList',
  ...(group && { apiVersion: 'v1' }),
  groupVersion: gvOf({ group, version }),
  resources: served.flatMap((r) => [
    {
      name: r.plural,
      singularName: r.singular,
      namespaced: r.namespaced,
      kind: r.kind,
      verbs: verbsOf(r),
      ...(r.shortNames.length > 0 && { shortNames: r.shortNames }),
      ...(r.categories.length > 0 && { categories: r.categories }),
    },
    ...r.subresources.map((name) => subresourceOf(r, name)),
  ]),
});

function subresourceOf(resource: ResourceInfo, name: string): object {
  const common = { name: `${resource.plural}/${name}`, singularName: '', namespaced: resource.namespaced };
  if (name === 'eviction') return { ...common, group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] };
  const verbs = ['get', 'patch', 'update'];
  return name === 'scale'
    ? { ...common, group: 'autoscaling', version: 'v1', kind: 'Scale', verbs }
    : { ...common, kind: resource.kind, verbs };
}

const line = (value: object): string => `${typedJson(value)}\n`;

function refuse(): never {
  throw noSuchPath();
}
