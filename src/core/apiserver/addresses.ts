/**
 * Cluster addresses and node ports of Services: allocated on create, kept on update, free again when the Service goes
 * (as pkg/registry/core/service/storage/alloc.go). What is in use is read off the stored Services.
 */
import type { FieldError } from '../api/status';
import { invalid } from '../api/status';
import type { Service, ServicePort } from '../api/types';
import type { Entropy } from './entropy';
import { carryOver } from './service-update';
import type { Storage } from './storage';

const FIRST_NODE_PORT = 30000;
const NODE_PORTS = 2768;

export class AddressAllocator {
  constructor(
    private readonly storage: Storage,
    private readonly entropy: Entropy,
  ) {}

  /** Gives a new Service what its type asks for. Throws Invalid when an address or port asked for is taken. */
  allocate(service: Service): Service {
    return this.withNodePorts(this.withClusterIP(service));
  }

  /** An update keeps the address; what a change of type adds or takes away follows. */
  reallocate(service: Service, old: Service): Service {
    const next = carryOver(service, old);
    if (next.spec.type === 'ExternalName') return next;
    const { clusterIP } = next.spec;
    return this.withNodePorts(clusterIP ? withIPs(next, clusterIP) : this.withClusterIP(next));
  }

  private withClusterIP(service: Service): Service {
    if (service.spec.type === 'ExternalName') return service;
    const asked = service.spec.clusterIP;
    if (asked === 'None') return withIPs(service, 'None');
    const used = new Set<string>();
    for (const other of this.storage.list('services') as Iterable<Service>) {
      if (other.metadata.uid !== service.metadata.uid && other.spec.clusterIP) used.add(other.spec.clusterIP);
    }
    if (asked) {
      if (used.has(asked)) {
        this.refuse(service, {
          type: 'Invalid value',
          field: 'spec.clusterIPs',
          value: [asked],
          detail: `failed to allocate IP ${asked}: provided IP is already allocated`,
        });
      }
      return withIPs(service, asked);
    }
    for (;;) {
      const candidate = `10.96.${this.entropy.pick(256)}.${1 + this.entropy.pick(254)}`;
      if (candidate !== '10.96.0.1' && candidate !== '10.96.0.10' && !used.has(candidate))
        return withIPs(service, candidate);
    }
  }

  private withNodePorts(service: Service): Service {
    const { type, ports } = service.spec;
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || !ports) return service;
    if (type === 'LoadBalancer' && service.spec.allocateLoadBalancerNodePorts === false) return service;
    const used = new Set<number>();
    for (const other of this.storage.list('services') as Iterable<Service>) {
      if (other.metadata.uid === service.metadata.uid) continue;
      for (const port of other.spec.ports ?? []) if (port.nodePort) used.add(port.nodePort);
    }
    const allocated = ports.map((port, i): ServicePort => {
      if (port.nodePort) {
        if (used.has(port.nodePort)) {
          this.refuse(service, {
            type: 'Invalid value',
            field: `spec.ports[${i}].nodePort`,
            value: port.nodePort,
            detail: 'provided port is already allocated',
          });
        }
        used.add(port.nodePort);
        return port;
      }
      let nodePort = FIRST_NODE_PORT + this.entropy.pick(NODE_PORTS);
      while (used.has(nodePort)) nodePort = FIRST_NODE_PORT + ((nodePort + 1 - FIRST_NODE_PORT) % NODE_PORTS);
      used.add(nodePort);
      return { ...port, nodePort };
    });
    return { ...service, spec: { ...service.spec, ports: allocated } };
  }

  private refuse(service: Service, error: FieldError): never {
    throw invalid('', 'Service', service.metadata.name, [error]);
  }
}

function withIPs(service: Service, clusterIP: string): Service {
  const { spec } = service;
  return {
    ...service,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
      ...(spec.ipFamilies === undefined && { ipFamilies: ['IPv4'] }),
      ...(spec.ipFamilyPolicy === undefined && { ipFamilyPolicy: 'SingleStack' }),
    },
  };
}
