/** What every cluster has of its own, and what a simulated one begins with: none of it is worth a quarrel. */
import { type ResourceInfo, resourceForKind } from '../../../api/resources';
import type { KubeObject, Node, PersistentVolumeClaim, Pod, StorageClass } from '../../../api/types';
import { DEFAULT_CLASS } from '../../../apiserver/admission';
import { resourceKey } from '../../../apiserver/storage';
import { PROVISIONER } from '../../../simulation/bootstrap';
import type { Cluster } from '../../../simulation/cluster';
import { OWN_PROVIDER } from './stand-ins';

const CLASSES = 'storageclasses.storage.k8s.io';

/** What every cluster has of its own: it stays where it is there already. */
export function isFurniture({ store }: Cluster, object: KubeObject): boolean {
  const { kind, metadata } = object;
  const isOwn =
    kind === 'Namespace' ||
    (kind === 'ServiceAccount' && metadata.name === 'default') ||
    (kind === 'PriorityClass' && metadata.name.startsWith('system-')) ||
    (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') ||
    (kind === 'Service' && metadata.namespace === 'default' && metadata.name === 'kubernetes');
  if (!isOwn) return false;
  const resource = resourceForKind(object.apiVersion, kind) as ResourceInfo;
  const here = store.get(resourceKey(resource), metadata.namespace ?? '', metadata.name);
  return here !== undefined && here.metadata.uid !== metadata.uid;
}

/** What a new cluster was given to begin with. */
export function isOurs(object: KubeObject): boolean {
  if (object.kind === 'Node') return String((object as Node).spec?.providerID ?? '').startsWith(OWN_PROVIDER);
  return object.kind === 'StorageClass' && (object as StorageClass).provisioner === PROVISIONER;
}

/** Once real nodes and a real default class are here, those that a new cluster begins with only mislead. */
export function superfluous(
  { store }: Cluster,
  wanted: readonly KubeObject[],
  isStandIn: ReadonlySet<string>,
): KubeObject[] {
  const uids = new Set(wanted.map(({ metadata }) => metadata.uid));
  const isOther = (object: KubeObject): boolean => isOurs(object) && !uids.has(object.metadata.uid);
  const found: KubeObject[] = [];
  if (wanted.some(({ kind, metadata }) => kind === 'Node' && !isStandIn.has(metadata.uid))) {
    const used = new Set([...store.list<Pod>('pods')].map(({ spec }) => spec.nodeName));
    found.push(...[...store.list<Node>('nodes')].filter((node) => isOther(node) && !used.has(node.metadata.name)));
  }
  const isDefault = (object: KubeObject): boolean => object.metadata.annotations?.[DEFAULT_CLASS] === 'true';
  if (wanted.some((object) => object.kind === 'StorageClass' && isDefault(object))) {
    const claims = [...store.list<PersistentVolumeClaim>('persistentvolumeclaims')];
    const used = new Set(claims.map(({ spec }) => spec.storageClassName));
    const classes = [...store.list<StorageClass>(CLASSES)];
    found.push(...classes.filter((one) => isOther(one) && isDefault(one) && !used.has(one.metadata.name)));
  }
  return found;
}
