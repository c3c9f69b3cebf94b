/** What a probe or a lifecycle hook asks for, done against a container, in the kubelet's words. */

import { everyContainer } from '../../api/pod';
import type { Pod } from '../../api/types';
import type { PodContainer, ProbeAction, RunOutcome } from '../../apiserver/container-runtime';
import { exchange } from '../network/http';
import type { Refusal } from '../network/types';
import type { Place } from './place';

interface Target {
  readonly pod: Pod;
  readonly container: PodContainer;
  readonly now: number;
}

const passed = (elapsedMs = 0): RunOutcome => ({ exitCode: 0, elapsedMs });
const failed = (message: string, elapsedMs = 0): RunOutcome => ({ exitCode: 1, elapsedMs, message });

export async function runAction(
  action: ProbeAction,
  place: Place,
  target: Target,
  timeoutMs: number | undefined,
): Promise<RunOutcome> {
  if (action.exec) return execute(action.exec.command ?? [], place, timeoutMs);
  if (action.httpGet) return httpGet(action.httpGet, place, target);
  if (action.tcpSocket) {
    const host = action.tcpSocket.host || target.container.podIP;
    const port = portNumber(action.tcpSocket.port, target);
    const connection = place.network.connect(host, port);
    return typeof connection === 'string' ? failed(dialError(host, port, connection)) : passed();
  }
  if (action.grpc) {
    const { podIP } = target.container;
    const connection = place.network.connect(podIP, action.grpc.port);
    if (typeof connection !== 'string') return passed();
    return failed(
      `timeout: failed to connect service "${podIP}:${action.grpc.port}" within 1s: context deadline exceeded`,
    );
  }
  if (action.sleep) return passed(action.sleep.seconds * 1000);
  return passed();
}

/** As the exec prober: what the command printed is what is said of its failure. */
async function execute(argv: readonly string[], place: Place, timeoutMs: number | undefined): Promise<RunOutcome> {
  const decoder = new TextDecoder();
  let output = '';
  const outcome = await place.run({
    argv,
    daemon: false,
    ...(timeoutMs !== undefined && { timeoutMs }),
    onOutput: (_, bytes) => {
      output += decoder.decode(bytes, { stream: true });
    },
  });
  if (outcome.timedOut) {
    const seconds = Math.round((timeoutMs ?? outcome.elapsedMs) / 1000);
    return failed(`command timed out: "${argv.join(' ')}" timed out after ${seconds}s`, outcome.elapsedMs);
  }
  if (outcome.exitCode === 0) return passed(outcome.elapsedMs);
  return { exitCode: outcome.exitCode ?? 1, elapsedMs: outcome.elapsedMs, message: output };
}

/** As the HTTP prober: any status from 200 to 399 passes. */
async function httpGet(
  { host, path = '/', port: wanted, scheme = 'HTTP', httpHeaders = [] }: NonNullable<ProbeAction['httpGet']>,
  place: Place,
  target: Target,
): Promise<RunOutcome> {
  const address = host || target.container.podIP;
  const port = portNumber(wanted, target);
  const url = `${scheme.toLowerCase()}://${address}:${port}${path.startsWith('/') ? path : `/${path}`}`;
  const connection = place.network.connect(address, port);
  if (typeof connection === 'string') return failed(`Get "${url}": ${dialError(address, port, connection)}`);
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value]));
  const response = await exchange(
    connection,
    { method: 'GET', target: path, headers: { 'user-agent': 'kube-probe/1.36', ...headers }, body: '', from: NODE },
    target.now,
  );
  if (!response) return failed(`Get "${url}": net/http: HTTP/1.x transport connection broken: malformed HTTP response`);
  if (response.status >= 200 && response.status < 400) return passed();
  return failed(`HTTP probe failed with statuscode: ${response.status}`);
}

/** Where the kubelet's own connections come from. */
const NODE = '10.244.0.1';

const dialError = (host: string, port: number, refusal: Refusal): string =>
  refusal === 'unknown host'
    ? `dial tcp: lookup ${host}: no such host`
    : refusal === 'refused'
      ? `dial tcp ${host}:${port}: connect: connection refused`
      : `dial tcp ${host}:${port}: i/o timeout`;

/** A port by its number, or by the name that the container gave it. */
function portNumber(port: number | string, { pod, container }: Target): number {
  if (typeof port === 'number') return port;
  const spec = everyContainer(pod).find(({ name }) => name === container.ref.container);
  return spec?.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}
