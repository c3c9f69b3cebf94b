/** What the API server answers where it would have to ask the kubelet of a node that is cut off. */
import { internalError } from '../../api/status';
import type { Node, Pod } from '../../api/types';
import type { LogOptions } from '../../client/container-backend';
import type { Cluster } from '../../simulation/cluster';

/**
 * Without a path it is a connection that was wanted, as for exec.
 * @throws ApiError where the pod's node can't be reached
 */
export function requireNode({ faults, store }: Cluster, { spec }: Pod, path?: string): void {
  const { nodeName } = spec;
  if (nodeName === undefined || !faults.isNodeLost(nodeName)) return;
  const addresses = store.get<Node>('nodes', '', nodeName)?.status?.addresses;
  const address = `${addresses?.find(({ type }) => type === 'InternalIP')?.address ?? nodeName}:10250`;
  const what = path === undefined ? 'error dialing backend' : `Get "https://${address}${path}"`;
  throw internalError(`${what}: dial tcp ${address}: i/o timeout`);
}

/** Where a kubelet has a container's log. */
export function logsPath({ metadata }: Pod, options: LogOptions): string {
  const { container, follow, previous, tailLines, timestamps } = options;
  const query = new URLSearchParams({
    ...(follow && { follow: 'true' }),
    ...(previous && { previous: 'true' }),
    ...(tailLines !== undefined && tailLines >= 0 && { tailLines: String(tailLines) }),
    ...(timestamps && { timestamps: 'true' }),
  }).toString();
  return `/containerLogs/${metadata.namespace}/${metadata.name}/${container}${query && `?${query}`}`;
}
