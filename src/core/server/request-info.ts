/** What a request is about, told from its path alone (as RequestInfoFactory): for whatever looks at requests from outside. */

export interface RequestInfo {
  readonly verb: string;
  readonly isLong: boolean;
  /** Absent for paths that name no kind. */
  readonly object?: {
    readonly resource: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly apiVersion: string;
    readonly subresource?: string;
  };
}

const VERBS: Readonly<Record<string, string | undefined>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
/** Parts of objects whose answers last. */
const LASTING = ['attach', 'exec', 'log', 'portforward', 'proxy'];
const NAMESPACE_PARTS = ['status', 'finalize'];

export function requestInfo(method: string, path: readonly string[], query: URLSearchParams): RequestInfo {
  const [root = ''] = path;
  const isCore = root === 'api';
  const [group, apiVersion, ...found] = isCore ? ['', ...path.slice(1)] : path.slice(1);
  const plain = { verb: method.toLowerCase(), isLong: false };
  if ((!isCore && root !== 'apis') || group === undefined || apiVersion === undefined || found.length === 0)
    return plain;
  const asWatch = found[0] === 'watch' && found.length > 1;
  const rest = asWatch ? found.slice(1) : found;
  const inside = rest[0] === 'namespaces' && rest.length > 1;
  const isNamespace = inside && (rest.length === 2 || NAMESPACE_PARTS.includes(rest[2] ?? ''));
  const namespace = inside ? rest[1] : undefined;
  const [resource = '', named, subresource] = inside && !isNamespace ? rest.slice(2) : rest;
  const selected = /^metadata\.name=([^,!=]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const first = VERBS[method] ?? plain.verb;
  const isWatch = asWatch || (first === 'get' && /^(true|1)$/.test(query.get('watch') ?? ''));
  const many = named === undefined ? { get: 'list', delete: 'deletecollection' }[first] : undefined;
  const verb = isWatch ? 'watch' : (many ?? first);
  const name = named ?? (many || isWatch ? selected : undefined);
  const object = {
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(group !== '' && { apiGroup: group }),
    apiVersion,
    ...(subresource !== undefined && { subresource }),
  };
  return { verb, isLong: isWatch || LASTING.includes(subresource ?? ''), object };
}
