/** Turns an HTTP request into the connection of a command, and refuses what asks for another protocol. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { badRequest } from '../../api/status';
import type { Call } from '../call';
import type { ServerHost, ServerLimits } from '../port';
import { type Channels, channelsOf, MAX_MESSAGE, PROTOCOLS } from './channels';

/** A request that asks to become something else, before it was answered. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  /** Told that the connection is no longer the one of an HTTP answer. */
  accepted(): void;
}

/** Throws BadRequest for a request that wants no WebSocket, or speaks no protocol that is spoken here. */
export function checkUpgrade(call: Call, upgrade: Upgrade | undefined): asserts upgrade is Upgrade {
  const wanted = call.header('upgrade') ?? '';
  if (!upgrade || wanted === '') throw badRequest('Upgrade request required');
  const spoken = PROTOCOLS.join(', ');
  if (wanted.toLowerCase() !== 'websocket')
    throw badRequest(`unable to upgrade to ${wanted}: this server speaks ${spoken} over WebSocket`);
  const offered = protocolsOf(call);
  if (!PROTOCOLS.some((name) => offered.includes(name)))
    throw badRequest(`unable to upgrade: the client offers [${offered.join(' ')}], this server speaks ${spoken}`);
}

const protocolsOf = (call: Call): readonly string[] =>
  (call.header('sec-websocket-protocol') ?? '').split(',').flatMap((name) => name.trim() || []);

/** Answers the request with a WebSocket. */
export async function openChannels(
  { request, socket, head, accepted }: Upgrade,
  host: Pick<ServerHost, 'after'>,
  limits: Pick<ServerLimits, 'unreadMs' | 'unreadBytes'>,
): Promise<Channels> {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (offered) => PROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  accepted();
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('the client went away')));
    server.handleUpgrade(request, socket, head, (opened) => resolve(channelsOf(opened, host, limits)));
  });
}
