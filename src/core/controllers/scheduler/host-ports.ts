/** Ports of nodes that pods take for themselves (as the NodePorts plug-in). */
import type { Node, Pod } from '../../api/types';
import { isPlaced } from './counts';
import { passing, type Refusal } from './types';

interface HostPort {
  /** `TCP/80` */
  readonly port: string;
  readonly ip: string;
}

const ANY = '0.0.0.0';
const TAKEN = passing("node(s) didn't have free ports for the requested pod ports");
const known = new WeakMap<Pod['spec'], readonly HostPort[]>();

export class HostPorts {
  /** Node -> port -> address -> pods. */
  private readonly taken = new Map<string, Map<string, Map<string, number>>>();

  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  conflict(pod: Pod, node: Node): Refusal | undefined {
    const wanted = portsOf(pod);
    if (wanted.length === 0) return undefined;
    const taken = this.taken.get(node.metadata.name);
    for (const { port, ip } of wanted) {
      const addresses = taken?.get(port);
      if (!addresses || addresses.size === 0) continue;
      if (ip === ANY || addresses.has(ANY) || addresses.has(ip)) return TAKEN;
    }
    return undefined;
  }

  private count(pod: Pod, by: 1 | -1): void {
    const ports = portsOf(pod);
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

function portsOf({ spec }: Pod): readonly HostPort[] {
  let ports = known.get(spec);
  if (!ports) {
    const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
    ports = [...spec.containers, ...sidecars].flatMap((container) =>
      (container.ports ?? []).flatMap((port) =>
        port.hostPort ? [{ port: `${port.protocol ?? 'TCP'}/${port.hostPort}`, ip: hostIpOf(port) || ANY }] : [],
      ),
    );
    known.set(spec, ports);
  }
  return ports;
}

const hostIpOf = (port: object): string => ('hostIP' in port && typeof port.hostIP === 'string' ? port.hostIP : '');
