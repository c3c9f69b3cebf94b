/** Which objects an export writes, and in which order they apply: what others refer to comes first. */
import { allResources, type ResourceInfo } from '../../api/resources';
import type { KubeObject, Manifest, StatefulSet } from '../../api/types';
import type { Backend } from '../backend';
import { isNamedBy, relatedTo } from '../import/related';
import { WITHOUT_VALUES } from '../import/secrets';
import { asManifest } from './clean';

/** Kinds in the order in which they apply; those that are not named come between `Service` and the sets. */
const FIRST = [
  'Namespace',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'LimitRange',
  'ResourceQuota',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Service',
];
const LAST = [
  'PodDisruptionBudget',
  'StatefulSet',
  'Deployment',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Pod',
];

/** Kinds that controllers make, or that tell of what happened. */
const DERIVED = new Set(['ControllerRevision', 'Endpoints', 'EndpointSlice', 'Event', 'Lease', 'PodTemplate']);

export interface ExportOptions {
  readonly namespace: string;
  /** Names of StatefulSets; absent for all of the namespace. */
  readonly sets?: readonly string[];
  /** Claims that the sets have made from their templates too. */
  readonly withClaims?: boolean;
}

export interface Exported {
  readonly manifests: readonly Manifest[];
  readonly warnings: readonly string[];
}

/** @throws ApiError NotFound for a set that is not there */
export async function exportFrom(backend: Backend, options: ExportOptions): Promise<Exported> {
  const { namespace, sets: names } = options;
  const find = (kind: string): ResourceInfo =>
    allResources().find((resource) => resource.kind === kind && resource.group !== 'extensions') as ResourceInfo;
  const sets = names && (await Promise.all(names.map((name) => backend.get(find('StatefulSet'), namespace, name))));
  const kinds = (await backend.resources()).filter(
    ({ namespaced, kind, subresources }) => namespaced && !DERIVED.has(kind) && !isCall(kind, subresources),
  );
  const place = await backend.get(find('Namespace'), undefined, namespace).catch(() => undefined);
  const objects: KubeObject[] = place ? [place] : [];
  for (const resource of kinds) objects.push(...(await backend.list(resource, namespace)).items);
  const own = objects.filter((object) => object.kind === 'StatefulSet') as StatefulSet[];
  const wanted = sets ? relatedTo(sets as StatefulSet[], objects) : objects;
  return choose(wanted, own, options.withClaims ?? false);
}

/** Kinds that are asked, not kept. */
const isCall = (kind: string, _subresources: readonly string[]): boolean => /Review$|^Binding$/.test(kind);

/** Pure: manifests of what is nobody's, in the order in which they apply. */
export function choose(objects: readonly KubeObject[], sets: readonly StatefulSet[], withClaims: boolean): Exported {
  const warnings: string[] = [];
  const chosen = objects.filter((object) => {
    const { kind, metadata } = object;
    if (metadata.ownerReferences?.some(({ controller }) => controller) || isEverywhere(object)) return false;
    if (metadata.deletionTimestamp !== undefined) {
      warnings.push(`${kind} "${metadata.name}" is being deleted, and left out`);
      return false;
    }
    if (metadata.annotations?.[WITHOUT_VALUES] !== undefined) {
      warnings.push(`the Secret "${metadata.name}" was imported without its values, and is left out`);
      return false;
    }
    return kind !== 'PersistentVolumeClaim' || withClaims || !sets.some((set) => isNamedBy(set, object));
  });
  const sorted = chosen.toSorted((a, b) => rank(a) - rank(b) || compare(a.kind, b.kind) || byName(a, b));
  return { manifests: sorted.map(asManifest), warnings };
}

/** What every cluster and every namespace has by itself. */
function isEverywhere({ kind, metadata, type }: KubeObject): boolean {
  switch (kind) {
    case 'Namespace':
      return ['default', 'kube-system', 'kube-public', 'kube-node-lease'].includes(metadata.name);
    case 'ServiceAccount':
      return metadata.name === 'default';
    case 'ConfigMap':
      return metadata.name === 'kube-root-ca.crt';
    case 'PriorityClass':
      return metadata.name.startsWith('system-');
    case 'Secret':
      return type === 'kubernetes.io/service-account-token';
    case 'Service':
      return metadata.namespace === 'default' && metadata.name === 'kubernetes';
    default:
      return DERIVED.has(kind);
  }
}

function rank({ kind }: KubeObject): number {
  const first = FIRST.indexOf(kind);
  if (first >= 0) return first;
  const last = LAST.indexOf(kind);
  return last >= 0 ? FIRST.length + 1 + last : FIRST.length;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: KubeObject, b: KubeObject): number => compare(a.metadata.name, b.metadata.name);
