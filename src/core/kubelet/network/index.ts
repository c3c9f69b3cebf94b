/**
 * The cluster's network at an instant, as one pod sees it: names, addresses, and who listens where. Connections go to
 * containers of running pods, directly or through a Service.
 */
import { isPodTerminal } from '../../api/pod';
import type { ContainerStatus, Node, Pod, Service } from '../../api/types';
import type { PodContainer } from '../../apiserver/container-runtime';
import type { Store } from '../../apiserver/store';
import type { DnsAnswer, RecordType } from '../../reports/dns';
import { modelOf } from '../catalogue';
import type { Listener } from '../catalogue/model';
import { describeContainer } from '../container';
import { answer, isAddress, NAMESERVER, reverseName, search, targetPort } from '../dns';
import { endpointsOf } from '../dns/endpoints';
import { hostsOf, resolverOf } from './resolver';
import type { Connection, Network, Peer, Refusal } from './types';

const LOOPBACK = '127.0.0.1';

export function networkOf(store: Store, pod: Pod, peer: (container: PodContainer) => Promise<Peer>): Network {
  return new PodNetwork(store, pod, peer);
}

class PodNetwork implements Network {
  readonly nameserver = NAMESERVER;

  constructor(
    private readonly store: Store,
    private readonly pod: Pod,
    private readonly peer: (container: PodContainer) => Promise<Peer>,
  ) {}

  lookup(name: string, type: RecordType): DnsAnswer {
    if (type === 'PTR') return answer(this.store, reverseName(name), 'PTR');
    return search(this.store, name, type, resolverOf(this.pod));
  }

  resolve(host: string): readonly string[] {
    if (isAddress(host)) return [host];
    const own = hostsOf(this.pod).get(host);
    if (own !== undefined) return [own];
    const { records } = this.lookup(host, 'A');
    return records.filter((record) => record.type === 'A').map((record) => record.value);
  }

  connect(host: string, port: number): Connection | Refusal {
    const addresses = this.resolve(host);
    let refusal: Refusal = 'unknown host';
    for (const address of addresses) {
      const connection = this.reach(address, port);
      if (typeof connection !== 'string') return connection;
      refusal = connection;
    }
    return refusal;
  }

  reaches(address: string): boolean {
    if (address.startsWith('127.')) return true;
    return this.podAt(address) !== undefined || this.nodeAt(address);
  }

  private reach(address: string, port: number): Connection | Refusal {
    const pod = address.startsWith('127.') ? this.pod : this.podAt(address);
    if (pod) return this.listening(pod, address === LOOPBACK ? (pod.status.podIP ?? address) : address, port);
    for (const service of this.store.list<Service>('services')) {
      const { clusterIPs = [], ports = [] } = service.spec;
      const isNode = ports.some(({ nodePort }) => nodePort === port) && this.nodeAt(address);
      if (!clusterIPs.includes(address) && !isNode) continue;
      const open = ports.find((candidate) => (isNode ? candidate.nodePort : candidate.port) === port);
      if (!open) return clusterIPs.includes(address) ? 'timeout' : 'refused';
      const [endpoint] = endpointsOf(this.store, service);
      if (!endpoint?.pod) return 'refused';
      return this.listening(endpoint.pod, endpoint.address, targetPort(open, endpoint));
    }
    return this.nodeAt(address) ? 'refused' : 'timeout';
  }

  /** The container of a pod that listens on a port. */
  private listening(pod: Pod, address: string, port: number): Connection | Refusal {
    const statuses = [...(pod.status.containerStatuses ?? []), ...(pod.status.initContainerStatuses ?? [])];
    for (const status of statuses) {
      if (!status.state?.running) continue;
      const found = this.listenerOf(pod, status, port);
      if (!found) continue;
      const { container, listener } = found;
      const model = modelOf(container.image);
      return { address, port, protocol: listener.protocol, container, model, open: () => this.peer(container) };
    }
    return 'refused';
  }

  private listenerOf(
    pod: Pod,
    status: ContainerStatus,
    port: number,
  ): { readonly container: PodContainer; readonly listener: Listener } | undefined {
    const spec = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(({ name }) => name === status.name);
    if (!spec) return undefined;
    const declared = (spec.ports ?? []).map(({ containerPort }) => containerPort);
    const model = modelOf(spec.image ?? '');
    if (!model && !declared.includes(port)) return undefined;
    const container = describeContainer(this.store, pod, spec.name, status.restartCount);
    const listeners = model ? model.listens(container, declared) : [{ port, protocol: 'tcp' }];
    const listener = listeners.find((candidate) => candidate.port === port);
    return listener && { container, listener };
  }

  private podAt(address: string): Pod | undefined {
    return [...this.store.list<Pod>('pods')].find((pod) => pod.status.podIP === address && !isPodTerminal(pod));
  }

  private nodeAt(address: string): boolean {
    for (const node of this.store.list<Node>('nodes')) {
      if (node.status.addresses?.some((candidate) => candidate.address === address)) return true;
    }
    return false;
  }
}
