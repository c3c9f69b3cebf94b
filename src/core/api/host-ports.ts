/** The ports of its node that a pod takes for itself. */
import type { Pod } from './types';

export interface HostPort {
  /** `TCP/80` */
  readonly port: string;
  /** `0.0.0.0` stands for every address of the node. */
  readonly ip: string;
}

export const ANY_ADDRESS = '0.0.0.0';
/** In the scheduler's words, which the kubelet uses too. */
export const NO_FREE_PORTS = "node(s) didn't have free ports for the requested pod ports";

const known = new WeakMap<Pod['spec'], readonly HostPort[]>();

/** The host ports of the containers that run beside one another. */
export function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  let ports = known.get(spec);
  if (!ports) {
    const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
    ports = [...spec.containers, ...sidecars].flatMap((container) =>
      (container.ports ?? []).flatMap((port) =>
        port.hostPort
          ? [{ port: `${port.protocol ?? 'TCP'}/${port.hostPort}`, ip: hostIpOf(port) || ANY_ADDRESS }]
          : [],
      ),
    );
    known.set(spec, ports);
  }
  return ports;
}

/** Whether two pods want the same port of a node. */
export const portsClash = (one: readonly HostPort[], other: readonly HostPort[]): boolean =>
  one.some(({ port, ip }) =>
    other.some((taken) => taken.port === port && (ip === ANY_ADDRESS || taken.ip === ANY_ADDRESS || taken.ip === ip)),
  );

const hostIpOf = (port: object): string => ('hostIP' in port && typeof port.hostIP === 'string' ? port.hostIP : '');
