/** What a node says of itself when its kubelet joins the cluster: labels, capacity, addresses, conditions. */
import type { Manifest, Node, PodCondition } from '../api/types';
import { toTime } from '../meta/time';

const NUMBERED = /^node-(\d{1,3})$/;

/** The number of a node that is named node-N; undefined for others. */
export function numberOf(name: string): number | undefined {
  const number = NUMBERED.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The labels that the kubelet gives its node. */
export const nodeLabels = (name: string): Readonly<Record<string, string>> => ({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
});

/** The cluster's own nodes: node-1, node-2, … Pods' addresses come from one range, which is noted at the first. */
export function nodeManifest(number: number): Manifest {
  const name = `node-${number}`;
  const range = number === 1 ? { podCIDR: '10.244.0.0/16', podCIDRs: ['10.244.0.0/16'] } : {};
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: nodeLabels(name) },
    spec: { ...range, providerID: `stsctl://${name}` },
  };
}

/** The status of a healthy node. `address` is the last part of its address for nodes that are not numbered. */
export function nodeStatus(name: string, now: number, address = 0): Node['status'] {
  const number = numberOf(name);
  const ip =
    number !== undefined && number <= 240
      ? `192.168.0.${10 + number}`
      : `192.168.${1 + (address >> 8)}.${address & 255}`;
  // Roomy, so that only what is meant to be too large does not fit.
  const resources = { cpu: '1k', 'ephemeral-storage': '1Pi', memory: '8Ti', pods: '65k' };
  return {
    addresses: [
      { address: ip, type: 'InternalIP' },
      { address: name, type: 'Hostname' },
    ],
    allocatable: resources,
    capacity: resources,
    conditions: healthy(now),
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

/** The conditions that a healthy kubelet posts. */
export function healthy(now: number): readonly PodCondition[] {
  const condition = (type: string, status: string, reason: string, message: string) => ({
    lastHeartbeatTime: toTime(now),
    lastTransitionTime: toTime(now),
    message,
    reason,
    status,
    type,
  });
  return [
    condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}

/** What a node says of its readiness; undefined where its kubelet never posted anything. */
export const readiness = (node: Node): string | undefined =>
  node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
