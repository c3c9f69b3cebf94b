/** What the API offers, for clients to find their way: groups, versions, kinds and verbs, one by one or all at once. */
import { gvOf, type ResourceInfo } from '../api/resources';
import { verbsOf } from '../api/verbs';
import { wishes } from './accept';
import { kindsIn } from './target';

interface Group {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** All groups but the core, each with its versions. */
export function groupsOf(resources: readonly ResourceInfo[]): readonly Group[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, version, otherVersions = [] } of resources) {
    if (group === '') continue;
    const versions = groups.get(group) ?? new Set();
    groups.set(group, versions);
    for (const one of [version, ...otherVersions]) versions.add(one);
  }
  return [...groups].map(([name, versions]) => ({ name, versions: [...versions] }));
}

export const apiVersions = (address: string): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

function apiGroup({ name, versions }: Group): object {
  const served = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: served, preferredVersion: served[0] };
}

export const apiGroupList = (resources: readonly ResourceInfo[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(resources).map(apiGroup),
});

export function oneGroup(resources: readonly ResourceInfo[], name: string): object | undefined {
  const group = groupsOf(resources).find((candidate) => candidate.name === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) };
}

/** The verbs of a subresource, and the kind that it speaks where that is not the object's own. */
interface Part {
  readonly verbs: readonly string[];
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

function partOf(name: string): Part {
  if (name === 'eviction') return { verbs: ['create'], kind: { group: 'policy', version: 'v1', kind: 'Eviction' } };
  if (name === 'token')
    return { verbs: ['create'], kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } };
  if (name === 'finalize') return { verbs: ['update'] };
  const verbs = ['get', 'patch', 'update'];
  return name === 'scale' ? { verbs, kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } } : { verbs };
}

export const apiResourceList = (group: string, version: string, kinds: readonly ResourceInfo[]): object => ({
  kind: 'APIResourceList',
  ...(group && { apiVersion: 'v1' }),
  groupVersion: gvOf({ group, version }),
  resources: kinds.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
      ...(kind.categories.length > 0 && { categories: kind.categories }),
    },
    ...kind.subresources.map((name) => {
      const { verbs, kind: spoken } = partOf(name);
      const common = { name: `${kind.plural}/${name}`, singularName: '', namespaced: kind.namespaced };
      return { ...common, ...(spoken ?? { kind: kind.kind }), verbs };
    }),
  ]),
});

const AGGREGATED = 'apidiscovery.k8s.io';

/** The version of aggregated discovery that an Accept header prefers to the plain lists; undefined for the lists. */
export function aggregatedVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of wishes(accept)) {
    if (type !== 'application/json' && type !== '*/*') continue;
    if (parameters.get('as') === undefined) return undefined;
    if (parameters.get('as') !== 'APIGroupDiscoveryList' || parameters.get('g') !== AGGREGATED) continue;
    const version = parameters.get('v');
    if (version === 'v2' || version === 'v2beta1') return version;
  }
  return undefined;
}

export const aggregatedType = (version: string): string =>
  `application/json;g=${AGGREGATED};v=${version};as=APIGroupDiscoveryList`;

/** Everything below `/api` (the core group) or `/apis` in one answer. */
export function aggregated(resources: readonly ResourceInfo[], core: boolean, version: string): object {
  const groups = core ? [{ name: '', versions: ['v1'] }] : groupsOf(resources);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `${AGGREGATED}/${version}`,
    metadata: {},
    items: groups.map(({ name, versions }) => ({
      metadata: { ...(name && { name }), creationTimestamp: null },
      versions: versions.map((served) => ({
        version: served,
        resources: kindsIn(resources, name, served).map((kind) => discovered(kind)),
        freshness: 'Current',
      })),
    })),
  };
}

function discovered(kind: ResourceInfo): object {
  const responseKind = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(kind.subresources.length > 0 && {
      subresources: kind.subresources.map((name) => {
        const { verbs, kind: spoken } = partOf(name);
        return { subresource: name, responseKind: spoken ?? responseKind, verbs };
      }),
    }),
  };
}
