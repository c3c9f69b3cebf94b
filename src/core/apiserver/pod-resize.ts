/** What the API server does to a pod that is resized: what it takes of what was sent, and whether the node is big enough. */
import { podResources } from '../api/pod-resources';
import { resourceList } from '../api/resource-list';
import { forbidden } from '../api/status';
import type { Container, KubeObject, Node, Pod } from '../api/types';
import type { Quantity } from '../meta/quantity';
import type { Storage } from './storage';
import { metadataOfSubresource } from './strategy-rules';

/**
 * Nothing of the pod but what a resize may change (as dropNonResizeUpdates). Containers that came, went or changed places
 * are left as sent: validation names them.
 */
export function withResize({ metadata, spec }: Pod, old: Pod): KubeObject {
  const containers = withSizes(spec?.containers ?? [], old.spec.containers);
  const initContainers = withSizes(spec?.initContainers ?? [], old.spec.initContainers ?? []);
  const { resources: _resources, ...rest } = old.spec;
  const resources = spec?.resources;
  return {
    ...old,
    metadata: metadataOfSubresource(metadata, old),
    spec: {
      ...rest,
      containers,
      ...(initContainers.length > 0 && { initContainers }),
      ...(resources !== undefined && { resources }),
    },
  };
}

function withSizes(sent: readonly Container[], old: readonly Container[]): readonly Container[] {
  if (sent.length !== old.length || sent.some(({ name }, i) => old[i]?.name !== name)) return sent;
  return old.map(({ resources: _resources, resizePolicy: _policy, ...container }, i) => {
    const { resources, resizePolicy } = sent[i] ?? {};
    return {
      ...container,
      ...(resources !== undefined && { resources }),
      ...(resizePolicy !== undefined && { resizePolicy }),
    };
  });
}

/** Throws Forbidden for a pod that its node could never hold (as the PodResize admission of 1.36). */
export function checkNodeHolds(storage: Storage, pod: Pod): void {
  if (!pod.spec.nodeName) return;
  const refuse = (why: string): Error => forbidden({ group: '', plural: 'pods' }, pod.metadata.name, why);
  const node = storage.get('nodes', '', pod.spec.nodeName) as Node | undefined;
  if (!node) throw refuse(`node ${JSON.stringify(pod.spec.nodeName)} not found`);
  const os = node.metadata.labels?.['kubernetes.io/os'] ?? 'linux';
  if (os !== 'linux')
    throw refuse(
      `pod resize is only supported on linux nodes, node ${JSON.stringify(node.metadata.name)} is ${JSON.stringify(os)}`,
    );
  const wanted = podResources(pod.spec, 'requests');
  const there = resourceList(node.status?.allocatable);
  const missing = (name: string, unit: (amount: Quantity) => bigint): string[] => {
    const [requested, allocatable] = [wanted.get(name), there.get(name)];
    if (!requested || (allocatable && requested.compare(allocatable) <= 0)) return [];
    return [`${name}, requested: ${unit(requested)}, allocatable: ${allocatable ? unit(allocatable) : 0}`];
  };
  const lacks = [...missing('cpu', (q) => q.milliValue()), ...missing('memory', (q) => q.value())];
  if (lacks.length > 0) throw refuse(`node didn't have enough allocatable resources: ${lacks.join('; ')}`);
}
