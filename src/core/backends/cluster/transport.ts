/** One request to the server and its answer, as a stream: TLS, credentials, gzip, warnings, time limits. No second tries. */

import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { type Agent, request as requestHttps } from 'node:https';
import { createGunzip } from 'node:zlib';
import { concat, textOf } from './bytes';
import type { ClusterHost } from './host';
import type { Connection } from './kubeconfig/connection';
import { Credentials, type Dialing } from './kubeconfig/credentials';
import { Unreachable, unreachable } from './refusals';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: string;
  readonly contentType?: string;
  /** Goes on for as long as it likes: neither the request's time limit nor compression. */
  readonly isStream?: boolean;
}

export interface Reply {
  readonly code: number;
  header(name: string): string | undefined;
  /** All of the body. Throws Unreachable where it breaks off. */
  text(): Promise<string>;
  /** The body as it comes. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Ends it, whatever is still to come. */
  close(): void;
}

/** How long a connection may take to come about, ms: as Go's dialer. */
const DIAL_MS = 30_000;

export interface TransportOptions {
  readonly host: ClusterHost;
  readonly userAgent: string;
  /** ms; absent for no limit */
  readonly requestTimeoutMs?: number;
  onWarning(text: string): void;
}

export class Transport {
  readonly credentials: Credentials;
  private dialing: Promise<Dialing> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: TransportOptions,
  ) {
    this.credentials = new Credentials(connection);
  }

  get server(): string {
    return this.connection.server;
  }

  /** Asks for credentials anew with the next request. */
  forget(): void {
    this.dialing = undefined;
  }

  /** How the server is reached, with credentials. */
  dialled(): Promise<Dialing> {
    this.dialing ??= this.dial();
    return this.dialing;
  }

  async send(call: Call): Promise<Reply> {
    const { agent, auth, headers } = await this.dialled();
    const url = new URL(`${this.server}${call.path}`);
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const { host, requestTimeoutMs, userAgent } = this.options;
    return new Promise<Reply>((resolve, reject) => {
      let limit: Unreachable | undefined;
      let answer: IncomingMessage | undefined;
      const sent = request(url, {
        method: call.method,
        agent,
        ...(auth && { auth }),
        headers: {
          ...headers,
          accept: call.accept ?? 'application/json',
          'user-agent': userAgent,
          ...(!call.isStream && { 'accept-encoding': 'gzip' }),
          ...(call.body !== undefined && {
            'content-type': call.contentType ?? 'application/json',
            'content-length': Buffer.byteLength(call.body),
          }),
        },
      });
      const end = (words: string): void => {
        limit = new Unreachable(`Unable to connect to the server: ${words}`, false);
        (answer ?? sent).destroy(limit);
      };
      const place = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
      const noDial = host.after(DIAL_MS, () => end(`dial tcp ${place}: i/o timeout`));
      const noLimit =
        requestTimeoutMs === undefined || call.isStream
          ? noDial
          : host.after(requestTimeoutMs, () =>
              end(
                answer
                  ? 'context deadline exceeded (Client.Timeout or context cancellation while reading body)'
                  : 'net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
              ),
            );
      sent.on('socket', (socket) => {
        if (!socket.connecting) noDial();
        else socket.once('connect', noDial);
      });
      sent.on('error', (error) => {
        noDial();
        noLimit();
        reject(limit ?? unreachable(error, this.server));
      });
      sent.on('response', (response) => {
        noDial();
        answer = response;
        for (const text of warningsIn(response.headers.warning)) this.options.onWarning(text);
        response.once('close', noLimit);
        resolve(replyOf(response, (error) => limit ?? unreachable(error, this.server)));
      });
      sent.end(call.body);
    });
  }

  /** Ends the connections that are kept. */
  async close(): Promise<void> {
    const dialing = await this.dialing?.catch(() => undefined);
    if (typeof dialing?.agent === 'object') dialing.agent.destroy();
  }

  private async dial(): Promise<Dialing> {
    const options: Dialing = {};
    try {
      await this.credentials.applyToHTTPSOptions(options);
    } catch (e) {
      this.dialing = undefined;
      throw e;
    }
    // A command asks several things of one server; the library's agents would begin anew each time.
    if (typeof options.agent === 'object') Object.assign(options.agent as Agent, { keepAlive: true });
    return options;
  }
}

function replyOf(response: IncomingMessage, wrong: (error: unknown) => Unreachable): Reply {
  const isZipped = response.headers['content-encoding'] === 'gzip';
  const body = isZipped ? response.pipe(createGunzip()) : response;
  if (isZipped) response.once('error', (error) => body.destroy(error));
  async function* chunks(): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (e) {
      throw wrong(e);
    }
    // The server went away before it had said all.
    if (!response.complete) throw wrong(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  }
  return {
    code: response.statusCode ?? 0,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    chunks,
    text: async () => {
      const parts: Uint8Array[] = [];
      for await (const part of chunks()) parts.push(part);
      return textOf(concat(parts));
    },
    close: () => {
      response.destroy();
    },
  };
}

/** The texts of a Warning header (RFC 7234), several of which come as one, parted by commas. */
function warningsIn(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replace(/\\(.)/g, '$1'));
}
