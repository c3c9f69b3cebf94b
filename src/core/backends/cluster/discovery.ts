/** Every kind that a server offers: all at once where it can tell so, else group by group (as client-go's discovery). */
import type { ResourceInfo } from '../../api/resources';
import { ApiError } from '../../api/status';
import type { Client } from './client';

const ALL_AT_ONCE =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,' +
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/** A kind in one version. */
interface Offered {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
}

interface Group {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly { readonly version: string; readonly kinds: readonly Offered[] }[];
}

/** In the order of the server: the core group first. @throws ApiError, Unreachable */
export async function discover(client: Client): Promise<readonly ResourceInfo[]> {
  const [core, others] = await Promise.all([
    client.json({ method: 'GET', path: '/api', accept: ALL_AT_ONCE }),
    client.json({ method: 'GET', path: '/apis', accept: ALL_AT_ONCE }),
  ]);
  const groups = [
    ...(isAggregated(core) ? aggregated(core) : await legacyCore(client, core as { versions?: readonly string[] })),
    ...(isAggregated(others) ? aggregated(others) : await legacyGroups(client, others as LegacyGroups)),
  ];
  return groups.flatMap(kindsOf);
}

/** Each kind in the first version that has it. */
function kindsOf({ name, versions }: Group): ResourceInfo[] {
  const found = new Map<string, ResourceInfo>();
  for (const { version, kinds } of versions)
    for (const offered of kinds) {
      const known = found.get(offered.plural);
      if (known) found.set(offered.plural, { ...known, otherVersions: [...(known.otherVersions ?? []), version] });
      else found.set(offered.plural, infoOf(name, version, offered));
    }
  return [...found.values()];
}

/** Parts of objects that commands ask for. */
const KNOWN_PARTS = ['status', 'scale', 'eviction', 'ephemeralcontainers', 'resize', 'token'] as const;

const infoOf = (group: string, version: string, { subresources, singular, ...offered }: Offered): ResourceInfo => ({
  group,
  version,
  ...offered,
  singular: singular || offered.kind.toLowerCase(),
  subresources: KNOWN_PARTS.filter((one) => subresources.includes(one)),
  // A cluster plays all that it serves.
  simulated: true,
});

interface Aggregated {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly AggregatedKind[] }[];
  }[];
}

interface AggregatedKind {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

const isAggregated = (value: unknown): value is Aggregated =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'APIGroupDiscoveryList';

const aggregated = ({ items = [] }: Aggregated): Group[] =>
  items.map(({ metadata, versions = [] }) => ({
    name: metadata?.name ?? '',
    versions: versions.map(({ version, resources = [] }) => ({
      version,
      kinds: resources.map((kind) => ({
        plural: kind.resource,
        singular: kind.singularResource ?? '',
        kind: kind.responseKind?.kind ?? '',
        namespaced: kind.scope === 'Namespaced',
        shortNames: kind.shortNames ?? [],
        categories: kind.categories ?? [],
        subresources: (kind.subresources ?? []).map(({ subresource }) => subresource),
      })),
    })),
  }));

interface LegacyGroups {
  readonly groups?: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

interface LegacyKind {
  readonly name: string;
  readonly singularName?: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const legacyCore = async (client: Client, { versions = [] }: { versions?: readonly string[] }): Promise<Group[]> => [
  {
    name: '',
    versions: await Promise.all(
      versions.map(async (version) => ({ version, kinds: await legacyKinds(client, `/api/${version}`) })),
    ),
  },
];

const legacyGroups = (client: Client, { groups = [] }: LegacyGroups): Promise<Group[]> =>
  Promise.all(
    groups.map(async ({ name, versions, preferredVersion }) => {
      const isPreferred = (version: string): number => (version === preferredVersion?.version ? 0 : 1);
      const ordered = versions.map(({ version }) => version).toSorted((a, b) => isPreferred(a) - isPreferred(b));
      const kinds = ordered.map(async (version) => ({
        version,
        kinds: await legacyKinds(client, `/apis/${name}/${version}`),
      }));
      return { name, versions: await Promise.all(kinds) };
    }),
  );

/** A group whose server is away has no kinds; the others can be used all the same. */
async function legacyKinds(client: Client, path: string): Promise<Offered[]> {
  let answer: { readonly resources?: readonly LegacyKind[] };
  try {
    answer = (await client.json({ method: 'GET', path })) as typeof answer;
  } catch (e) {
    if (e instanceof ApiError && (e.status.code === 404 || e.status.code === 503)) return [];
    throw e;
  }
  const { resources = [] } = answer;
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName = '', kind, namespaced, shortNames = [], categories = [] }) => ({
      plural: name,
      singular: singularName,
      kind,
      namespaced,
      shortNames,
      categories,
      subresources: resources.filter((r) => r.name.startsWith(`${name}/`)).map((r) => r.name.slice(name.length + 1)),
    }));
}
