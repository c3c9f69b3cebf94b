/** `create --raw`, `replace --raw` and `delete --raw`: a file sent to a path of the API, and what the server answers. */
import { gvOf, type ResourceInfo } from '../core/api/resources';
import { noSuchPath } from '../core/api/status';
import type { KubeObject, Manifest } from '../core/api/types';
import type { Subresource } from '../core/client/backend';
import { CommandError } from '../core/client/errors';
import { typedJson } from './output/typed-json';
import { readFiles } from './targets';
import type { Context } from './verb';

/** Where in the API a path leads. */
interface Place {
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: Subresource | undefined;
}

/** Posts or puts the one file of -f. @throws CommandError for flags that don't go with --raw, ApiError as the server refuses */
export async function writeRaw(context: Context, verb: 'create' | 'replace'): Promise<void> {
  checkFlags(context);
  const files = await readFiles(context);
  const [item] = files?.items ?? [];
  if (!item) throw new CommandError('must specify one of -f and -k');
  if ('error' in item) throw item.error;
  const place = await placeOf(context);
  const backend = await context.backend();
  const manifest = item.manifest;
  if (verb === 'create' && place.name !== undefined) throw noSuchPath();
  if (verb === 'replace' && place.name === undefined) throw noSuchPath();
  const { resource, namespace, subresource } = place;
  const target: Manifest =
    verb === 'replace' ? { ...manifest, metadata: { ...manifest.metadata, name: place.name } } : manifest;
  const answer =
    verb === 'create'
      ? await backend.create(resource, namespace, target)
      : await backend.update(resource, namespace, target, subresource && { subresource });
  context.io.out(line(answer));
}

/** Deletes what the path of --raw names. */
export async function deleteRaw(context: Context): Promise<void> {
  checkFlags(context);
  const { resource, namespace, name } = await placeOf(context);
  if (name === undefined) throw noSuchPath();
  context.io.out(line(await (await context.backend()).delete(resource, namespace, name)));
}

const line = ({ kind, apiVersion, metadata, ...rest }: KubeObject): string =>
  `${typedJson({ kind, apiVersion, metadata, ...rest })}\n`;

function checkFlags({ flags }: Context): void {
  const exclusive = (other: string): CommandError => new CommandError(`--raw and ${other} are mutually exclusive`);
  if (flags.has('edit') && flags.bool('edit')) throw exclusive('--edit');
  if (flags.list('filename').length > 1) throw new CommandError('--raw can only use a single local file or stdin');
  if (flags.string('output') !== '') throw exclusive('--output');
  if (flags.has('selector') && flags.string('selector') !== '' && flags.has('edit')) throw exclusive('--selector (-l)');
  if (flags.bool('recursive')) throw exclusive('--recursive');
  const path = flags.string('raw');
  if (!path.startsWith('/'))
    throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
}

/** Reads `/api/v1/namespaces/default/pods/web-0`. @throws ApiError for a path that leads nowhere */
async function placeOf(context: Context): Promise<Place> {
  const parts = context.flags.string('raw').split('?')[0].split('/').filter(Boolean);
  const group = parts[0] === 'apis' ? `${parts[1]}/${parts[2]}` : parts[1];
  const rest = parts.slice(parts[0] === 'apis' ? 3 : 2);
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name, subresource, ...more] = inNamespace ? rest.slice(2) : rest;
  const resources = await (await context.backend()).resources();
  const resource = resources.find((r) => gvOf(r) === group && r.plural === plural);
  const known = subresource === undefined || subresource === 'status' || subresource === 'scale';
  if (!resource || !known || more.length > 0 || resource.namespaced !== inNamespace) throw noSuchPath();
  return { resource, namespace: inNamespace ? rest[1] : undefined, name, subresource };
}
