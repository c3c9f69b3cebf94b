/** Where a pod runs, as labels on the pod (as the admission plug-in PodTopologyLabels, which is on since 1.35). */
import type { KubeObject } from '../api/types';
import type { Storage } from './storage';

export const TOPOLOGY_LABELS: readonly string[] = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];

/** The pod with its node's region and zone; they win over labels that the pod has. A node that is not there has none. */
export function withTopologyLabels<T extends KubeObject>(storage: Storage, pod: T, nodeName: string): T {
  const of = nodeName === '' ? undefined : storage.get('nodes', '', nodeName)?.metadata.labels;
  const copied = of ? Object.entries(of).filter(([key]) => TOPOLOGY_LABELS.includes(key)) : [];
  if (copied.length === 0) return pod;
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...Object.fromEntries(copied) } } };
}
