/** What a new cluster holds before anybody asks it for anything. */
import type { Manifest } from '../api/types';
import { DEFAULT_CLASS } from '../apiserver/admission';
import type { Store } from '../apiserver/store';
import { toTime } from '../meta/time';

export const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
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
  store.updateStatus(node, nodeStatus(1, now));
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

function nodeManifest(number: number): Manifest {
  const name = `node-${number}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec: { podCIDR: '10.244.0.0/16', podCIDRs: ['10.244.0.0/16'], providerID: `stsctl://${name}` },
  };
}

function nodeStatus(number: number, now: number): unknown {
  // Roomy, so that only what is meant to be too large does not fit.
  const resources = { cpu: '1k', 'ephemeral-storage': '1Pi', memory: '8Ti', pods: '65k' };
  const condition = (type: string, status: string, reason: string, message: string) => ({
    lastHeartbeatTime: toTime(now),
    lastTransitionTime: toTime(now),
    message,
    reason,
    status,
    type,
  });
  return {
    addresses: [
      { address: `192.168.0.${10 + number}`, type: 'InternalIP' },
      { address: `node-${number}`, type: 'Hostname' },
    ],
    allocatable: resources,
    capacity: resources,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: '',
      containerRuntimeVersion: 'stsctl://simulated',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.2',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'stsctl (simulated)',
      systemUUID: '',
    },
  };
}
