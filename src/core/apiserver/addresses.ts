/**
 * Cluster addresses and node ports of Services: allocated on create, kept on update, free again when the Service goes
 * (as pkg/registry/core/service/storage/alloc.go). What is in use is read off the stored Services.
 */
import { internalServerError, invalid } from '../api/status';
import type { Service, ServicePort } from '../api/types';
import type { Entropy } from './entropy';
import { withFamilies } from './service-families';
import { carryOver } from './service-update';
import type { Storage } from './storage';

const FIRST_NODE_PORT = 30000;
const NODE_PORTS = 2768;
/** 10.96.0.0/16 */
const CLUSTER_RANGE = /^10\.96\.\d+\.\d+$/;

export class AddressAllocator {
  constructor(
    private readonly storage: Storage,
    private readonly entropy: Entropy,
  ) {}

  /** Gives a new Service what its type asks for. Throws Invalid when an address or port asked for is taken. */
  allocate(service: Service): Service {
    return this.withHealthPort(this.withNodePorts(this.withClusterIP(withFamilies(service))));
  }

  /** An update keeps the address; what a change of type adds or takes away follows. */
  reallocate(service: Service, old: Service): Service {
    const next = withFamilies(inSync(carryOver(service, old), old), old);
    if (next.spec.type === 'ExternalName') return next;
    const fresh = !next.spec.clusterIP || old.spec.type === 'ExternalName';
    return this.withHealthPort(this.withNodePorts(fresh ? this.withClusterIP(next) : next, old));
  }

  private withClusterIP(service: Service): Service {
    if (service.spec.type === 'ExternalName') return service;
    const asked = service.spec.clusterIP;
    if (asked === 'None') return withIP(service, 'None');
    const used = new Set<string>();
    for (const other of this.storage.list('services') as Iterable<Service>) {
      if (other.metadata.uid !== service.metadata.uid && other.spec.clusterIP) used.add(other.spec.clusterIP);
    }
    if (asked) {
      const why = used.has(asked)
        ? 'provided IP is already allocated'
        : CLUSTER_RANGE.test(asked)
          ? undefined
          : 'the provided network does not match the current range';
      if (why) {
        const value = service.spec.clusterIPs ?? [asked];
        this.refuse(service, 'spec.clusterIPs', value, `failed to allocate IP ${asked}: ${why}`);
      }
      return withIP(service, asked);
    }
    for (;;) {
      const candidate = `10.96.${this.entropy.pick(256)}.${1 + this.entropy.pick(254)}`;
      if (candidate !== '10.96.0.1' && candidate !== '10.96.0.10' && !used.has(candidate))
        return withIP(service, candidate);
    }
  }

  /** Ports that ask for a number get it, the same port of another protocol shares it, the others get a free one. */
  private withNodePorts(service: Service, old?: Service): Service {
    const { type, ports } = service.spec;
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || !ports) return service;
    const allocates = type === 'NodePort' || service.spec.allocateLoadBalancerNodePorts !== false;
    const used = this.usedPorts(service);
    const kept = new Set(old?.spec.ports?.map((port) => port.nodePort));
    const given = new Map<number, number>();
    const allocated = ports.map((port, i): ServicePort => {
      if (!port.nodePort && !allocates) return port;
      const shared = old ? undefined : given.get(port.port);
      if (shared !== undefined && (!port.nodePort || port.nodePort === shared)) return { ...port, nodePort: shared };
      const asked = port.nodePort || (!old && ports.find((p) => p.port === port.port && p.nodePort)?.nodePort);
      const nodePort = asked || this.freePort(used);
      if (asked && !kept.has(asked)) {
        const why = portRefusal(asked, used);
        const mine = old !== undefined && ports.slice(0, i).some((p) => p.nodePort === asked);
        if (why && !mine) this.refuse(service, `spec.ports[${i}].nodePort`, asked, why);
      }
      used.add(nodePort);
      if (!given.has(port.port)) given.set(port.port, nodePort);
      return port.nodePort === nodePort ? port : { ...port, nodePort };
    });
    return { ...service, spec: { ...service.spec, ports: allocated } };
  }

  /** A load balancer that keeps traffic on its node asks a port for a node's health. */
  private withHealthPort(service: Service): Service {
    const { type, externalTrafficPolicy, healthCheckNodePort } = service.spec;
    if (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local') return service;
    const used = this.usedPorts(service);
    for (const port of service.spec.ports ?? []) if (port.nodePort) used.add(port.nodePort);
    if (typeof healthCheckNodePort !== 'number' || healthCheckNodePort === 0) {
      return { ...service, spec: { ...service.spec, healthCheckNodePort: this.freePort(used) } };
    }
    const why = portRefusal(healthCheckNodePort, used);
    if (why) {
      const text = `failed to allocate requested HealthCheck NodePort ${healthCheckNodePort}: ${why}`;
      throw internalServerError(text);
    }
    return service;
  }

  /** Node ports of all other Services. */
  private usedPorts(service: Service): Set<number> {
    const used = new Set<number>();
    for (const other of this.storage.list('services') as Iterable<Service>) {
      if (other.metadata.uid === service.metadata.uid) continue;
      for (const port of other.spec.ports ?? []) if (port.nodePort) used.add(port.nodePort);
      if (typeof other.spec.healthCheckNodePort === 'number') used.add(other.spec.healthCheckNodePort);
    }
    return used;
  }

  private freePort(used: ReadonlySet<number>): number {
    let port = FIRST_NODE_PORT + this.entropy.pick(NODE_PORTS);
    while (used.has(port)) port = FIRST_NODE_PORT + ((port + 1 - FIRST_NODE_PORT) % NODE_PORTS);
    return port;
  }

  private refuse(service: Service, field: string, value: unknown, detail: string): never {
    throw invalid('', 'Service', service.metadata.name, [{ type: 'Invalid value', field, value, detail }]);
  }
}

function portRefusal(port: number, used: ReadonlySet<number>): string | undefined {
  const last = FIRST_NODE_PORT + NODE_PORTS - 1;
  if (port < FIRST_NODE_PORT || port > last) {
    return `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${last}`;
  }
  return used.has(port) ? 'provided port is already allocated' : undefined;
}

function withIP(service: Service, clusterIP: string): Service {
  return { ...service, spec: { ...service.spec, clusterIP, clusterIPs: [clusterIP] } };
}

/** A client that changed clusterIP alone means the first of clusterIPs too (as normalizeClusterIPs). */
function inSync(service: Service, old: Service): Service {
  const { clusterIP, clusterIPs } = service.spec;
  if (!clusterIP || clusterIP === old.spec.clusterIP || clusterIPs?.join() !== old.spec.clusterIPs?.join()) {
    return service;
  }
  return { ...service, spec: { ...service.spec, clusterIPs: [clusterIP, ...(clusterIPs ?? []).slice(1)] } };
}
