/** What a new cluster holds before anybody asks it for anything. */
import type { Manifest } from '../api/types';
import { DEFAULT_CLASS } from '../apiserver/admission';
import { nodeManifest, nodeStatus } from '../apiserver/nodes';
import type { Store } from '../apiserver/store';

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
export const PROVISIONER = 'stsctl.dev/hostpath';

export function bootstrap(store: Store, now: number): void {
  for (const name of NAMESPACES) {
    store.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    });
  }
  store.create(defaultClass());
  const node = store.create(nodeManifest(1));
  store.updateStatus(node, nodeStatus(node.metadata.name, now));
  store.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
      sessionAffinity: 'None',
    },
  });
}

const defaultClass = (): Manifest => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { [DEFAULT_CLASS]: 'true' } },
  provisioner: PROVISIONER,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
});
