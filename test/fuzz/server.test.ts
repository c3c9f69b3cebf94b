/**
 * The HTTP API with strange clients: each gets an answer that is a Status or what was asked for, nothing is reported as the server's own
 * fault, and everybody else is served as before.
 */
import { createHash } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BEARER,
  CERTIFICATE,
  configMap,
  MAPS,
  PODS,
  type Reply,
  SETS,
  type Served,
  serve,
  webSet,
} from '../support/served';
import { checkPrototypes, guardAgainstHanging, runs } from './support/fuzz';
import { textsLike, valuesLike } from './support/mutations';
import { DEFINITION, OBJECTS, POD } from './support/objects';

guardAgainstHanging();

let at: Served;
beforeAll(async () => {
  at = await serve();
  expect((await at.call('POST', SETS, webSet(1))).code).toBe(201);
  expect((await at.call('POST', MAPS, configMap('kept', { a: '1' }))).code).toBe(201);
  expect((await at.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', DEFINITION)).code).toBe(201);
});
afterAll(() => at.stop());

/** What was there before is there still, as it was. */
async function checkServed(): Promise<void> {
  const { code, body } = await at.call('GET', `${MAPS}/kept`);
  expect([code, body?.data]).toEqual([200, { a: '1' }]);
  expect(at.troubles).toEqual([]);
  checkPrototypes();
}

/** Refusals are of the client's making. */
function checkReply({ code, text, body }: Reply, what: string): void {
  const shown = `${what} -> ${code} ${text.slice(0, 300)}`;
  expect(code, shown).toBeGreaterThanOrEqual(200);
  expect(text, shown).not.toMatch(/\n\s+at .*:\d+:\d+|TypeError|RangeError/);
  if (code < 400) return;
  if (body === undefined) {
    expect(code, shown).toBeLessThan(500);
    return;
  }
  expect(body.kind, shown).toBe('Status');
  // Kubernetes itself has words with this code, for patches that make no sense; a mistake of the server's own is reported.
  expect(at.troubles, shown).toEqual([]);
  expect(body.reason, shown).not.toBe('InternalError');
  expect([500, 501, 504].includes(code) || code < 500, shown).toBe(true);
}

const paths = textsLike(
  fc.constantFrom(
    '/',
    '/api',
    '/apis',
    '/api/v1',
    '/apis/apps/v1',
    '/version',
    '/openapi/v2',
    '/openapi/v3/apis/apps/v1',
    '/healthz',
    PODS,
    SETS,
    MAPS,
    `${PODS}/web-0`,
    `${PODS}/web-0/log`,
    `${PODS}/web-0/status`,
    `${PODS}/web-0/exec`,
    `${PODS}/web-0/eviction`,
    `${PODS}/web-0/binding`,
    `${SETS}/web`,
    `${SETS}/web/scale`,
    `${SETS}/web/status`,
    '/api/v1/namespaces',
    '/api/v1/namespaces/default',
    '/api/v1/nodes',
    '/api/v1/pods',
    '/apis/example.com/v1/namespaces/default/crons',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    '/apis/policy/v1/poddisruptionbudgets',
    '/api/v1/watch/pods',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crons.example.com',
  ),
  [
    '/',
    '//',
    '%2f',
    '%',
    '%zz',
    '%00',
    '..',
    '.',
    '?',
    'x',
    'pods',
    'namespaces',
    'default',
    'status',
    'scale',
    '__proto__',
    'constructor',
    'apis',
    'v1',
    ';',
    '#',
  ],
).map((path) =>
  `/${path.replace(/[^\x21-\x7e]/g, (c) => encodeURIComponent(c.replace(/[\ud800-\udfff]/g, '?')))}`.replace(
    /^\/+/,
    '/',
  ),
);

const NAMES = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'timeoutSeconds',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'dryRun',
  'fieldManager',
  'force',
  'fieldValidation',
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
  'pretty',
  'includeObject',
  'container',
  'tailLines',
  'sinceSeconds',
  'sinceTime',
  'limitBytes',
  'previous',
  'timestamps',
  'stdin',
  'stdout',
  'command',
  'tty',
  '__proto__',
];
const values = textsLike(
  fc.constantFrom(
    'a=b',
    'metadata.name=web-0',
    '1',
    '500',
    '0',
    '-1',
    'true',
    'false',
    'All',
    'Strict',
    'Background',
    'NotOlderThan',
    'Exact',
    'eyJ2IjoiMSJ9',
    'nginx',
    '2026-01-01T00:00:00Z',
    'None',
    '',
  ),
  ['=', ',', '1', 'in (', '\n'],
);
const queries = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), values), { maxLength: 4 })
  .map((pairs) =>
    pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/[\ud800-\udfff]/g, '?'))}`).join('&'),
  );
const methods = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PURGE',
);
const types = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  '',
  'application/json; charset=utf-8',
  'a/b/c;;=',
);
const accepts = fc.constantFrom(
  'application/json',
  'application/yaml',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/vnd.kubernetes.protobuf',
  'text/html',
  ';;',
  'application/json;as=Table;v=v9',
  '',
);
const bodies: fc.Arbitrary<string | undefined> = fc.oneof(
  fc.constant(undefined),
  valuesLike(
    fc.constantFrom<unknown>(
      ...OBJECTS,
      { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 },
      { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 2 } },
    ),
    3,
  ).map(asText),
  valuesLike(
    fc.constantFrom<unknown>({ spec: { replicas: 2 } }, [{ op: 'replace', path: '/spec/replicas', value: 1 }], {
      metadata: { labels: { a: null } },
    }),
    2,
  ).map(asText),
  textsLike(fc.constantFrom(JSON.stringify(POD), 'k8s\0\n\x0c\n\x02v1\x12\x06', 'a: b\n'), [
    '{',
    '}',
    '"',
    ':',
    ',',
    '[',
  ]),
);

function asText(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? 'null';
}

test('requests of any kind', async () => {
  const requests = fc.record({
    method: methods,
    path: paths,
    query: queries,
    type: types,
    accept: accepts,
    body: bodies,
  });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, query, type, accept, body }) => {
      const isKept = /kept|configmaps\/?$|%2[fF]|namespaces/.test(path) && method === 'DELETE';
      if (isKept) return;
      // What lasts would hold up the next.
      const url = `${path}${query && (path.includes('?') ? '&' : '?')}${query}`;
      if (/watch|follow/.test(url)) return;
      const reply = await at.call(method, url, body, { 'content-type': type, accept });
      checkReply(reply, `${method} ${url} ${type} ${accept} ${body?.slice(0, 600)}`);
      if (++count % 20 === 0) await checkServed();
    }),
    runs(120),
  );
  await checkServed();
});

test('objects that come near to being valid', async () => {
  const targets = fc.constantFrom<readonly [string, string, unknown]>(
    ['POST', `${PODS}?dryRun=All`, POD],
    ['POST', SETS, webSet(1)],
    ['PUT', `${SETS}/web`, webSet(2)],
    ['PATCH', `${SETS}/web`, { spec: { replicas: 1 } }],
    [
      'PUT',
      `${SETS}/web/scale`,
      {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace: 'default' },
        spec: { replicas: 1 },
      },
    ],
    ['POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', DEFINITION],
    ['POST', `${PODS}/web-0/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web-0' } }],
    [
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec: { resourceAttributes: { verb: 'get' } },
      },
    ],
    [
      'DELETE',
      `${PODS}/web-0`,
      { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'x' }, propagationPolicy: 'Background' },
    ],
  );
  const requests = targets.chain(([method, path, body]) =>
    fc.tuple(fc.constant(method), fc.constant(path), valuesLike(fc.constant(body), 3)),
  );
  const patchTypes = fc.constantFrom(
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
  );
  await fc.assert(
    fc.asyncProperty(requests, patchTypes, async ([method, path, value], patchType) => {
      const body = asText(value);
      // A great many pods are no mistake of the reader's.
      if (/"replicas":\d{2,}/.test(body)) return;
      const url = patchType.includes('apply') && method === 'PATCH' ? `${path}?fieldManager=me` : path;
      const reply = await at.call(method, url, body, {
        'content-type': method === 'PATCH' ? patchType : 'application/json',
      });
      checkReply(reply, `${method} ${url} ${patchType} ${body}`);
    }),
    runs(80),
  );
  await checkServed();
});

test('options of another type are the mistake of who sent them', async () => {
  const options = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: [{ toString: 1 }] } };
  expect(await at.call('DELETE', `${PODS}/web-0`, options)).toMatchObject({
    code: 400,
    body: { reason: 'BadRequest' },
  });
});

test('a pod without containers is invalid', async () => {
  expect(await at.call('POST', PODS, { metadata: { name: 'a' } })).toMatchObject({
    code: 422,
    body: { message: 'Pod "a" is invalid: spec.containers: Required value' },
  });
  expect((await at.call('POST', '/api/v1/namespaces', {})).code).toBe(422);
  expect((await at.call('POST', SETS, { ...webSet(1), kind: { toString: '.' } })).code).toBe(400);
});

test('watches with any parameters', async () => {
  const ended = await Promise.all(
    fc
      .sample(fc.tuple(fc.constantFrom(PODS, SETS, MAPS), queries, accepts), { numRuns: 60, seed: 7 })
      .map(async ([path, query, accept]) => {
        const watch = at.watch(`${path}?watch=1&${query}`, { accept }, () => {});
        const code = await watch.code.catch(() => 0);
        watch.close();
        return code;
      }),
  );
  for (const code of ended) expect(code).toBeLessThan(500);
  await checkServed();
});

describe('bytes that are no request', () => {
  const line = textsLike(
    fc.constantFrom(
      `GET ${PODS} HTTP/1.1\r\nHost: a\r\nAuthorization: ${BEARER}\r\n\r\n`,
      `POST ${MAPS} HTTP/1.1\r\nHost: a\r\nAuthorization: ${BEARER}\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n`,
      `CONNECT a:1 HTTP/1.1\r\n\r\n`,
    ),
    ['\r\n', ' ', ':', 'Content-Length: 5\r\n', 'Expect: 100-continue\r\n', 'Upgrade: x\r\n', 'HTTP/1.0'],
  );
  test('harm nobody', async () => {
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        const socket = await dial();
        await said(
          socket,
          Uint8Array.from(text, (c) => c.charCodeAt(0) & 255),
        );
      }),
      runs(15),
    );
    await checkServed();
  });
});

/** A WebSocket's handshake for a command, and then whatever is sent. */
describe('frames to a command', () => {
  const frames = fc.array(
    fc.record({
      first: fc.oneof(fc.constantFrom(0x82, 0x81, 0x02, 0x00, 0x88, 0x89, 0x8a), fc.nat(255)),
      channel: fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 255), fc.nat(255)),
      content: fc.oneof(
        fc.constantFrom('exit\n', '{"Width":80,"Height":24}', '{"Width":-1}', '\0', '\x04', '\x03', 'x'.repeat(300)),
        fc.string({ maxLength: 20 }),
      ),
      lie: fc.constantFrom(0, 0, 0, 1, -1, 70000),
      masked: fc.constantFrom(true, true, true, false),
    }),
    { maxLength: 6 },
  );
  const commands = fc.constantFrom(
    'command=cat&stdin=1',
    'command=sh&stdin=1&tty=1',
    'command=true',
    'command=sh&command=-c&command=exit%203',
    'command=',
    'command=cat&stdin=1&container=x',
    'command=%00',
  );

  test('are taken or refused, and the next command runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        commands,
        frames,
        fc.constantFrom('v5.channel.k8s.io', 'v4.channel.k8s.io', 'SPDY/3.1', 'x,,', ''),
        async (command, sent, protocol) => {
          const socket = await dial();
          const key = createHash('sha1').update(command).digest().subarray(0, 16).toString('base64');
          const head = `GET ${PODS}/web-0/exec?stdout=1&${command} HTTP/1.1\r\nHost: a\r\nAuthorization: ${BEARER}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${protocol && `Sec-WebSocket-Protocol: ${protocol}\r\n`}\r\n`;
          await said(socket, joined(new TextEncoder().encode(head), ...sent.map(frameOf)));
        },
      ),
      runs(15),
    );
    await checkServed();
    expect((await at.call('GET', `${PODS}/web-0`)).code).toBeLessThan(500);
  });
});

function frameOf({
  first,
  channel,
  content,
  lie,
  masked,
}: {
  readonly first: number;
  readonly channel: number;
  readonly content: string;
  readonly lie: number;
  readonly masked: boolean;
}): Uint8Array {
  const body = joined([channel], new TextEncoder().encode(content));
  const length = Math.max(0, body.length + lie);
  const size = length < 126 ? [length] : [126, (length >> 8) & 255, length & 255];
  size[0] = (size[0] ?? 0) | (masked ? 0x80 : 0);
  return joined([first & 255, ...size], masked ? [0, 0, 0, 0] : [], body);
}

const joined = (...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const dial = (): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: at.server.port, ca: CERTIFICATE }, () => resolve(socket));
    socket.once('error', reject);
  });

/** Sends it, and hears until the server has answered something or hung up. */
const said = (socket: TLSSocket, bytes: Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    let heard = '';
    const done = (): void => {
      socket.destroy();
      resolve(heard);
    };
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
      setImmediate(done);
    });
    socket.on('close', done);
    socket.on('error', done);
    socket.end(bytes);
  });
