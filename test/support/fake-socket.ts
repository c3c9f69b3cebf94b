/** A WebSocket server of forty lines: the handshake of the channel protocol, and frames without masks or fragments. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Channels {
  readonly request: IncomingMessage;
  send(channel: number, bytes: string | Uint8Array): void;
  close(): void;
}

export interface FakeSocket {
  readonly url: string;
  close(): Promise<void>;
}

/** `refuse` answers instead of a connection; `onFrame` gets what a client sends, by channel. */
export async function fakeSocket(options: {
  /** The protocol that is spoken, v5.channel.k8s.io unless told. */
  readonly protocol?: string;
  refuse?(request: IncomingMessage): { readonly code: number; readonly body: string } | undefined;
  onOpen?(channels: Channels): void;
  onFrame?(channels: Channels, channel: number, bytes: Buffer): void;
}): Promise<FakeSocket> {
  const server = createServer((_, reply) => reply.writeHead(426).end());
  const sockets = new Set<Socket>();
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    const refused = options.refuse?.(request);
    if (refused) {
      const { code, body } = refused;
      socket.end(
        `HTTP/1.1 ${code} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Protocol: ${options.protocol ?? 'v5.channel.k8s.io'}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const channels: Channels = {
      request,
      send: (channel, bytes) => {
        const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
        const length = content.length + 1;
        const head = length < 126 ? [0x82, length] : [0x82, 126, length >> 8, length & 255];
        socket.write(Uint8Array.from([...head, channel, ...content]));
      },
      close: () => void socket.end(Uint8Array.from([0x88, 0])),
    };
    let rest: number[] = [];
    socket.on('data', (data: Buffer) => {
      rest.push(...data);
      for (;;) {
        const short = (rest[1] ?? 0) & 127;
        const head = short === 126 ? 8 : 6;
        const length = short === 126 ? ((rest[2] ?? 0) << 8) | (rest[3] ?? 0) : short;
        if (rest.length < 2 || rest.length < head + length) return;
        const mask = rest.slice(head - 4, head);
        const content = rest.slice(head, head + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
        const opcode = (rest[0] ?? 0) & 15;
        rest = rest.slice(head + length);
        if (opcode === 8) return void socket.end();
        options.onFrame?.(channels, content[0] ?? 0, Buffer.from(content.slice(1)));
      }
    });
    options.onOpen?.(channels);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
