/** The Kubernetes API over HTTPS: takes connections, lets in who knows the token, answers, and ends in an orderly way. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { ApiError } from '../api/status';
import { tokenCheck } from './auth';
import { Call } from './call';
import { OpenApi } from './openapi';
import { Pages } from './pages';
import { LIMITS, type ServerOptions } from './port';
import { isHealth, route, type Surroundings } from './routes';
import { failure, send } from './send';
import { unauthorized } from './status';

export { newToken } from './auth';
export { type Credentials, isValid, selfSigned } from './certificate';
export type { ServerHost, ServerLimits, ServerOptions } from './port';

export interface RunningServer {
  readonly port: number;
  /** `https://127.0.0.1:8001` */
  readonly url: string;
  /** Ends the watches and closes every connection. The backend is its owner's to close. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
/** How long clients are given to take in the end. */
const FAREWELL_MS = 1_000;

/** Listens on loopback only. Rejects when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits };
  const { backend, host, version } = options;
  let port = options.port;
  const around: Surroundings = {
    backend,
    host,
    limits,
    version,
    pages: new Pages(String(host.now())),
    openApi: new OpenApi(options.explanations, version.gitVersion ?? ''),
    address: () => `${HOST}:${port}`,
    watches: new Set(),
  };
  const isAllowed = tokenCheck(options.token);
  const { certificate, key } = options.credentials;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    response.on('error', () => {});
    void answer(request, response);
  });
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.maxConnections = limits.connections;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let call: Call | undefined;
    try {
      call = new Call(request, limits.bodyBytes, options.parseYaml);
      if (!isHealth(call.parts) && !isAllowed(call.header('authorization'))) throw unauthorized();
      const result = await route(around, call, response);
      if (!result) return;
      for (const warning of call.warningHeaders()) response.appendHeader('Warning', warning);
      await send(request, response, result);
    } catch (error) {
      if (!(error instanceof ApiError)) host.report(error);
      if (response.headersSent) return void response.destroy();
      for (const warning of call?.warningHeaders() ?? []) response.appendHeader('Warning', warning);
      // What is left of a body that was refused is not read.
      if (!request.complete) response.setHeader('Connection', 'close');
      await send(request, response, failure(error)).catch(() => response.destroy());
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      server.on('error', (error) => host.report(error));
      resolve();
    });
  });
  const address = server.address();
  if (typeof address === 'object' && address) port = address.port;
  return {
    port,
    url: `https://${HOST}:${port}`,
    close: async () => {
      const watches = [...around.watches];
      const read = Promise.all(watches.map((watch) => watch.closed));
      for (const watch of watches) watch.end();
      // What was sent last must have left before connections that look idle are closed.
      await new Promise<void>((resolve) => {
        const stop = host.after(FAREWELL_MS, resolve);
        void read.then(stop).then(resolve);
      });
      await new Promise<void>((resolve) => {
        const stop = host.after(FAREWELL_MS, () => server.closeAllConnections());
        server.close(() => {
          stop();
          resolve();
        });
      });
    },
  };
}
