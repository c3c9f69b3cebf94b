/** How a pod resolves names: its search domains, /etc/resolv.conf and /etc/hosts (as the kubelet writes them). */
import type { Pod } from '../../api/types';
import { NAMESERVER, ZONE } from '../dns';

const NDOTS = 5;

export interface Resolver {
  readonly nameservers: readonly string[];
  readonly domains: readonly string[];
  readonly ndots: number;
  /** As in resolv.conf: `ndots:5`. */
  readonly options: readonly string[];
}

interface DnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name: string; readonly value?: string }[];
}

/** As the kubelet's Configurer: ClusterFirst, or what dnsPolicy None brings, with dnsConfig added to it. */
export function resolverOf(pod: Pod): Resolver {
  const config = (pod.spec.dnsConfig ?? {}) as DnsConfig;
  const isOwn = pod.spec.dnsPolicy === 'None';
  const { namespace = 'default' } = pod.metadata;
  const base = isOwn
    ? { nameservers: [], domains: [], options: [] }
    : {
        nameservers: [NAMESERVER],
        domains: [`${namespace}.svc.${ZONE}`, `svc.${ZONE}`, ZONE],
        options: [`ndots:${NDOTS}`],
      };
  const named = new Map(base.options.map((option) => [option.split(':')[0] ?? '', option]));
  for (const { name, value } of config.options ?? []) named.set(name, value === undefined ? name : `${name}:${value}`);
  const options = [...named.values()];
  const ndots = options.find((option) => option.startsWith('ndots:'));
  return {
    nameservers: [...new Set([...base.nameservers, ...(config.nameservers ?? [])])],
    domains: [...new Set([...base.domains, ...(config.searches ?? [])])],
    ndots: ndots === undefined ? 1 : Number(ndots.slice('ndots:'.length)),
    options,
  };
}

export function resolvConf(pod: Pod): string {
  const { nameservers, domains, options } = resolverOf(pod);
  const lines = [
    ...(domains.length > 0 ? [`search ${domains.join(' ')}`] : []),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The names of /etc/hosts and their addresses. */
export function hostsOf(pod: Pod): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>([['localhost', '127.0.0.1']]);
  for (const { ip, hostnames = [] } of aliases(pod)) for (const name of hostnames) hosts.set(name, ip);
  const address = pod.status.podIP;
  if (address) for (const name of ownNames(pod)) hosts.set(name, address);
  return hosts;
}

/** As the kubelet's managedHostsFileContent. */
export function hostsFile(pod: Pod): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...(pod.status.podIP ? [`${pod.status.podIP}\t${ownNames(pod).join('\t')}`] : []),
  ];
  const added = aliases(pod);
  if (added.length > 0) {
    lines.push('', '# Entries added by HostAliases.');
    for (const { ip, hostnames = [] } of added) lines.push(`${ip}\t${hostnames.join('\t')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The pod's fully qualified name where it has a subdomain, and its host name. */
function ownNames(pod: Pod): readonly string[] {
  const host = hostnameOf(pod);
  const { subdomain } = pod.spec;
  if (typeof subdomain !== 'string' || subdomain === '') return [host];
  return [`${host}.${subdomain}.${pod.metadata.namespace}.svc.${ZONE}`, host];
}

/** As the kubelet's GeneratePodHostNameAndDomain: spec.hostname, else the pod's name, of at most 63 characters. */
export function hostnameOf(pod: Pod): string {
  const { hostname } = pod.spec;
  const name = typeof hostname === 'string' && hostname !== '' ? hostname : pod.metadata.name;
  return name.slice(0, 63).replace(/[-.]+$/, '');
}

const aliases = (pod: Pod) =>
  (pod.spec.hostAliases ?? []) as readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
