/** Requests to a server that is busy, broken or slow: what is tried again, what is not, and what the user is told. */
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { errorText } from '../../../../src/core/client/errors';
import { type Answer, configMap, type FakeApi, fakeApi, json, list, MAPS, status } from '../../../support/fake-api';

let api: FakeApi | undefined;
const start = async (answer: Answer): Promise<FakeApi> => {
  api = await fakeApi(answer);
  return api;
};
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** What a user reads of a call that fails. */
async function said(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (e) {
    if (e instanceof Error) return errorText(e).text;
  }
  return 'nothing';
}

const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

/** Answers with these codes one after the other, then with an object. */
const codes = (answers: readonly (readonly [code: number, headers?: Record<string, string>])[]): Answer => {
  const left = [...answers];
  return (_, reply) => {
    const [code, headers] = left.shift() ?? [200];
    json(reply, code < 400 ? configMap('a', 1) : status(code, 'Busy', `answer ${code}`), code, headers);
  };
};

describe('a busy server', () => {
  it('is asked again when it says so, as late as it says, whatever was asked', async () => {
    const { open, slept, asked } = await start(
      codes([
        [429, { 'retry-after': '3' }],
        [503, { 'retry-after': '1' }],
      ]),
    );
    expect((await open().create(MAPS, 'default', MAP)).metadata.name).toBe('a');
    expect(slept).toEqual([3000, 1000]);
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
  });

  it('is asked again with more and more patience when it does not say how long', async () => {
    const { open, slept } = await start(codes([[429], [429], [429]]));
    await open().update(MAPS, 'default', MAP);
    expect(slept).toEqual([250, 500, 1000]);
  });

  it('that fails is asked again only by who reads', async () => {
    const { open, slept, asked } = await start(codes([[500], [502], [503], [500]]));
    expect(await said(open().patch(MAPS, 'default', 'a', 'merge', {}))).toBe('Error from server (Busy): answer 500\n');
    expect([slept, asked.length]).toEqual([[], 1]);
    await open().get(MAPS, 'default', 'a');
    expect(slept).toEqual([250, 500, 1000]);
  });

  it('that never recovers is given up', async () => {
    const { open, asked } = await start((_, reply) =>
      json(reply, status(429, 'TooManyRequests', 'no'), 429, { 'retry-after': '1' }),
    );
    expect(await said(open().get(MAPS, 'default', 'a'))).toBe('Error from server (TooManyRequests): no\n');
    expect(asked).toHaveLength(11);
  });

  it('that refuses is not asked again', async () => {
    const { open, asked } = await start((_, reply) =>
      json(reply, status(403, 'Forbidden', 'configmaps is forbidden'), 403),
    );
    expect(await said(open().list(MAPS, 'default'))).toBe('Error from server (Forbidden): configmaps is forbidden\n');
    expect(asked).toHaveLength(1);
  });
});

describe('answers that are no Status', () => {
  it.each([
    [
      401,
      'x',
      'error: You must be logged in to the server (the server has asked for the client to provide credentials (get configmaps a))\n',
    ],
    [403, 'no entry', 'Error from server (Forbidden): no entry (get configmaps a)\n'],
    [404, 'x', 'Error from server (NotFound): the server could not find the requested resource (get configmaps a)\n'],
    [409, 'x', 'Error from server (Conflict): the server reported a conflict (get configmaps a)\n'],
    [
      501,
      'bad "way"',
      'Error from server (InternalError): an error on the server ("bad \\"way\\"") has prevented the request from succeeding (get configmaps a)\n',
    ],
    [
      418,
      'x',
      'Error from server: the server responded with the status code 418 but did not return more information (get configmaps a)\n',
    ],
  ])('%i', async (code, body, words) => {
    const { open } = await start((_, reply) => {
      reply.writeHead(code, { 'content-type': 'text/plain' });
      reply.end(body);
    });
    expect(await said(open().get(MAPS, 'default', 'a'))).toBe(words);
  });

  it('and no JSON either', async () => {
    const { open } = await start((_, reply) => void reply.end('<html>'));
    expect(await said(open().get(MAPS, 'default', 'a'))).toBe(
      "error: invalid character '<' looking for beginning of value\n",
    );
  });
});

describe('lists', () => {
  it('come in pages', async () => {
    const { open, asked } = await start(({ query }, reply) =>
      query.get('continue') === 'more'
        ? json(reply, list([['c', 3]], 9))
        : json(
            reply,
            list(
              [
                ['a', 1],
                ['b', 2],
              ],
              9,
              'more',
            ),
          ),
    );
    const { items, resourceVersion } = await open().list(MAPS, 'default', { labelSelector: 'x=y' });
    expect(items.map(({ metadata, kind }) => [metadata.name, kind])).toEqual([
      ['a', 'ConfigMap'],
      ['b', 'ConfigMap'],
      ['c', 'ConfigMap'],
    ]);
    expect(resourceVersion).toBe('9');
    expect(asked.map(({ query }) => query.toString())).toEqual([
      'labelSelector=x%3Dy&limit=500',
      'labelSelector=x%3Dy&limit=500&continue=more',
    ]);
  });

  it('whose version is forgotten midway are read anew, whole', async () => {
    const { open, asked } = await start(({ query }, reply) => {
      if (query.has('continue')) json(reply, status(410, 'Expired', 'too old'), 410);
      else if (query.has('limit')) json(reply, list([['a', 1]], 5, 'more'));
      else
        json(
          reply,
          list(
            [
              ['b', 6],
              ['c', 7],
            ],
            8,
          ),
        );
    });
    const { items, resourceVersion } = await open().list(MAPS, 'default');
    expect([items.map(({ metadata }) => metadata.name), resourceVersion]).toEqual([['b', 'c'], '8']);
    expect(asked).toHaveLength(3);
  });

  it('of a server without tables get names and ages', async () => {
    const { open } = await start((_, reply) => json(reply, list([['a', 1]], 5)));
    const { table } = await open().list(MAPS, 'default', { table: true });
    expect(table?.columns.map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(table?.rows.map(({ cells }) => cells)).toEqual([['a', '<unknown>']]);
  });
});

describe('a request', () => {
  it('says what it means in its path, parameters and types', async () => {
    const { open, asked } = await start((_, reply) => json(reply, configMap('a', 1)));
    const backend = open({
      token: 'secret',
      as: 'jane',
      asUid: '7',
      asGroups: ['dev', 'ops'],
      asUserExtra: ['team=a', 'team=b'],
    });
    await backend.create(MAPS, 'default', MAP, { dryRun: true, fieldValidation: 'Strict', fieldManager: 'me' });
    await backend.patch(MAPS, 'default', 'a', 'apply', MAP, { fieldManager: 'me', force: true });
    await backend.delete(MAPS, 'default', 'a', {
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
      dryRun: true,
      preconditions: { uid: 'u' },
    });
    const [create, apply, remove] = asked;
    expect([create?.path, create?.query.toString()]).toEqual([
      '/api/v1/namespaces/default/configmaps',
      'dryRun=All&fieldManager=me&fieldValidation=Strict',
    ]);
    expect(create?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'user-agent': 'stsctl/test',
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-extra-team': 'a, b',
      'content-type': 'application/json',
    });
    expect(create?.headers['impersonate-group']).toBe('dev, ops');
    expect([apply?.headers['content-type'], apply?.query.toString()]).toEqual([
      'application/apply-patch+yaml',
      'fieldManager=me&force=true',
    ]);
    expect(JSON.parse(remove?.body ?? '')).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
      preconditions: { uid: 'u' },
      dryRun: ['All'],
    });
  });

  it('is answered in gzip, with warnings, and with integers of 64 bits', async () => {
    const { open, warnings } = await start((_, reply) => {
      reply.setHeader('warning', ['299 - "one \\"thing\\""', '299 - "another, thing"']);
      reply.writeHead(200, { 'content-encoding': 'gzip' });
      reply.end(
        gzipSync('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","generation":9007199254740993}}'),
      );
    });
    const { metadata } = await open().get(MAPS, 'default', 'a');
    expect(metadata.generation).toBe(9007199254740993n);
    expect(warnings).toEqual(['one "thing"', 'another, thing']);
  });

  it('that takes too long is given up', async () => {
    const { open } = await start(() => {});
    expect(await said(open({ requestTimeoutMs: 50 }).get(MAPS, 'default', 'a'))).toBe(
      'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)\n',
    );
  });

  it('whose answer takes too long is given up too', async () => {
    const { open } = await start((_, reply) => void reply.writeHead(200).write('{'));
    expect(await said(open({ requestTimeoutMs: 50 }).get(MAPS, 'default', 'a'))).toBe(
      'Unable to connect to the server: context deadline exceeded (Client.Timeout or context cancellation while reading body)\n',
    );
  });

  it('to nobody is refused', async () => {
    const { open, url, close } = await fakeApi(() => {});
    const backend = open();
    await close();
    expect(await said(backend.get(MAPS, 'default', 'a'))).toBe(
      `The connection to the server ${url.slice('http://'.length)} was refused - did you specify the right host or port?\n`,
    );
  });

  it('that is cut off is sent once more by who reads, never by who writes', async () => {
    let cuts = 0;
    const server = createServer((socket) => {
      cuts += 1;
      socket.once('data', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { open } = await start(() => {});
    const backend = open({ server: `http://127.0.0.1:${port}` });
    expect(await said(backend.get(MAPS, 'default', 'a'))).toBe('Unable to connect to the server: EOF\n');
    expect(cuts).toBe(2);
    expect(await said(backend.create(MAPS, 'default', MAP))).toBe('Unable to connect to the server: EOF\n');
    expect(cuts).toBe(3);
    server.close();
  });
});

describe('discovery', () => {
  it('goes group by group where a server knows no better, and leaves out a group that is away', async () => {
    const { open } = await start(({ path }, reply) => {
      const answers: Record<string, unknown> = {
        '/api': { kind: 'APIVersions', versions: ['v1'] },
        '/api/v1': {
          resources: [
            { name: 'pods', singularName: '', kind: 'Pod', namespaced: true, shortNames: ['po'], categories: ['all'] },
            { name: 'pods/status', singularName: '', kind: 'Pod', namespaced: true },
            { name: 'pods/log', singularName: '', kind: 'Pod', namespaced: true },
          ],
        },
        '/apis': {
          groups: [
            { name: 'x.io', versions: [{ version: 'v1' }, { version: 'v2' }], preferredVersion: { version: 'v2' } },
            { name: 'gone.io', versions: [{ version: 'v1' }] },
          ],
        },
        '/apis/x.io/v1': { resources: [{ name: 'things', kind: 'Thing', namespaced: false }] },
        '/apis/x.io/v2': { resources: [{ name: 'things', kind: 'Thing', namespaced: false, singularName: 'thing' }] },
      };
      if (answers[path]) json(reply, answers[path]);
      else json(reply, status(404, 'NotFound', 'the server could not find the requested resource'), 404);
    });
    expect(await open().resources()).toMatchObject([
      { plural: 'pods', singular: 'pod', subresources: ['status'], categories: ['all'], shortNames: ['po'] },
      { plural: 'things', group: 'x.io', version: 'v2', otherVersions: ['v1'], namespaced: false },
    ]);
  });
});
