/** Requests of the web over a connection to a simulated server: read by Node, answered by the container. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import type { PortConnection, PortEars } from '../../../client/container-backend';
import type { Connection, Refusal } from '../../../kubelet/network/types';
import { loadShell } from '../pods/load-shell';
import type { Inside, Turn } from './index';

/** Who asks, as the server in the pod sees it: connections are made inside of the pod. */
const FROM = '127.0.0.1';

export function httpOver(ears: PortEars, turn: Turn): PortConnection {
  let isOver = false;
  const over = (trouble?: string): void => {
    if (isOver) return;
    isOver = true;
    ears.end(trouble);
  };
  const wire = new Duplex({
    allowHalfOpen: true,
    read: () => {},
    write: (bytes: Uint8Array, _, done) => {
      if (!isOver) ears.data(Uint8Array.from(bytes));
      done();
    },
    final: (done) => {
      over();
      done();
    },
  });
  wire.on('close', () => over());
  wire.on('error', () => {});
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response, turn).catch((error: unknown) => {
      over(error instanceof Error ? error.message : String(error));
      wire.destroy();
    });
  });
  // What can't be read is answered as any server would, and ends the connection.
  server.emit('connection', wire);
  return {
    write: (bytes) => void wire.push(Buffer.from(bytes)),
    end: () => void wire.push(null),
    close: () => {
      isOver = true;
      wire.destroy();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, turn: Turn): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  const asked = {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(parts).toString('utf8'),
    from: FROM,
  };
  const { exchange } = await loadShell();
  const said = await turn(async (connection: Connection | Refusal, { now }: Inside) =>
    typeof connection === 'string' ? undefined : exchange(connection, asked, now),
  );
  // Nobody listens any more: the connection breaks.
  if (!said) return void request.socket.destroy();
  response.sendDate = false;
  response.statusMessage = said.reason;
  response.writeHead(said.status, { ...said.headers });
  response.end(request.method === 'HEAD' ? undefined : said.body);
}
