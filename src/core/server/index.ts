/** The Kubernetes API over HTTPS: takes connections, lets in who knows the token, answers, and ends in an orderly way. */
import { type IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { ApiError } from '../api/status';
import { inUrl, LOOPBACK, nameOf } from './address';
import { audited } from './audit';
import { Authenticator } from './authenticate';
import { Call } from './call';
import { Metrics } from './metrics';
import { OpenApi } from './openapi';
import { Pages } from './pages';
import { LIMITS, type ServerOptions } from './port';
import { requestInfo } from './request-info';
import { isHealth, route, type Surroundings } from './routes';
import { failure, send } from './send';
import { closing, statusOf, unauthorized } from './status';
import type { Upgrade } from './streams/open';
import { Tokens } from './tokens';

export { troubleWith } from './address';
export type { AuditSink } from './audit';
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

const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
const KEEP_ALIVE_MS = 120_000;
/** How long clients are given to take in the end. */
const FAREWELL_MS = 3_000;
/** Of a connection that became another protocol's. */
const SWITCHED = 101;
const NOT_FOUND = 404;
/** As RFC 6455 has it. */
const GOING_AWAY = 1001;

/** Listens on loopback unless told. Rejects when the port is taken, or the address is not this machine's. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...LIMITS, ...options.limits };
  const { backend, host, version } = options;
  const { address: listening = LOOPBACK } = options;
  const name = nameOf(listening, options.credentials);
  let port = options.port;
  const tokens = new Tokens(options.credentials.key);
  const authenticator = new Authenticator(backend, tokens, options.token);
  const around: Surroundings = {
    backend,
    host,
    limits,
    version,
    pages: new Pages(String(host.now())),
    openApi: new OpenApi(options.explanations, version.gitVersion ?? ''),
    address: () => `${inUrl(name)}:${port}`,
    watches: new Set(),
    metrics: new Metrics(),
    streams: new Set(),
    authenticator,
    tokens,
  };
  const upgraded = new Set<Socket>();
  let isClosing = false;
  const { certificate, key } = options.credentials;
  const server = createServer({ cert: certificate, key }, (request, response) => {
    response.on('error', () => {});
    void answer(request, response);
  });
  // Node tells of requests for another protocol here; those that are refused are answered like any other.
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = new ServerResponse(request);
    socket.on('error', () => {});
    // The server no longer counts it among its connections.
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    response.assignSocket(socket);
    response.setHeader('Connection', 'close');
    response.on('error', () => {});
    response.on('finish', () => socket.end());
    void answer(request, response, { request, socket, head, accepted: () => response.detachSocket(socket) });
  });
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  // Clients end idle connections after 90 s: a request never meets one that is just being closed.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = limits.connections;

  async function answer(request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): Promise<void> {
    let call: Call | undefined;
    const log = audited(options.audit, host, request, response);
    // An answer that was broken off is complete, too.
    const isDone = (): void => {
      const code = upgrade && !response.headersSent ? SWITCHED : response.statusCode;
      const { verb, object } = requestInfo(
        request.method ?? '',
        call?.parts ?? [],
        call?.query ?? new URLSearchParams(),
      );
      // Words that name nothing would fill the memory.
      around.metrics.answered(verb, code === NOT_FOUND ? '' : (object?.resource ?? ''), code);
      log.completed(code);
    };
    // A refused upgrade closes both.
    (upgrade?.socket ?? response).once('close', isDone);
    try {
      call = new Call(request, limits.bodyBytes, options.parseYaml);
      log.read(call);
      if (!isHealth(call.parts)) {
        const user = await authenticator.userOf(call.header('authorization'));
        if (!user) throw unauthorized();
        call.user = user;
      }
      log.known(call.user);
      if (isClosing) throw closing();
      call.begun = log.started;
      const result = await route(around, call, response, upgrade);
      if (!result) return;
      for (const warning of call.warningHeaders()) response.appendHeader('Warning', warning);
      await send(request, response, result);
    } catch (error) {
      if (!(error instanceof ApiError)) host.report(error);
      log.refused(statusOf(error));
      if (response.headersSent) return void response.destroy();
      for (const warning of call?.warningHeaders() ?? []) response.appendHeader('Warning', warning);
      // What is left of a body that was refused is not read.
      if (!request.complete) response.setHeader('Connection', 'close');
      await send(request, response, failure(error)).catch(() => response.destroy());
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, listening, () => {
      server.removeListener('error', reject);
      server.on('error', (error) => host.report(error));
      resolve();
    });
  });
  const address = server.address();
  if (typeof address === 'object' && address) port = address.port;
  return {
    port,
    url: `https://${inUrl(name)}:${port}`,
    close: async () => {
      // What happens after the last bookmark nobody would be told of: time stands still, and nothing more is taken in.
      isClosing = true;
      await backend.halt();
      const watches = [...around.watches];
      const read = Promise.all(watches.map((watch) => watch.closed));
      for (const watch of watches) watch.end();
      for (const stream of around.streams) stream.refuse(GOING_AWAY, 'the server is shutting down');
      // What was sent last must have left before connections that look idle are closed.
      await new Promise<void>((resolve) => {
        const stop = host.after(FAREWELL_MS, resolve);
        void read.then(stop).then(resolve);
      });
      await new Promise<void>((resolve) => {
        const stop = host.after(FAREWELL_MS, () => {
          server.closeAllConnections();
          for (const socket of upgraded) socket.destroy();
        });
        server.close(() => {
          stop();
          resolve();
        });
      });
    },
  };
}
