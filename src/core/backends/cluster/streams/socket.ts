/** The WebSocket behind exec and attach, opened by the library; a refusal is told in the server's words. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { WebSocketHandler } from '@kubernetes/client-node/dist/web-socket-handler.js';
import { ApiError } from '../../../api/status';
import { CommandError } from '../../../client/errors';
import { concat, textOf } from '../bytes';
import type { Credentials, Dialing } from '../kubeconfig/credentials';
import { refusalOf, statusIn, unreachable } from '../refusals';

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

export interface Socket {
  send(channel: number, bytes: Uint8Array): void;
  /** Says that nothing more comes; false where the protocol can't. */
  endInput(): boolean;
  close(): void;
  /** Resolves when the connection is over, however it ended. */
  readonly closed: Promise<void>;
}

/** What of a WebSocket is used while it is being opened. */
interface Opening {
  on(event: 'unexpected-response', heard: (request: ClientRequest, response: IncomingMessage) => void): void;
}

/** @throws ApiError or CommandError as the server refuses, Unreachable where there is none */
export async function openSocket(
  credentials: Credentials,
  server: string,
  path: string,
  onData: (channel: number, bytes: Uint8Array) => void,
): Promise<Socket> {
  let refuse: (error: unknown) => void = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  // The library tells no more than the code of a refusal: its body is read on the way.
  const finishRequest = (request: ClientRequest, socket: Opening): void => {
    socket.on('unexpected-response', (_, response) => {
      readAll(response).then((body) => refuse(refusal(response.statusCode ?? 0, body)), refuse);
    });
    request.end();
  };
  const config = Object.create(credentials, {
    applyToHTTPSOptions: {
      value: async (options: Dialing) => {
        await credentials.applyToHTTPSOptions(options);
        Object.assign(options, { finishRequest });
      },
    },
  }) as Credentials;
  const nowhere = {
    stdin: new Readable({ read() {} }),
    stdout: new Writable({ write: (_, __, done) => done() }),
    stderr: new Writable({ write: (_, __, done) => done() }),
  };
  const handler = new WebSocketHandler(config, undefined, nowhere);
  const opening = handler.connect(path, null, (channel, bytes) => {
    onData(channel, Uint8Array.from(bytes));
    return true;
  });
  const socket = await Promise.race([opening, refused]).catch((e: unknown) => {
    throw e instanceof ApiError || e instanceof CommandError ? e : unreachable(causeOf(e), server);
  });
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
    socket.onerror = () => {};
    if (socket.readyState > 1) resolve();
  });
  return {
    send: (channel, bytes) => {
      if (socket.readyState === 1) socket.send(concat([Uint8Array.of(channel), bytes]));
    },
    endInput: () => {
      const can = WebSocketHandler.supportsClose(socket.protocol);
      if (can && socket.readyState === 1) socket.send(Uint8Array.of(CHANNEL.close, CHANNEL.stdin));
      return can;
    },
    close: () => socket.close(),
    closed,
  };
}

/** In the words in which kubectl passes on what stood in the way of a connection to a container. */
function refusal(code: number, body: string): ApiError | CommandError {
  const status = statusIn(body);
  if (status && (code === 500 || status.reason === 'InternalError')) return new CommandError(status.message);
  if (status || code !== 500) return refusalOf(code, body, { method: 'GET' });
  return new CommandError(`Internal error occurred: ${body.trim() || 'unable to upgrade connection'}`);
}

/** An ErrorEvent carries the error. */
const causeOf = (e: unknown): unknown => (typeof e === 'object' && e !== null && 'error' in e ? e.error : e);

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of response) parts.push(part as Uint8Array);
  return textOf(concat(parts));
}
