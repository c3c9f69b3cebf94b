/** A server that answers as a test wants, and the cluster backend in front of it on a clock that never waits. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { openCluster } from '../../src/core/backends/cluster';
import type { Backend } from '../../src/core/client/backend';
import type { ClusterChoice, Remote } from '../../src/core/client/remote';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (asked: Asked, reply: ServerResponse) => void;

export interface FakeApi {
  readonly url: string;
  /** All requests so far. */
  readonly asked: Asked[];
  /** How long the backend has slept, ms, each time. */
  readonly slept: number[];
  readonly warnings: string[];
  open(choice?: ClusterChoice): Backend & { readonly remote: Remote };
  close(): Promise<void>;
}

export async function fakeApi(answer: Answer): Promise<FakeApi> {
  const asked: Asked[] = [];
  const slept: number[] = [];
  const warnings: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request, reply) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', 'http://fake');
    const one: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: parts.map((part) => part.toString('utf8')).join(''),
    };
    asked.push(one);
    answer(one, reply);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened: Backend[] = [];
  return {
    url,
    asked,
    slept,
    warnings,
    open: (choice = {}) => {
      const backend = openCluster({
        choice: { server: url, ...choice },
        host: {
          now: () => Date.now(),
          sleep: async (ms) => {
            slept.push(ms);
          },
          after: (ms, run) => {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
          },
          env: { HOME: '/nowhere' },
        },
        userAgent: 'stsctl/test',
        onWarning: (text) => warnings.push(text),
      });
      opened.push(backend);
      return backend;
    },
    close: async () => {
      for (const backend of opened) await backend.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function json(reply: ServerResponse, value: unknown, code = 200, headers: Record<string, string> = {}): void {
  reply.writeHead(code, { 'content-type': 'application/json', ...headers });
  reply.end(JSON.stringify(value));
}

export const status = (code: number, reason: string, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  code,
  reason,
  message,
});

export const configMap = (name: string, version: number, uid = name): object => ({
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', resourceVersion: String(version), uid },
});

export const list = (names: readonly (readonly [string, number, string?])[], version: number, next = ''): object => ({
  kind: 'ConfigMapList',
  apiVersion: 'v1',
  metadata: { resourceVersion: String(version), ...(next && { continue: next }) },
  items: names.map(([name, at, uid]) => {
    const { kind: _, apiVersion: __, ...bare } = configMap(name, at, uid) as Record<string, unknown>;
    return bare;
  }),
});

export const MAPS = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  categories: [],
  subresources: [],
  simulated: true,
} as const;
