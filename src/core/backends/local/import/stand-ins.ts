/** What takes the place of objects that could not be read, as far as others tell of them: roomy nodes, volumes of bound claims. */
import type { KubeObject, Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../../api/types';
import { nodeLabels, nodeStatus } from '../../../apiserver/nodes';
import type { Store } from '../../../apiserver/store';
import { toTime } from '../../../meta/time';

/** The nodes that this program makes, and their stand-ins, are known by their provider. */
export const OWN_PROVIDER = 'stsctl://';

/**
 * For every node, volume and namespace that the objects name and that neither they nor the store hold. What is in the store and
 * `isLeaving` is as good as gone.
 */
export function standInsFor(
  store: Store,
  objects: readonly KubeObject[],
  now: number,
  isLeaving: (object: KubeObject) => boolean,
): KubeObject[] {
  const there = new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
  const lacks = (kind: string, key: string, name: string): boolean => {
    const here = store.get(key, '', name);
    if (there.has(`${kind}/${name}`) || (here && !isLeaving(here))) return false;
    there.add(`${kind}/${name}`);
    return true;
  };
  const made: KubeObject[] = [];
  const classes = new Map(
    objects.filter(({ kind }) => kind === 'StorageClass').map((one) => [one.metadata.name, one as StorageClass]),
  );
  for (const object of objects) {
    const { namespace } = object.metadata;
    if (namespace !== undefined && lacks('Namespace', 'namespaces', namespace))
      made.push(namespaceNamed(store, namespace, now));
    if (object.kind === 'Pod') {
      const { nodeName } = (object as Pod).spec;
      if (nodeName && lacks('Node', 'nodes', nodeName)) made.push(nodeNamed(store, nodeName, now, made.length));
    }
    if (object.kind === 'PersistentVolumeClaim') {
      const claim = object as PersistentVolumeClaim;
      const { volumeName, storageClassName = '' } = claim.spec;
      const storageClass =
        classes.get(storageClassName) ?? store.get<StorageClass>('storageclasses.storage.k8s.io', '', storageClassName);
      if (volumeName && claim.status?.phase === 'Bound' && lacks('PersistentVolume', 'persistentvolumes', volumeName))
        made.push(volumeOf(store, claim, volumeName, storageClass, now));
    }
  }
  return made;
}

const meta = (store: Store, name: string, now: number) => ({
  name,
  uid: store.entropy.uid(),
  resourceVersion: '',
  creationTimestamp: toTime(now),
});

const namespaceNamed = (store: Store, name: string, now: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { ...meta(store, name, now), labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

const nodeNamed = (store: Store, name: string, now: number, address: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { ...meta(store, name, now), labels: nodeLabels(name) },
  spec: { providerID: `${OWN_PROVIDER}${name}` },
  status: nodeStatus(name, now, address + 1),
});

function volumeOf(
  store: Store,
  claim: PersistentVolumeClaim,
  name: string,
  storageClass: StorageClass | undefined,
  now: number,
): PersistentVolume {
  const { metadata, spec, status } = claim;
  const provisioner = metadata.annotations?.['volume.kubernetes.io/storage-provisioner'];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      ...meta(store, name, now),
      ...(provisioner && { annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } }),
      finalizers: ['kubernetes.io/pv-protection'],
    },
    spec: {
      ...(spec.accessModes && { accessModes: spec.accessModes }),
      capacity: status.capacity ?? spec.resources?.requests ?? {},
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: metadata.name,
        namespace: metadata.namespace ?? '',
        uid: metadata.uid,
      },
      hostPath: { path: `/stand-in/${name}`, type: '' },
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? 'Delete',
      ...(spec.storageClassName !== undefined && { storageClassName: spec.storageClassName }),
      volumeMode: spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Bound' },
  };
}
