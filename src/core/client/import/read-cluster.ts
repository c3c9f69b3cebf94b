/**
 * Reads sets, or a whole namespace, of a cluster with what belongs to them. Only `get` and `list` are called: nothing is
 * watched, nothing is written.
 */
import { findResources, type ResourceInfo, resourceKey } from '../../api/resources';
import { ApiError, isNotFound } from '../../api/status';
import type { KubeObject, PersistentVolumeClaim, StatefulSet } from '../../api/types';
import { formatLabelSelector } from '../../meta/labels';
import type { Backend, ListOptions } from '../backend';
import { CommandError } from '../errors';
import { referencesOf } from './references';
import { relatedTo } from './related';
import { secretStandIn, withoutValues } from './secrets';
import type { Reading, Selection } from './types';

/** What a backend that is only read must have. */
export type Reader = Pick<Backend, 'get' | 'list'>;

/** Beyond so many volumes, one list is kinder to the server than a call for each. */
const FEW = 20;
const AT_ONCE = 8;

/** Read of the namespace for named sets. */
const FOR_SETS = [
  'controllerrevisions',
  'persistentvolumeclaims',
  'services',
  'poddisruptionbudgets',
  'limitranges',
  'resourcequotas',
];
/** Read of the namespace when all of it is wanted. */
const FOR_ALL = [
  'statefulsets',
  'pods',
  ...FOR_SETS,
  'configmaps',
  'serviceaccounts',
  'horizontalpodautoscalers',
  'deployments',
  'replicasets',
  'daemonsets',
  'jobs',
  'cronjobs',
];

const resourceOf = (name: string): ResourceInfo => {
  const found = findResources(name);
  if (!found) throw new Error(`no resource ${name}`);
  return found;
};

/**
 * The objects as the cluster has them. What may not be read (403) is told in the warnings and left out.
 * @throws ApiError NotFound for a set that is not there, and as the server refuses otherwise; CommandError where there is nothing
 */
export async function readCluster(reader: Reader, selection: Selection): Promise<Reading> {
  return new ClusterReader(reader, selection).read();
}

class ClusterReader {
  private readonly warnings: string[] = [];
  private readonly unread = new Set<string>();

  constructor(
    private readonly reader: Reader,
    private readonly selection: Selection,
  ) {}

  async read(): Promise<Reading> {
    const { namespace, sets: names, withEvents, mayBeEmpty } = this.selection;
    const sets = names && (await Promise.all([...new Set(names)].map((name) => this.set(name))));
    const [listed, common] = await Promise.all([
      sets ? this.ofSets(sets) : this.lists(FOR_ALL),
      this.ofCluster(namespace),
    ]);
    if (!sets && !mayBeEmpty && listed.every((object) => isAlwaysThere(object)))
      throw new CommandError(`No resources found in ${namespace} namespace.`);
    const own = sets ? relatedTo(sets, [...sets, ...listed]) : listed;
    const [named, volumes, events] = await Promise.all([
      this.named(own, sets !== undefined),
      this.volumes(own),
      withEvents ? this.list('events') : [],
    ]);
    const objects = [...common, ...own, ...named, ...volumes, ...events];
    return {
      objects: sets ? relatedTo(sets, objects) : objects,
      whole: sets ? [] : [namespace],
      unread: [...this.unread],
      warnings: this.warnings,
    };
  }

  private async set(name: string): Promise<StatefulSet> {
    return (await this.reader.get(resourceOf('statefulsets'), this.selection.namespace, name)) as StatefulSet;
  }

  private async ofSets(sets: readonly StatefulSet[]): Promise<KubeObject[]> {
    const selectors = new Set(sets.map(({ spec }) => formatLabelSelector(spec.selector)));
    const pods = await Promise.all([...selectors].map((labelSelector) => this.list('pods', { labelSelector })));
    return [...unique(pods.flat()), ...(await this.lists(FOR_SETS))];
  }

  /** What lies beside namespaces. */
  private async ofCluster(namespace: string): Promise<KubeObject[]> {
    const [place, ...others] = await Promise.all([
      this.one('namespaces', namespace),
      this.list('nodes'),
      this.list('storageclasses'),
      this.list('priorityclasses'),
    ]);
    return [...(place ? [place] : []), ...others.flat()];
  }

  /** What pods refer to by name. */
  private async named(own: readonly KubeObject[], isPartly: boolean): Promise<KubeObject[]> {
    const { configMaps, secrets, accounts } = referencesOf(own);
    const wanted = [...secrets].map(
      ([name, keys]) =>
        () =>
          this.secret(name, keys),
    );
    if (isPartly) {
      wanted.push(...[...configMaps].map((name) => () => this.one('configmaps', name)));
      wanted.push(...[...accounts].map((name) => () => this.one('serviceaccounts', name)));
    }
    const found = await several(wanted);
    if (
      found.some((object) => object?.kind === 'Secret') &&
      !this.selection.withSecrets &&
      !this.selection.withoutNotes
    )
      this.warnings.push('the values of Secrets are left out, their keys are kept; --with-secrets takes them too');
    return found.filter((object) => object !== undefined);
  }

  private async secret(name: string, keys: ReadonlySet<string>): Promise<KubeObject | undefined> {
    const { namespace, withSecrets } = this.selection;
    const known = this.unread.has('secrets');
    const secret = known ? undefined : await this.one('secrets', name);
    if (secret) return withSecrets ? secret : withoutValues(secret);
    return this.unread.has('secrets') ? secretStandIn(namespace, name, keys) : undefined;
  }

  private async volumes(own: readonly KubeObject[]): Promise<KubeObject[]> {
    const names = own.flatMap((object) =>
      object.kind === 'PersistentVolumeClaim' ? ((object as PersistentVolumeClaim).spec.volumeName ?? []) : [],
    );
    if (names.length === 0) return [];
    if (names.length <= FEW) {
      const found = await several(names.map((name) => () => this.one('persistentvolumes', name)));
      return found.filter((object) => object !== undefined);
    }
    const wanted = new Set(names);
    return (await this.list('persistentvolumes')).filter(({ metadata }) => wanted.has(metadata.name));
  }

  private async lists(names: readonly string[]): Promise<KubeObject[]> {
    return (await Promise.all(names.map((name) => this.list(name)))).flat();
  }

  private async list(name: string, options: ListOptions = {}): Promise<KubeObject[]> {
    const resource = resourceOf(name);
    const namespace = resource.namespaced ? this.selection.namespace : undefined;
    const result = await this.allowed(resource, () => this.reader.list(resource, namespace, options));
    return result ? [...result.items] : [];
  }

  private async one(name: string, object: string): Promise<KubeObject | undefined> {
    const resource = resourceOf(name);
    const namespace = resource.namespaced ? this.selection.namespace : undefined;
    try {
      return await this.allowed(resource, () => this.reader.get(resource, namespace, object));
    } catch (e) {
      if (isNotFound(e)) return undefined;
      throw e;
    }
  }

  /** Undefined where it is forbidden, or the server knows no such kind. */
  private async allowed<T>(resource: ResourceInfo, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (e) {
      const key = resourceKey(resource);
      const isUnknown = isNotFound(e) && /could not find the requested resource/.test((e as Error).message);
      if (!(e instanceof ApiError) || (e.status.code !== 403 && !isUnknown)) throw e;
      if (e.status.code === 403 && !this.unread.has(key)) this.warnings.push(`${key} could not be read: ${e.message}`);
      this.unread.add(key);
      return undefined;
    }
  }
}

/** What a namespace holds before anybody puts something there. */
const isAlwaysThere = ({ kind, metadata }: KubeObject): boolean =>
  (kind === 'ServiceAccount' && metadata.name === 'default') ||
  (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') ||
  (kind === 'Service' && metadata.namespace === 'default' && metadata.name === 'kubernetes');

const unique = (objects: readonly KubeObject[]): KubeObject[] => [
  ...new Map(objects.map((object) => [object.metadata.uid, object])).values(),
];

/** Runs the questions, a few at a time; the answers are in their order. */
async function several<T>(questions: readonly (() => Promise<T>)[]): Promise<T[]> {
  const answers: T[] = [];
  for (let at = 0; at < questions.length; at += AT_ONCE)
    answers.push(...(await Promise.all(questions.slice(at, at + AT_ONCE).map((ask) => ask()))));
  return answers;
}
