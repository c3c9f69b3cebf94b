/**
 * What the built-in admission plug-ins add to an object on its way in: priority, the default tolerations, the node's region
 * and zone and the default resources of pods, the default class and the protection finalizers of claims and volumes, the namespace life cycle, the
 * growth of claims. Limits and quotas come after validation: see limits/ and quota/. ServiceAccount admission is off: pods
 * carry no token volume.
 */
import { forbidden, notFound, type ResourceName } from '../api/status';
import type {
  KubeObject,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
  Toleration,
} from '../api/types';
import { Quantity } from '../meta/quantity';
import { checkLimits, withLimitDefaults } from './limits';
import { priorityOf } from './priority';
import type { ResourceKey, Storage } from './storage';
import { withTopologyLabels } from './topology-labels';

export const PVC_PROTECTION = 'kubernetes.io/pvc-protection';
export const PV_PROTECTION = 'kubernetes.io/pv-protection';
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

const UNREACHABLE_SECONDS = 300;

/** Refuses an object for a namespace that does not exist or is going away (NamespaceLifecycle). */
export function admitNamespace(storage: Storage, resource: ResourceName, object: KubeObject): void {
  const name = object.metadata.namespace;
  if (name === undefined) return;
  const namespace = storage.get('namespaces', '', name) as Namespace | undefined;
  if (!namespace) throw notFound({ group: '', plural: 'namespaces' }, name);
  if (namespace.metadata.deletionTimestamp !== undefined) {
    throw forbidden(
      resource,
      object.metadata.name,
      `unable to create new content in namespace ${name} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${name} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  }
}

/** What admission makes of a new object. */
export function admitCreate(storage: Storage, key: ResourceKey, object: KubeObject): KubeObject {
  switch (key) {
    case 'pods':
      return admitPod(storage, withLimitDefaults(storage, object as Pod));
    case 'persistentvolumeclaims':
      return withFinalizer(withDefaultClass(storage, object as PersistentVolumeClaim), PVC_PROTECTION);
    case 'persistentvolumes':
      return withFinalizer(object as PersistentVolume, PV_PROTECTION);
    default:
      return object;
  }
}

/** Refuses an update that no rule of the kind itself forbids: a claim that grows where its class doesn't let it. */
export function admitUpdate(storage: Storage, key: ResourceKey, object: KubeObject, old: KubeObject): void {
  if (key !== 'persistentvolumeclaims') return;
  const claim = object as PersistentVolumeClaim;
  const before = old as PersistentVolumeClaim;
  // All of a claim is asked for again, whatever was changed: since when a limit is there makes no difference.
  if (before.metadata.deletionTimestamp === undefined) checkLimits(storage, key, object, claim.metadata.name);
  if (claim.spec.resources === before.spec.resources || sizeOf(claim).compare(sizeOf(before)) <= 0) return;
  const refuse = (why: string): Error =>
    forbidden({ group: '', plural: 'persistentvolumeclaims' }, claim.metadata.name, why);
  if (before.status.phase !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded');
  const { storageClassName } = claim.spec;
  const storageClass =
    storageClassName !== undefined && storageClassName === before.spec.storageClassName
      ? (storage.get('storageclasses.storage.k8s.io', '', storageClassName) as StorageClass | undefined)
      : undefined;
  if (storageClass?.allowVolumeExpansion) return;
  throw refuse(
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  );
}

const sizeOf = (claim: PersistentVolumeClaim): Quantity =>
  Quantity.parse(claim.spec.resources?.requests?.storage ?? '0');

function withFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

/** A claim that names no class gets the default one, the newest where there are several (DefaultStorageClass). */
function withDefaultClass(storage: Storage, claim: PersistentVolumeClaim): PersistentVolumeClaim {
  if (claim.spec.storageClassName !== undefined) return claim;
  if (claim.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return claim;
  let chosen: StorageClass | undefined;
  for (const candidate of storage.list('storageclasses.storage.k8s.io') as Iterable<StorageClass>) {
    if (candidate.metadata.annotations?.[DEFAULT_CLASS] !== 'true') continue;
    if (
      !chosen ||
      candidate.metadata.creationTimestamp > chosen.metadata.creationTimestamp ||
      (candidate.metadata.creationTimestamp === chosen.metadata.creationTimestamp &&
        candidate.metadata.name < chosen.metadata.name)
    ) {
      chosen = candidate;
    }
  }
  return chosen ? { ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name } } : claim;
}

function admitPod(storage: Storage, pod: Pod): Pod {
  const tolerations = withNodeTolerations(pod.spec.tolerations ?? []);
  const admitted = { ...pod, spec: { ...pod.spec, ...priorityOf(storage, pod), tolerations } };
  return withTopologyLabels(storage, admitted, pod.spec.nodeName ?? '');
}

/** Five minutes of patience with a node that is not ready or unreachable (DefaultTolerationSeconds). */
function withNodeTolerations(tolerations: readonly Toleration[]): readonly Toleration[] {
  if (tolerations.length === 0) return NODE_TOLERATIONS;
  const missing = NODE_TOLERATIONS.filter(
    ({ key }) =>
      !tolerations.some(
        (t) => (t.key === key || !t.key) && (t.effect === 'NoExecute' || t.effect === undefined || t.effect === ''),
      ),
  );
  return tolerations.concat(missing);
}

/** One list for all pods that ask for nothing of their own. */
const NODE_TOLERATIONS: readonly Toleration[] = [
  {
    key: 'node.kubernetes.io/not-ready',
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: UNREACHABLE_SECONDS,
  },
  {
    key: 'node.kubernetes.io/unreachable',
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: UNREACHABLE_SECONDS,
  },
];
