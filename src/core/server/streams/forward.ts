/**
 * The portforward subresource of pods over WebSocket: a connection a port, each with a channel for its bytes and one for what
 * went wrong, which begin with the port's number.
 */
import { badRequest } from '../../api/status';
import type { PortConnection } from '../../client/container-backend';
import type { ServedBackend } from '../../client/served';
import type { Call } from '../call';
import { podAt } from '../pods';
import type { ServerHost, ServerLimits } from '../port';
import { methodNotAllowed } from '../status';
import type { Target } from '../target';
import type { Channels } from './channels';
import { checkUpgrade, openChannels, type Upgrade } from './open';

interface Around {
  readonly backend: ServedBackend;
  readonly host: ServerHost;
  readonly limits: ServerLimits;
  readonly streams: Set<Channels>;
}

/** Two channels a port, and a channel's number is one byte. */
const MOST_PORTS = 100;
/** As much as a message carries: some clients take no more at once, bytes. */
const FRAME = 32 * 1024;

/** Joins the client to the ports until all connections are over or the client goes. Throws before it began. */
export async function answerForward(
  { backend, host, limits, streams }: Around,
  call: Call,
  { resource, namespace = '', name = '' }: Target,
  upgrade: Upgrade | undefined,
): Promise<undefined> {
  if (call.method !== 'GET' && call.method !== 'POST') throw methodNotAllowed();
  const pod = await podAt(backend, resource, namespace, name);
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  checkUpgrade(call, upgrade);
  const ports = portsOf(call);
  const channels = await openChannels(upgrade, host, limits);
  streams.add(channels);
  void channels.closed.then(() => streams.delete(channels));
  call.begun(101);
  let open = ports.length;
  const ended = (): void => {
    if (--open === 0) channels.end(undefined);
  };
  const connections = ports.map((port, i) =>
    connect(backend, { namespace, name, port, channels, channel: 2 * i, ended }),
  );
  channels.onMessage((channel, bytes) => {
    void connections[channel >> 1]?.then((connection) => {
      if (channel % 2 !== 0) return;
      if (bytes === 'end') connection?.end();
      else connection?.write(bytes);
    });
  });
  void channels.closed.then(async () => {
    for (const connection of await Promise.all(connections)) connection?.close();
  });
  return undefined;
}

interface Wish {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly channels: Channels;
  readonly channel: number;
  ended(): void;
}

/** Undefined where there is nothing to connect to; the client is told why. */
async function connect(
  backend: ServedBackend,
  { namespace, name, port, channels, channel, ended }: Wish,
): Promise<PortConnection | undefined> {
  const number = Uint8Array.of(port & 0xff, port >> 8);
  channels.send(channel, number);
  channels.send(channel + 1, number);
  const over = (trouble?: string): void => {
    if (trouble !== undefined) channels.send(channel + 1, new TextEncoder().encode(trouble));
    ended();
  };
  try {
    return await backend.containers.forward(namespace, name, port, {
      data: (bytes) => {
        for (let at = 0; at < bytes.length; at += FRAME) channels.send(channel, bytes.subarray(at, at + FRAME));
      },
      end: over,
    });
  } catch (error) {
    over(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Throws BadRequest, as the kubelet's NewV4Options. */
function portsOf({ query }: Call): readonly number[] {
  const words = query.getAll('ports').flatMap((text) => text.split(','));
  if (words.length === 0) throw badRequest('query parameter "ports" is required');
  if (words.length > MOST_PORTS) throw badRequest(`more than ${MOST_PORTS} ports`);
  return words.map((word) => {
    const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
    if (port < 1 || port > 65_535)
      throw badRequest(`invalid port ${JSON.stringify(word)}: must be between 1 and 65535`);
    return port;
  });
}
