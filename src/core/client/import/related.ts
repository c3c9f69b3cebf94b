/** Which objects belong to a StatefulSet: what it owns, what its pods name, what chooses its pods. Pure. */
import type {
  KubeObject,
  LabelSelector,
  Labels,
  PersistentVolume,
  PersistentVolumeClaim,
  StatefulSet,
} from '../../api/types';
import { fromLabelSelector, matches } from '../../meta/labels';
import { referencesOf } from './references';

/** Kinds without which nothing of a set can be played; all of them are taken. */
const COMMON = new Set(['Node', 'StorageClass', 'LimitRange', 'ResourceQuota', 'CustomResourceDefinition']);

const ownerUid = ({ metadata }: KubeObject): string | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller)?.uid;

/** Whether a pod or claim has the name that the set would give it: `data-web-3` for the template `data`. */
export function isNamedBy(set: StatefulSet, { kind, metadata }: KubeObject): boolean {
  if (metadata.namespace !== set.metadata.namespace) return false;
  const prefixes =
    kind === 'Pod'
      ? [`${set.metadata.name}-`]
      : (set.spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => `${name}-${set.metadata.name}-`);
  return prefixes.some(
    (prefix) => metadata.name.startsWith(prefix) && /^(0|[1-9]\d*)$/.test(metadata.name.slice(prefix.length)),
  );
}

/** Whether what has a selector chooses a set's pods. An empty selector of a Service chooses none. */
function chooses(object: KubeObject, labels: Labels): boolean {
  const selector = (object.spec as { selector?: unknown } | undefined)?.selector;
  if (typeof selector !== 'object' || selector === null) return false;
  if (object.kind === 'Service')
    return Object.keys(selector).length > 0 && matches(fromLabelSelector({ matchLabels: selector as Labels }), labels);
  return matches(fromLabelSelector(selector as LabelSelector), labels);
}

/** Of the objects of a cluster those that the sets need, in their order. The sets are among them. */
export function relatedTo(sets: readonly StatefulSet[], objects: readonly KubeObject[]): KubeObject[] {
  const owners = new Set(sets.map(({ metadata }) => metadata.uid));
  const namespaces = new Set(sets.map(({ metadata }) => metadata.namespace));
  const isOwned = (object: KubeObject): boolean => owners.has(ownerUid(object) ?? '');
  const isOrphan = (object: KubeObject): boolean =>
    ownerUid(object) === undefined &&
    sets.some(
      (set) =>
        object.metadata.namespace === set.metadata.namespace &&
        matches(fromLabelSelector(set.spec.selector), object.metadata.labels) &&
        (object.kind !== 'Pod' || isNamedBy(set, object)),
    );
  const pods = objects.filter((object) => object.kind === 'Pod' && (isOwned(object) || isOrphan(object)));
  const named = referencesOf([...sets, ...pods]);
  const claims = objects.filter(
    (object) =>
      object.kind === 'PersistentVolumeClaim' &&
      namespaces.has(object.metadata.namespace) &&
      (named.claims.has(object.metadata.name) || sets.some((set) => isNamedBy(set, object))),
  ) as PersistentVolumeClaim[];
  const volumes = new Set(claims.map(({ spec }) => spec.volumeName));
  const claimed = new Set(claims.map(({ metadata }) => metadata.uid));
  const services = new Set(sets.map((set) => `${set.metadata.namespace}/${set.spec.serviceName}`));
  const chosen = [...pods, ...sets.map((set) => ({ ...set.spec.template, namespace: set.metadata.namespace }))];
  const uids = new Set([...sets, ...pods, ...claims].map(({ metadata }) => metadata.uid));

  const isRelated = (object: KubeObject): boolean => {
    const { kind, metadata } = object;
    if (COMMON.has(kind)) return metadata.namespace === undefined || namespaces.has(metadata.namespace);
    if (kind === 'PersistentVolume')
      return volumes.has(metadata.name) || claimed.has((object as PersistentVolume).spec.claimRef?.uid ?? '');
    if (kind === 'Namespace') return namespaces.has(metadata.name);
    if (kind === 'PriorityClass') return named.priorities.has(metadata.name) || object.globalDefault === true;
    if (!namespaces.has(metadata.namespace)) return false;
    switch (kind) {
      case 'ControllerRevision':
        return isOwned(object) || isOrphan(object);
      case 'Service':
        if (services.has(`${metadata.namespace}/${metadata.name}`)) return true;
        return chosen.some((pod) => inPlace(pod, metadata.namespace) && chooses(object, pod.metadata?.labels ?? {}));
      case 'PodDisruptionBudget':
        return chosen.some((pod) => inPlace(pod, metadata.namespace) && chooses(object, pod.metadata?.labels ?? {}));
      case 'ConfigMap':
        return named.configMaps.has(metadata.name);
      case 'Secret':
        return named.secrets.has(metadata.name);
      case 'ServiceAccount':
        return named.accounts.has(metadata.name);
      case 'HorizontalPodAutoscaler':
        return scales(object, sets);
      case 'Event':
        return uids.has((object.involvedObject as { uid?: string } | undefined)?.uid ?? '');
      default:
        return false;
    }
  };
  return objects.filter((object) => uids.has(object.metadata.uid) || isRelated(object));
}

const inPlace = (pod: { namespace?: unknown; metadata?: unknown }, namespace: string | undefined): boolean =>
  (pod.namespace ?? (pod.metadata as { namespace?: string } | undefined)?.namespace) === namespace;

function scales(object: KubeObject, sets: readonly StatefulSet[]): boolean {
  const target = (object.spec as { scaleTargetRef?: { kind?: string; name?: string } } | undefined)?.scaleTargetRef;
  return target?.kind === 'StatefulSet' && sets.some(({ metadata }) => metadata.name === target.name);
}
