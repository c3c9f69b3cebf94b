/**
 * The channels of a command's connection: many streams in one WebSocket, the first byte of a message naming its stream (the
 * remote command protocol, v4 and v5; v5 lets a client say that a stream has ended).
 */
import type { WebSocket } from 'ws';
import type { ServerHost, ServerLimits } from '../port';
import { Outgoing } from './outgoing';

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

/** The protocols that are spoken, the best first. */
export const PROTOCOLS: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** A client that sends more at once than a frame of the usual clients (32 KiB) many times over is refused, bytes. */
export const MAX_MESSAGE = 4 * 1024 * 1024;

export interface Channels {
  /** Told of what the client writes to its stdin, and of its end. */
  onInput(heard: (bytes: Uint8Array | 'end') => void): void;
  /** Told of what the client writes to any channel, and of a channel's end; instead of `onInput`. */
  onMessage(heard: (channel: number, bytes: Uint8Array | 'end') => void): void;
  send(channel: number, bytes: Uint8Array): void;
  /** Sends the status, the last of all, and closes the connection. */
  end(status: object | undefined): void;
  /** Breaks the connection off, with a code of RFC 6455 and why. */
  refuse(code: number, why: string): void;
  /** Resolves when the client has gone. */
  readonly closed: Promise<void>;
}

/** A client that takes in nothing for too long, or leaves too much unread, is dropped. */
export function channelsOf(
  socket: WebSocket,
  host: Pick<ServerHost, 'after'>,
  limits: Pick<ServerLimits, 'unreadMs' | 'unreadBytes'>,
): Channels {
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  socket.on('error', () => {});
  // What comes before anybody listens is kept.
  let early: (readonly [channel: number, bytes: Uint8Array | 'end'])[] | undefined = [];
  let tell = (channel: number, bytes: Uint8Array | 'end'): void => void early?.push([channel, bytes]);
  const outgoing = new Outgoing(socket, host, limits);
  void closed.then(() => outgoing.forget());
  const send = (channel: number, bytes: Uint8Array): void => outgoing.add(channel, bytes);
  socket.on('message', (data) => {
    const message = data instanceof ArrayBuffer || Array.isArray(data) ? new Uint8Array() : plain(data);
    const [channel, of] = message;
    if (channel === CHANNEL.close && of !== undefined) tell(of, 'end');
    else if (channel !== undefined) tell(channel, message.subarray(1));
  });
  void closed.then(() => tell(CHANNEL.stdin, 'end'));
  const onMessage: Channels['onMessage'] = (heard) => {
    tell = heard;
    for (const [channel, bytes] of early ?? []) heard(channel, bytes);
    early = undefined;
  };
  return {
    closed,
    send,
    onMessage,
    onInput: (heard) =>
      onMessage((channel, bytes) => {
        if (channel === CHANNEL.stdin) heard(bytes);
      }),
    end(status) {
      if (status) send(CHANNEL.status, new TextEncoder().encode(JSON.stringify(status)));
      outgoing.end(1000, '');
    },
    refuse: (code, why) => socket.close(code, why),
  };
}

/** A Buffer's bytes, not copied. */
const plain = (data: Buffer): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.length);
