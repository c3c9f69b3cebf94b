/**
 * The cluster's DNS: the records that Kubernetes' DNS specification (1.1.0) gives to Services and pods, worked out of the
 * store for each question. Nothing is cached, so an answer is always of this instant.
 */
import type { Pod, Service } from '../../api/types';
import type { Store } from '../../apiserver/store';
import type { DnsAnswer, DnsRecord, RecordType } from '../../reports/dns';
import { type Endpoint, endpointsOf } from './endpoints';

export const ZONE = 'cluster.local';
export const NAMESERVER = '10.96.0.10';
const NAMESERVER_NAME = `kube-dns.kube-system.svc.${ZONE}`;
/** seconds, as CoreDNS' kubernetes plugin in its usual configuration */
const TTL = 30;
const MAX_CNAMES = 8;

interface Found {
  readonly records: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

const NOTHING: readonly DnsRecord[] = [];
const record = (name: string, type: RecordType, value: string): DnsRecord => ({ name, type, value, ttl: TTL });

/** Answers for a fully qualified name, with or without its last dot. */
export function answer(store: Store, question: string, type: RecordType): DnsAnswer {
  const name = question.toLowerCase().replace(/\.$/, '');
  const found = type === 'PTR' ? reverse(store, name) : forward(store, name, type);
  if (!found) return { status: 'NXDOMAIN', name, records: NOTHING, additional: NOTHING };
  return { status: 'NOERROR', name, ...found };
}

/** Tries a name under the search domains first where it has fewer dots than `ndots`, as the resolver of a pod. */
export function search(
  store: Store,
  name: string,
  type: RecordType,
  { domains, ndots }: { readonly domains: readonly string[]; readonly ndots: number },
): DnsAnswer {
  if (name.endsWith('.')) return answer(store, name, type);
  const dots = name.split('.').length - 1;
  const candidates = domains.map((domain) => `${name}.${domain}`);
  const order = dots >= ndots ? [name, ...candidates] : [...candidates, name];
  let last: DnsAnswer | undefined;
  for (const candidate of order) {
    const found = answer(store, candidate, type);
    if (found.status === 'NOERROR' && found.records.length > 0) return found;
    last = last?.status === 'NOERROR' ? last : found;
  }
  return last ?? answer(store, name, type);
}

/** `4.3.2.1.in-addr.arpa` of 1.2.3.4, or the name itself. */
export function reverseName(address: string): string {
  return isAddress(address) ? `${address.split('.').reverse().join('.')}.in-addr.arpa` : address;
}

export const isAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);

function forward(store: Store, name: string, type: RecordType, depth = 0): Found | undefined {
  if (name === NAMESERVER_NAME) return found(type === 'A' ? [record(name, 'A', NAMESERVER)] : []);
  if (!name.endsWith(`.${ZONE}`)) return undefined;
  const labels = name.slice(0, -ZONE.length - 1).split('.');
  const kind = labels.at(-1);
  if (kind === 'pod') return forPod(store, name, labels, type);
  if (kind !== 'svc' || labels.length < 3) return undefined;
  const [namespace = '', service = ''] = [labels.at(-2), labels.at(-3)];
  const object = store.get<Service>('services', namespace, service);
  if (!object) return undefined;
  const rest = labels.slice(0, -3);
  const { externalName } = object.spec;
  if (object.spec.type === 'ExternalName')
    return rest.length > 0 ? undefined : alias(store, name, externalName ?? '', type, depth);
  if (rest.length === 2 && rest.every((label) => label.startsWith('_')))
    return services(store, object, name, rest, type);
  return isHeadless(object) ? headless(store, object, name, rest, type) : clusterIp(object, name, rest, type);
}

const found = (records: readonly DnsRecord[], additional: readonly DnsRecord[] = NOTHING): Found => ({
  records,
  additional,
});

const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None';

const fullName = ({ metadata }: Service): string => `${metadata.name}.${metadata.namespace}.svc.${ZONE}`;

function clusterIp(service: Service, name: string, rest: readonly string[], type: RecordType): Found | undefined {
  if (rest.length > 0) return undefined;
  return found(
    type === 'A' ? (service.spec.clusterIPs ?? []).filter(isAddress).map((ip) => record(name, 'A', ip)) : [],
  );
}

function headless(
  store: Store,
  service: Service,
  name: string,
  rest: readonly string[],
  type: RecordType,
): Found | undefined {
  const endpoints = endpointsOf(store, service);
  if (rest.length > 1) return undefined;
  const [host] = rest;
  const meant = host === undefined ? endpoints : endpoints.filter((endpoint) => hostOf(endpoint) === host);
  // A headless Service without ready endpoints has no name yet, as CoreDNS answers.
  if (meant.length === 0) return undefined;
  if (type === 'SRV' && host === undefined) return services(store, service, name, ['', ''], type);
  return found(type === 'A' ? meant.map(({ address }) => record(name, 'A', address)) : []);
}

/** A pod's own name under its Service, or its address with dashes. */
const hostOf = ({ hostname, address }: Endpoint): string => hostname ?? address.replaceAll('.', '-');

/** SRV records of a named port; of all ports where the name is the Service's own. */
function services(
  store: Store,
  service: Service,
  name: string,
  [port = '', protocol = '']: readonly string[],
  type: RecordType,
): Found | undefined {
  const ports = (service.spec.ports ?? []).filter(
    (candidate) =>
      port === '' ||
      (`_${candidate.name ?? ''}` === port && `_${(candidate.protocol ?? 'TCP').toLowerCase()}` === protocol),
  );
  if (ports.length === 0) return undefined;
  if (type !== 'SRV') return found([]);
  if (!isHeadless(service)) {
    const target = fullName(service);
    return found(
      ports.map((candidate) => record(name, 'SRV', `0 100 ${candidate.port} ${target}`)),
      (service.spec.clusterIPs ?? []).map((ip) => record(target, 'A', ip)),
    );
  }
  const endpoints = endpointsOf(store, service);
  if (endpoints.length === 0) return undefined;
  const weight = Math.max(1, Math.floor(100 / (endpoints.length * ports.length)));
  const records: DnsRecord[] = [];
  const additional: DnsRecord[] = [];
  for (const endpoint of endpoints) {
    const target = `${hostOf(endpoint)}.${fullName(service)}`;
    for (const candidate of ports) {
      records.push(record(name, 'SRV', `0 ${weight} ${targetPort(candidate, endpoint)} ${target}`));
    }
    additional.push(record(target, 'A', endpoint.address));
  }
  return found(records, additional);
}

/** The port that an endpoint listens on: a name is looked up in its pod. */
export function targetPort(
  { port, targetPort: target }: { readonly port: number; readonly targetPort?: number | string },
  { pod }: Pick<Endpoint, 'pod'>,
): number {
  if (typeof target === 'number') return target;
  if (target === undefined) return port;
  for (const { ports = [] } of pod?.spec.containers ?? []) {
    const named = ports.find(({ name }) => name === target);
    if (named) return named.containerPort;
  }
  return port;
}

function alias(store: Store, name: string, target: string, type: RecordType, depth: number): Found {
  const own = record(name, 'CNAME', target.replace(/\.$/, ''));
  if (type === 'CNAME' || depth >= MAX_CNAMES) return found([own]);
  const behind = forward(store, own.value.toLowerCase(), type, depth + 1);
  return found([own, ...(behind?.records ?? [])], behind?.additional);
}

/** `10-244-1-2.default.pod.cluster.local` answers with the address in it where such a pod is there. */
function forPod(store: Store, name: string, labels: readonly string[], type: RecordType): Found | undefined {
  const [dashed = '', namespace = ''] = labels;
  const address = dashed.replaceAll('-', '.');
  if (labels.length !== 3 || !isAddress(address)) return undefined;
  for (const pod of store.list<Pod>('pods', namespace)) {
    if (pod.status.podIP === address) return found(type === 'A' ? [record(name, 'A', address)] : []);
  }
  return undefined;
}

function reverse(store: Store, question: string): Found | undefined {
  const name = reverseName(question);
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(name);
  if (!match) return undefined;
  const address = match.slice(1, 5).reverse().join('.');
  if (address === NAMESERVER) return found([record(name, 'PTR', NAMESERVER_NAME)]);
  const names: string[] = [];
  for (const service of store.list<Service>('services')) {
    if (service.spec.clusterIPs?.includes(address)) names.push(fullName(service));
    if (!isHeadless(service)) continue;
    for (const endpoint of endpointsOf(store, service)) {
      if (endpoint.address === address) names.push(`${hostOf(endpoint)}.${fullName(service)}`);
    }
  }
  return names.length > 0 ? found(names.map((target) => record(name, 'PTR', target))) : undefined;
}
