/** One request without a server: what kubectl's --raw shows of a path, in the same words as a client over HTTP would read. */
import type { Backend } from '../client/backend';
import type { ServedBackend } from '../client/served';
import { Call, type Request } from './call';
import { encodeText } from './encode';
import { Metrics } from './metrics';
import { OpenApi } from './openapi';
import { Pages } from './pages';
import { LIMITS, type ServerOptions } from './port';
import { route } from './routes';
import { notImplemented } from './status';

export interface OneRequest extends Pick<ServerOptions, 'version' | 'explanations' | 'parseYaml'> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly url: string;
  /** JSON; none where absent. */
  readonly body?: string;
  /** Who asks, as a client names itself. */
  readonly userAgent: string;
}

/** The text of the answer. Throws ApiError, also for a watch, which is no single answer. */
export async function answerOnce(backend: Backend, request: OneRequest): Promise<string> {
  const call = new Call(asRead(request), LIMITS.bodyBytes, request.parseYaml);
  const answer = await route(
    {
      backend: alone(backend, await backend.now()),
      host: { now: () => 0, after: () => () => {}, report: () => {} },
      limits: LIMITS,
      pages: new Pages('once'),
      openApi: new OpenApi(request.explanations, request.version.gitVersion ?? ''),
      version: request.version,
      address: () => '127.0.0.1',
      watches: new Set(),
      metrics: new Metrics(),
      streams: new Set(),
    },
    call,
    undefined,
  );
  return answer === undefined ? '' : textOf(answer.body);
}

function asRead({ method, url, body, userAgent }: OneRequest): Request {
  const bytes = body === undefined ? [] : [new TextEncoder().encode(body)];
  const headers = { accept: 'application/json, */*', 'content-type': 'application/json', 'user-agent': userAgent };
  return {
    method,
    url,
    headers,
    async *[Symbol.asyncIterator]() {
      yield* bytes;
    },
  };
}

function textOf(body: object | string | Uint8Array): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : encodeText(body);
}

/** The backend of a command as one that nobody else uses: nothing is told of changes, as nothing watches. */
const alone = (backend: Backend, now: number): ServedBackend => ({
  perform: (work) => work(backend),
  containers: backend,
  bind: () => Promise.reject(notImplemented('the binding of pods')),
  changesAfter: () => undefined,
  oldestVersion: 0,
  latestVersion: 0,
  now,
  onChanges: () => () => {},
  selects: () => () => true,
  halt: async () => {},
  close: async () => {},
});
