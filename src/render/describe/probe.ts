/** A probe on one line: what it does, then its timing (as DescribeProbe). */
import { asMap, asNumber, asText, goList, type Json } from './json';

export function probeText(probe: Json): string {
  return `${actionText(probe)} delay=${asNumber(probe.initialDelaySeconds)}s timeout=${asNumber(probe.timeoutSeconds)}s period=${asNumber(probe.periodSeconds)}s #success=${asNumber(probe.successThreshold)} #failure=${asNumber(probe.failureThreshold)}`;
}

function actionText(probe: Json): string {
  const exec = asMap(probe.exec);
  if (exec) return `exec ${goList(exec.command)}`;
  const http = asMap(probe.httpGet);
  if (http) return `http-get ${urlText(http)}`;
  const tcp = asMap(probe.tcpSocket);
  if (tcp) return `tcp-socket ${asText(tcp.host)}:${asText(tcp.port)}`;
  const grpc = asMap(probe.grpc);
  if (grpc) return `grpc <pod>:${asNumber(grpc.port)} ${asText(grpc.service)}`;
  return 'unknown';
}

/** The address as Go's net/url writes it: the path escaped, a slash put before it when it has none. */
function urlText(http: Json): string {
  const scheme = asText(http.scheme).toLowerCase();
  const host = asText(http.host);
  const port = asText(http.port);
  const address = port ? `${host.includes(':') ? `[${host}]` : host}:${port}` : host;
  const path = encodeURI(asText(http.path)).replace(/[?#]/g, (c) => (c === '?' ? '%3F' : '%23'));
  const slash = path !== '' && !path.startsWith('/') && address ? '/' : '';
  return `${scheme ? `${scheme}:` : ''}${address || scheme ? '//' : ''}${address}${slash}${path}`;
}
