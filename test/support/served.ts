/** A server over a cluster in a temporary folder, and the requests that tests send to it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '../../src/core/backends/local';
import { type ServedOptions, serveLocal } from '../../src/core/backends/local/served';
import type { ServedBackend } from '../../src/core/client/served';
import { type RunningServer, type ServerOptions, selfSigned, startServer } from '../../src/core/server';

export interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: Loose;
}

/** What a reply holds, to be looked into by tests. */
// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
type Loose = any;

export interface SentEvent {
  readonly type: string;
  readonly object: Loose;
}

export interface OpenWatch {
  readonly code: Promise<number>;
  /** The events so far. */
  readonly events: SentEvent[];
  /** Resolves when a condition holds for the events so far. Rejects after half a minute. */
  until(condition: (events: readonly SentEvent[]) => boolean): Promise<readonly SentEvent[]>;
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface Served {
  readonly server: RunningServer;
  readonly state: string;
  readonly troubles: unknown[];
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** `heard` is told of each event as it comes, in place of keeping it. */
  watch(path: string, headers?: Readonly<Record<string, string>>, heard?: (event: SentEvent) => void): OpenWatch;
  /** Another process that uses the same state file. */
  beside(): ReturnType<typeof openLocal>;
  /** Ends the server and starts another over the same file and port; `meanwhile` happens in between. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const CREDENTIALS = selfSigned(Date.now());
const TOKEN = 'a-token-for-tests';
export const BEARER = `Bearer ${TOKEN}`;
export const CERTIFICATE = CREDENTIALS.certificate;

const HOST = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  pid: process.pid,
  isAlive: () => true,
  hostname: hostname(),
};

export async function serve(
  options: Partial<ServedOptions> = {},
  limits: NonNullable<ServerOptions['limits']> = {},
  { onBackend, ...more }: Partial<ServerOptions> & { readonly onBackend?: (backend: ServedBackend) => void } = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'stsctl-serve-'));
  const state = join(folder, 'state.json');
  const troubles: unknown[] = [];
  const start = async (port: number) => {
    const backend = serveLocal({
      statePath: state,
      host: HOST,
      clock: 'virtual',
      seed: 7,
      paceMs: 1,
      idleMs: Number.POSITIVE_INFINITY,
      onTrouble: (error) => troubles.push(error),
      ...options,
    });
    onBackend?.(backend);
    await backend.start();
    const server = await startServer({
      backend,
      port,
      token: TOKEN,
      credentials: CREDENTIALS,
      limits,
      ...more,
      version: { major: '1', minor: '36', gitVersion: 'v1.36.2' },
      host: {
        now: () => Date.now(),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        report: (error) => troubles.push(error),
      },
      explanations: () => readFileSync(new URL('../../dist/explain.json', import.meta.url), 'utf8'),
      parseYaml: async (text) => (await import('../../src/commands/manifests/yaml')).parseYaml(text),
    });
    return { backend, server };
  };
  let running = await start(0);
  // Connections are kept for the next request, but not beyond a restart.
  let agent = new Agent({ keepAlive: true });
  const end = async () => {
    await running.server.close();
    await running.backend.close();
  };
  const send = (method: string, path: string, headers: Readonly<Record<string, string>>) =>
    httpsRequest({
      agent,
      host: '127.0.0.1',
      port: running.server.port,
      method,
      path,
      ca: CREDENTIALS.certificate,
      headers: { authorization: BEARER, ...headers },
    });
  return {
    get server() {
      return running.server;
    },
    state,
    troubles,
    call: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
        const request = send(method, path, {
          ...(text !== undefined && { 'content-type': 'application/json' }),
          ...(text !== undefined &&
            !headers['transfer-encoding'] && { 'content-length': String(Buffer.byteLength(text)) }),
          ...headers,
        });
        request.on('error', reject);
        request.on('response', (response) => {
          const chunks: Uint8Array[] = [];
          response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
          response.on('end', () => {
            const whole = Buffer.concat(chunks).toString('latin1');
            let parsed: unknown;
            try {
              parsed = JSON.parse(Buffer.from(whole, 'latin1').toString('utf8'));
            } catch {
              parsed = undefined;
            }
            resolve({ code: response.statusCode ?? 0, headers: response.headers, text: whole, body: parsed });
          });
        });
        request.end(text);
      }),
    watch(path, headers = {}, heard) {
      const events: SentEvent[] = [];
      const waiting = new Set<() => void>();
      const request = send('GET', path, headers);
      let pause = (): void => {};
      let resume = (): void => {};
      let ended = (): void => {};
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      const code = new Promise<number>((resolve, reject) => {
        request.on('error', (error) => {
          reject(error);
          ended();
        });
        request.on('response', (response) => {
          pause = () => response.pause();
          resume = () => response.resume();
          let rest = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) {
              if (heard) heard(JSON.parse(line));
              else events.push(JSON.parse(line));
            }
            for (const look of [...waiting]) look();
          });
          response.on('close', ended);
          response.on('error', () => {});
          resolve(response.statusCode ?? 0);
        });
      });
      code.catch(() => {});
      request.end();
      return {
        code,
        events,
        ended: end,
        pause: () => pause(),
        resume: () => resume(),
        close: () => request.destroy(),
        until: (condition) =>
          new Promise((resolve, reject) => {
            const look = (): void => {
              if (!condition(events)) return;
              waiting.delete(look);
              clearTimeout(timer);
              resolve(events);
            };
            const timer = setTimeout(() => {
              waiting.delete(look);
              reject(new Error(`only these events came: ${JSON.stringify(events.map(brief))}`));
            }, 30_000);
            waiting.add(look);
            look();
          }),
      };
    },
    beside: () => openLocal({ statePath: state, host: { ...HOST, pid: process.pid }, clock: 'virtual' }),
    restart: async (meanwhile) => {
      const { port } = running.server;
      await end();
      await meanwhile?.();
      agent = new Agent({ keepAlive: true });
      running = await start(port);
    },
    stop: async () => {
      await end();
      agent.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A kubeconfig that leads to a server by each of these contexts, each with the namespace that it chooses; the first is the current one. */
export function kubeconfigOf({ server }: Served, contexts: Readonly<Record<string, string | undefined>>): string {
  const names = Object.keys(contexts);
  const lines = names.map((name) => {
    const namespace = contexts[name];
    return `- {name: ${name}, context: {cluster: one, user: me${namespace ? `, namespace: ${namespace}` : ''}}}\n`;
  });
  return `apiVersion: v1
kind: Config
clusters:
- {name: one, cluster: {server: "${server.url}", certificate-authority-data: ${btoa(CERTIFICATE)}}}
users:
- {name: me, user: {token: ${TOKEN}}}
contexts:
${lines.join('')}current-context: ${names[0]}
`;
}

/** `ADDED web-0 Running` */
export const brief = ({ type, object }: SentEvent): string =>
  [type, object.metadata?.name, object.status?.phase].filter((word) => word !== undefined).join(' ');

export const PODS = '/api/v1/namespaces/default/pods';
export const SETS = '/apis/apps/v1/namespaces/default/statefulsets';
export const MAPS = '/api/v1/namespaces/default/configmaps';

/** A StatefulSet of so many replicas. */
export const webSet = (replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'nginx',
    replicas,
    selector: { matchLabels: { app: 'nginx' } },
    template: {
      metadata: { labels: { app: 'nginx' } },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1.21' }] },
    },
  },
});

export const configMap = (name: string, data: Readonly<Record<string, string>> = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { app: 'web' } },
  data,
});
