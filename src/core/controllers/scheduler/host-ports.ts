/** Ports of nodes that pods take for themselves (as the NodePorts plug-in). */
import { ANY_ADDRESS, hostPortsOf, NO_FREE_PORTS } from '../../api/host-ports';
import type { Node, Pod } from '../../api/types';
import { isPlaced } from './counts';
import { passing, type Refusal } from './types';

const TAKEN = passing(NO_FREE_PORTS);

export class HostPorts {
  /** Node -> port -> address -> pods. */
  private readonly taken = new Map<string, Map<string, Map<string, number>>>();

  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  conflict(pod: Pod, node: Node): Refusal | undefined {
    const wanted = hostPortsOf(pod);
    if (wanted.length === 0) return undefined;
    const taken = this.taken.get(node.metadata.name);
    for (const { port, ip } of wanted) {
      const addresses = taken?.get(port);
      if (!addresses || addresses.size === 0) continue;
      if (ip === ANY_ADDRESS || addresses.has(ANY_ADDRESS) || addresses.has(ip)) return TAKEN;
    }
    return undefined;
  }

  private count(pod: Pod, by: 1 | -1): void {
    const ports = hostPortsOf(pod);
    if (ports.length === 0 || !isPlaced(pod)) return;
    const node = pod.spec.nodeName as string;
    const ofNode = this.taken.get(node) ?? new Map<string, Map<string, number>>();
    this.taken.set(node, ofNode);
    for (const { port, ip } of ports) {
      const addresses = ofNode.get(port) ?? new Map<string, number>();
      ofNode.set(port, addresses);
      const count = (addresses.get(ip) ?? 0) + by;
      if (count === 0) addresses.delete(ip);
      else addresses.set(ip, count);
    }
  }
}
