/** Which handler answers which path and method. */
import type { ServerResponse } from 'node:http';
import { noSuchPath } from '../api/status';
import { verbsOf } from '../api/verbs';
import type { ServedBackend } from '../client/served';
import type { Authenticator } from './authenticate';
import { bindingOf } from './binding';
import { type Answer, type Call, unrecognizedAs } from './call';
import * as discovery from './discovery';
import { evictionOf } from './eviction';
import { answerLogs } from './logs';
import type { Metrics } from './metrics';
import type { OpenApi } from './openapi';
import type { Pages } from './pages';
import { deleteOptions, writeOptions } from './parameters';
import type { ServerHost, ServerLimits } from './port';
import { answerGet, answerList } from './read';
import { review } from './reviews';
import { methodNotAllowed, notImplemented, tooManyWatches } from './status';
import type { Channels } from './streams/channels';
import { answerForward } from './streams/forward';
import type { Upgrade } from './streams/open';
import { answerStreams } from './streams/run';
import { kindsIn, type Target, targetOf } from './target';
import { answerToken } from './token-request';
import type { Tokens } from './tokens';
import { Watch } from './watch';
import { answerCreate, answerDelete, answerDeleteCollection, answerPatch, answerUpdate } from './write';

export interface Surroundings {
  readonly backend: ServedBackend;
  readonly host: ServerHost;
  readonly limits: ServerLimits;
  readonly pages: Pages;
  readonly openApi: OpenApi;
  readonly version: Readonly<Record<string, string>>;
  /** `127.0.0.1:8001` */
  readonly address: () => string;
  readonly watches: Set<Watch>;
  readonly metrics: Metrics;
  /** Commands in containers that clients are connected to. */
  readonly streams: Set<Channels>;
  /** Absent where nobody has to say who he is. */
  readonly authenticator?: Authenticator;
  readonly tokens?: Tokens;
}

/** Paths that say whether the server lives; nobody has to say who he is. */
export const isHealth = (parts: readonly string[]): boolean =>
  /^(healthz|livez|readyz)(\/ping)?$/.test(parts.join('/'));

/** What is written to by handlers that answer for long. */
interface Wire {
  readonly response: ServerResponse | undefined;
  readonly upgrade: Upgrade | undefined;
}

/**
 * The answer; undefined when the handler answers by itself, as watches, logs and commands in containers do. Without a
 * `response` that it could be written to a watch is refused. Throws ApiError.
 */
export async function route(
  around: Surroundings,
  call: Call,
  response: ServerResponse | undefined,
  upgrade?: Upgrade,
): Promise<Answer | undefined> {
  const [first = '', ...rest] = call.parts;
  if (first === 'api' || first === 'apis') return api(around, call, { response, upgrade }, first === 'api', rest);
  if (call.method !== 'GET' && call.method !== 'HEAD') throw methodNotAllowed();
  if (isHealth(call.parts)) return health(call, first);
  const { openApi, backend } = around;
  switch (call.parts.join('/')) {
    case '':
      return ok({
        paths: ['/api', '/apis', '/healthz', '/livez', '/metrics', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
      });
    case 'version':
      return ok(JSON.stringify(around.version, undefined, 2));
    case 'metrics':
      return { code: 200, body: around.metrics.text(around.watches.size), contentType: METRICS_TYPE };
    case 'openapi/v2':
      return openApi.v2(call.header('accept'));
    case 'openapi/v3':
      return ok(await backend.perform((cluster) => openApi.index(cluster)));
  }
  if (first === 'openapi' && rest[0] === 'v3')
    return backend.perform((cluster) => openApi.document(cluster, rest.slice(1)));
  throw noSuchPath();
}

const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const ok = (body: Answer['body']): Answer => ({ code: 200, body });

function health(call: Call, name: string): Answer {
  const body = call.flag('verbose') || call.query.get('verbose') === '' ? `[+]ping ok\n${name} check passed\n` : 'ok';
  return { code: 200, body, contentType: 'text/plain; charset=utf-8' };
}

async function api(
  around: Surroundings,
  call: Call,
  wire: Wire,
  core: boolean,
  parts: readonly string[],
): Promise<Answer | undefined> {
  const resources = await around.backend.perform((cluster) => cluster.resources());
  const [group, version, ...rest] = core ? ['', ...parts] : parts;
  if (version === undefined && call.method !== 'GET') throw methodNotAllowed();
  if (group === undefined || (core && version === undefined)) {
    const aggregated = discovery.aggregatedVersion(call.header('accept'));
    if (aggregated) {
      const body = discovery.aggregated(resources, core, aggregated);
      return { code: 200, body, contentType: discovery.aggregatedType(aggregated) };
    }
    return ok(core ? discovery.apiVersions(around.address()) : discovery.apiGroupList(resources));
  }
  if (version === undefined) {
    const found = discovery.oneGroup(resources, group);
    if (!found) throw noSuchPath();
    return ok(found);
  }
  const kinds = kindsIn(resources, group, version);
  if (kinds.length === 0) throw noSuchPath();
  if (rest.length === 0) return ok(discovery.apiResourceList(group, version, kinds));
  // `/api/v1/watch/pods` is the old way to say `?watch=true`.
  if (rest[0] === 'watch' && rest.length > 1) {
    call.query.set('watch', 'true');
    return resource(around, call, wire, targetOf(kinds, rest.slice(1)));
  }
  return resource(around, call, wire, targetOf(kinds, rest));
}

async function resource(around: Surroundings, call: Call, wire: Wire, target: Target): Promise<Answer | undefined> {
  if (target.subresource !== undefined) return subresource(around, call, wire, target);
  const { backend, pages } = around;
  const verb = verbOf(call, target);
  if (!verbsOf(target.resource).includes(verb)) throw methodNotAllowed();
  switch (verb) {
    case 'watch':
      return watch(around, call, wire.response, target);
    case 'get':
      return answerGet(backend, call, target);
    case 'list':
      return answerList(backend, call, target, pages);
    case 'create': {
      if (target.resource.plural === 'bindings') return binding(around, call, target);
      const isQuestion = verbsOf(target.resource).length === 1;
      const answer = isQuestion
        ? await review(
            target.resource,
            await call.body(unrecognizedAs(target.resource.kind)),
            call.user,
            around.authenticator,
          )
        : undefined;
      if (isQuestion && !answer) throw notImplemented(target.resource.kind);
      return answer ? { code: 201, body: answer } : answerCreate(backend, call, target);
    }
    case 'update':
      return answerUpdate(backend, call, target);
    case 'patch':
      return answerPatch(backend, call, target);
    case 'delete':
      return answerDelete(backend, call, target);
    case 'deletecollection':
      return answerDeleteCollection(backend, call, target);
  }
  throw methodNotAllowed();
}

function verbOf(call: Call, { name }: Target): string {
  switch (call.method) {
    case 'HEAD':
    case 'GET':
      if (call.flag('watch')) return 'watch';
      return name === undefined ? 'list' : 'get';
    case 'POST':
      return name === undefined ? 'create' : '';
    case 'PUT':
      return name === undefined ? '' : 'update';
    case 'PATCH':
      return name === undefined ? '' : 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return '';
  }
}

/** Parts of objects that are read and written as the objects are. */
const WRITTEN = ['status', 'scale', 'finalize', 'ephemeralcontainers', 'resize'];

/** Parts of objects that a cluster has and this one does not offer. */
const NOT_OFFERED: Readonly<Record<string, readonly string[]>> = {
  pods: ['proxy'],
  services: ['proxy'],
  nodes: ['proxy'],
};

async function subresource(
  around: Surroundings,
  call: Call,
  { response, upgrade }: Wire,
  target: Target,
): Promise<Answer | undefined> {
  const { backend } = around;
  const { resource, subresource = '' } = target;
  if (resource.plural === 'pods' && resource.group === '') {
    if (subresource === 'binding') return binding(around, call, target);
    if (subresource === 'log') return answerLogs(around, call, target, response);
    if (subresource === 'exec' || subresource === 'attach') return answerStreams(around, call, target, upgrade);
    if (subresource === 'portforward') return answerForward(around, call, target, upgrade);
  }
  if (resource.plural === 'serviceaccounts' && resource.group === '' && subresource === 'token') {
    if (!around.tokens) throw notImplemented('serviceaccounts/token');
    return answerToken({ backend, tokens: around.tokens }, call, target);
  }
  if (NOT_OFFERED[resource.plural]?.includes(subresource) && resource.group === '')
    throw notImplemented(`${resource.plural}/${subresource}`);
  if (subresource === 'eviction' && resource.subresources.includes('eviction')) return eviction(around, call, target);
  if (!WRITTEN.includes(subresource) || !resource.subresources.some((name) => name === subresource)) throw noSuchPath();
  if (subresource === 'finalize' && call.method !== 'PUT') throw methodNotAllowed();
  switch (call.method) {
    case 'GET':
      return answerGet(backend, call, target);
    case 'PUT':
      return answerUpdate(backend, call, target);
    case 'PATCH':
      return answerPatch(backend, call, target);
    default:
      throw methodNotAllowed();
  }
}

async function binding({ backend }: Surroundings, call: Call, { namespace = '', name }: Target): Promise<Answer> {
  if (call.method !== 'POST') throw methodNotAllowed();
  const { dryRun } = writeOptions(call, 'CreateOptions');
  const { pod, target } = bindingOf(await call.body(unrecognizedAs('Binding')), name);
  await backend.bind(namespace, pod, { ...target, ...(dryRun && { dryRun }) });
  return created();
}

const created = (): Answer => ({
  code: 201,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
});

async function eviction({ backend }: Surroundings, call: Call, target: Target): Promise<Answer> {
  if (call.method !== 'POST') throw methodNotAllowed();
  const { resource: pods, namespace = '', name = '' } = target;
  const options = deleteOptions(call, evictionOf(await call.body(unrecognizedAs('Eviction')), pods, name));
  await backend.perform((cluster) => cluster.evict(namespace, name, options), call.warn);
  return created();
}

async function watch(
  around: Surroundings,
  call: Call,
  response: ServerResponse | undefined,
  target: Target,
): Promise<undefined> {
  if (!response) throw notImplemented('a watch in a single answer');
  const { backend, host, limits, watches } = around;
  if (watches.size >= limits.watches) throw tooManyWatches();
  const one = new Watch(backend, host, limits, call, target, response);
  watches.add(one);
  response.on('close', () => watches.delete(one));
  try {
    await one.run();
  } catch (error) {
    watches.delete(one);
    throw error;
  }
  return undefined;
}
