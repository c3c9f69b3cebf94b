/** The pod and the container that a subresource of pods is about. */
import type { ResourceInfo } from '../api/resources';
import { badRequest } from '../api/status';
import type { Pod } from '../api/types';
import { findContainer } from '../client/pod-containers';
import type { ServedBackend } from '../client/served';

/** Throws NotFound. */
export const podAt = async (
  backend: ServedBackend,
  pods: ResourceInfo,
  namespace: string,
  name: string,
): Promise<Pod> => (await backend.perform((cluster) => cluster.get(pods, namespace, name))) as unknown as Pod;

/** The container that was named, or the only one (as validateContainer of the pod registry). Throws BadRequest. */
export function containerIn(pod: Pod, name: string): string {
  const pods = pod.metadata.name;
  if (name !== '') {
    if (findContainer(pod, name)) return name;
    throw badRequest(`container ${name} is not valid for pod ${pods}`);
  }
  const { containers, initContainers = [] } = pod.spec;
  const [first] = containers;
  if (first && containers.length === 1) return first.name;
  const names = (list: readonly { readonly name: string }[]): string => `[${list.map((one) => one.name).join(' ')}]`;
  const inits = initContainers.length > 0 ? ` or one of the init containers: ${names(initContainers)}` : '';
  throw badRequest(`a container name must be specified for pod ${pods}, choose one of: ${names(containers)}${inits}`);
}
