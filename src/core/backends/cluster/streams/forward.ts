/**
 * A connection to a port of a pod: one WebSocket with a channel for its bytes and one for what went wrong (the portforward
 * subresource as the kubelet serves it to WebSockets).
 */
import type { PortConnection, PortEars } from '../../../client/container-backend';
import { concat, textOf } from '../bytes';
import type { Client } from '../client';
import { query } from '../paths';
import { podPath } from './run';
import { openSocket } from './socket';

const DATA = 0;
const TROUBLE = 1;
/** What each channel begins with: the port, in two bytes. */
const PREFIX = 2;
/** Bytes a frame; a server may refuse larger ones. */
const FRAME = 32 * 1024;

/** @throws ApiError, CommandError as the server refuses, Unreachable */
export async function forwardTo(
  client: Client,
  namespace: string,
  pod: string,
  port: number,
  ears: PortEars,
): Promise<PortConnection> {
  const { credentials, server } = client.transport;
  const left: Record<number, number> = { [DATA]: PREFIX, [TROUBLE]: PREFIX };
  const troubles: Uint8Array[] = [];
  let isOpen = true;
  const path = `${podPath(namespace, pod)}/portforward${query({ ports: String(port) })}`;
  const socket = await openSocket(credentials, server, path, (channel, bytes) => {
    const skipped = Math.min(left[channel] ?? 0, bytes.length);
    left[channel] = (left[channel] ?? 0) - skipped;
    const said = bytes.subarray(skipped);
    if (said.length === 0 || !isOpen) return;
    if (channel === DATA) ears.data(said);
    else if (channel === TROUBLE) troubles.push(said);
  });
  void socket.closed.then(() => {
    if (!isOpen) return;
    isOpen = false;
    const trouble = textOf(concat(troubles));
    ears.end(trouble === '' ? undefined : trouble);
  });
  return {
    write: (bytes) => {
      for (let at = 0; at < bytes.length; at += FRAME) socket.send(DATA, bytes.subarray(at, at + FRAME));
    },
    // Where the protocol can't say so, the other end finds out when the connection is closed.
    end: () => void socket.endInput(),
    close: () => {
      isOpen = false;
      socket.close();
    },
  };
}
