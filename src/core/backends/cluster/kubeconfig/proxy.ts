/** Which proxy the environment wants for a server (as Go's http.ProxyFromEnvironment). */
import type { ClusterHost } from '../host';

/** This machine is never asked through a proxy. */
const LOOPBACK = /^(localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

export function proxyFor(server: string, env: ClusterHost['env']): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const wanted = protocol === 'https:' ? (env.HTTPS_PROXY ?? env.https_proxy) : (env.HTTP_PROXY ?? env.http_proxy);
  if (!wanted || LOOPBACK.test(hostname)) return undefined;
  const except = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').map((one) => one.trim().toLowerCase());
  if (except.some((one) => excludes(one, hostname.toLowerCase(), port))) return undefined;
  return wanted.includes('://') ? wanted : `http://${wanted}`;
}

function excludes(rule: string, host: string, port: string): boolean {
  if (rule === '') return false;
  if (rule === '*') return true;
  if (rule.includes('/')) return inNetwork(rule, host);
  const [name = '', rulePort] = rule.split(':');
  if (rulePort !== undefined && rulePort !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return host === bare ? !name.startsWith('.') && !name.startsWith('*') : host.endsWith(`.${bare}`);
}

/** `10.0.0.0/8`; addresses of IPv4 only. */
function inNetwork(rule: string, host: string): boolean {
  const [base = '', bits = ''] = rule.split('/');
  const [network, address] = [numberOf(base), numberOf(host)];
  if (network === undefined || address === undefined || !/^\d+$/.test(bits)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(network / size) === Math.floor(address / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
