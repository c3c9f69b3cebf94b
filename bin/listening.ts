/** Ports of this machine. Node's sockets load with the first one. */
import type { Server, Socket } from 'node:net';
import type { Answering, ListeningPort, LocalConnection, LocalListener } from '../src/commands/host';

export function listeningPort(stopped: () => Promise<void>): ListeningPort {
  return {
    stopped,
    listenHttp,
    listen: async (host, port, connected) => {
      const { createServer } = await import('node:net');
      const open = new Set<Socket>();
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        open.add(socket);
        socket.on('close', () => open.delete(socket));
        connected(connectionOf(socket));
      });
      return bound(server, host, port, () => {
        for (const socket of open) socket.destroy();
      });
    },
  };
}

async function listenHttp(host: string, port: number, answering: Answering): Promise<LocalListener> {
  const { createServer } = await import('node:http');
  const { Readable } = await import('node:stream');
  const { pipeline } = await import('node:stream/promises');
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    answering({ method, path, headers, body: request }, async (code, sent, body) => {
      response.writeHead(code, { ...sent });
      response.flushHeaders();
      await pipeline(Readable.from(body, { objectMode: false }), response);
    }).catch(() => response.destroy());
  });
  return bound(server, host, port, () => server.closeAllConnections());
}

/** Listens. What `cutOff` ends are the connections that are open when the listener is closed. Rejects with the system's error. */
function bound(server: Server, host: string, port: number, cutOff: () => void): Promise<LocalListener> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      server.on('error', () => {});
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () => {
          server.close();
          cutOff();
        },
      });
    });
  });
}

function connectionOf(socket: Socket): LocalConnection {
  return {
    hear: ({ data, end, closed }) => {
      socket.on('data', (bytes: Buffer) => data(Uint8Array.from(bytes)));
      socket.on('end', end);
      socket.on('close', closed);
      socket.on('error', () => {});
    },
    write: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
