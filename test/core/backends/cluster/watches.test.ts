/** Watches through all that can happen to a connection: nothing missed, nothing twice. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Backend, WatchEvent, WatchOptions } from '../../../../src/core/client/backend';
import { errorText } from '../../../../src/core/client/errors';
import { type Answer, configMap, type FakeApi, fakeApi, json, list, MAPS, status } from '../../../support/fake-api';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

/** Each connection of a watch gets the next of these; lists get the list of the moment. */
async function server(
  connections: readonly ((reply: ServerResponse) => void)[],
  lists: readonly object[] = [],
): Promise<FakeApi> {
  const [waiting, listed] = [[...connections], [...lists]];
  const answer: Answer = ({ query }, reply) => {
    if (query.get('watch') !== 'true')
      return json(reply, (listed.length > 1 ? listed.shift() : listed[0]) ?? list([], 1));
    const next = waiting.shift();
    if (next) next(reply);
    else reply.writeHead(200).write('\n');
  };
  api = await fakeApi(answer);
  return api;
}

async function take(backend: Backend, count: number, options: WatchOptions = {}): Promise<unknown[]> {
  const events: WatchEvent[] = [];
  for await (const event of backend.watch(MAPS, 'default', { timeoutMs: 3000, ...options })) {
    events.push(event);
    if (events.length === count) break;
  }
  return events.map(({ type, object }) => `${type} ${object.metadata.name} ${object.metadata.resourceVersion}`);
}

const versions = ({ asked }: FakeApi): (string | null)[] =>
  asked.filter(({ query }) => query.has('watch')).map(({ query }) => query.get('resourceVersion'));

describe('a watch', () => {
  it('goes on from the last version when the server ends it, or breaks it midway', async () => {
    const at = await server([
      (reply) => reply.end(line('ADDED', configMap('a', 11)) + line('BOOKMARK', configMap('', 15))),
      (reply) => {
        reply.writeHead(200, { 'content-length': '5000' });
        reply.write(`${line('MODIFIED', configMap('a', 16))}{"type":"MOD`, () => reply.destroy());
      },
      (reply) => void reply.write(line('MODIFIED', configMap('a', 17))),
    ]);
    expect(await take(at.open(), 3, { resourceVersion: '10' })).toEqual([
      'ADDED a 11',
      'MODIFIED a 16',
      'MODIFIED a 17',
    ]);
    expect(versions(at)).toEqual(['10', '15', '16']);
    expect(at.asked.every(({ query }) => query.get('allowWatchBookmarks') === 'true')).toBe(true);
  });

  it('begins now when no version is given', async () => {
    const at = await server(
      [(reply) => void reply.write(line('ADDED', configMap('b', 8)))],
      [list([['a', 1]], 7, 'more')],
    );
    expect(await take(at.open(), 1)).toEqual(['ADDED b 8']);
    expect(versions(at)).toEqual(['7']);
  });

  it.each([
    [
      'an event',
      (reply: ServerResponse) => void reply.end(line('ERROR', status(410, 'Expired', 'too old resource version'))),
    ],
    ['an answer', (reply: ServerResponse) => json(reply, status(410, 'Gone', 'too old'), 410)],
  ])('whose version is forgotten, told as %s, lists anew and tells what must have happened', async (_, expired) => {
    const before = list(
      [
        ['kept', 1],
        ['changed', 2],
        ['gone', 3],
        ['again', 4, 'first'],
      ],
      10,
    );
    const after = list(
      [
        ['kept', 1],
        ['changed', 12],
        ['again', 14, 'second'],
        ['new', 13],
      ],
      20,
    );
    const at = await server(
      [expired, (reply) => void reply.write(line('DELETED', configMap('new', 21)))],
      [before, after],
    );
    const backend = at.open();
    const { resourceVersion } = await backend.list(MAPS, 'default');
    expect(await take(backend, 6, { resourceVersion })).toEqual([
      'DELETED gone 3',
      'DELETED again 4',
      'MODIFIED changed 12',
      'ADDED again 14',
      'ADDED new 13',
      'DELETED new 21',
    ]);
    expect(versions(at)).toEqual(['10', '20']);
  });

  it('does not tell again what a list or an event has told', async () => {
    const at = await server(
      [
        (reply) => reply.end(line('ADDED', configMap('a', 5)) + line('ADDED', configMap('b', 11))),
        (reply) => void reply.write(line('ADDED', configMap('b', 11)) + line('MODIFIED', configMap('b', 12))),
      ],
      [list([['a', 5]], 10)],
    );
    const backend = at.open();
    const { resourceVersion } = await backend.list(MAPS, 'default');
    expect(await take(backend, 2, { resourceVersion })).toEqual(['ADDED b 11', 'MODIFIED b 12']);
  });

  it('waits longer and longer for a server that is away, and ends at last', async () => {
    const at = await server(Array.from({ length: 40 }, () => (reply: ServerResponse) => void reply.destroy()));
    const words = await take(at.open(), 1, { resourceVersion: '1' }).catch((e: Error) => errorText(e).text);
    expect(words).toBe('Unable to connect to the server: EOF\n');
    expect(at.slept).toEqual([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000]);
  });

  it('is refused as the server refuses', async () => {
    const at = await server([(reply) => json(reply, status(403, 'Forbidden', 'configmaps is forbidden'), 403)]);
    const words = await take(at.open(), 1, { resourceVersion: '1' }).catch((e: Error) => errorText(e).text);
    expect(words).toBe('Error from server (Forbidden): configmaps is forbidden\n');
  });

  it('ends when its time is over, whatever the server does', async () => {
    const at = await server([]);
    expect(await take(at.open(), 1, { resourceVersion: '1', timeoutMs: 80 })).toEqual([]);
  });

  it('reads tables, whose columns come once', async () => {
    const table = (name: string, version: number, columns: boolean) => ({
      kind: 'Table',
      columnDefinitions: columns ? [{ name: 'Name', type: 'string', format: 'name', priority: 0 }] : null,
      rows: [{ cells: [name], object: configMap(name, version) }],
    });
    const at = await server([
      (reply) => void reply.write(line('ADDED', table('a', 2, true)) + line('MODIFIED', table('a', 3, false))),
    ]);
    const events: WatchEvent[] = [];
    for await (const event of at.open().watch(MAPS, 'default', { resourceVersion: '1', table: true })) {
      events.push(event);
      if (events.length === 2) break;
    }
    expect(events.map(({ row, columns }) => [row?.cells, columns?.[0]?.name])).toEqual([
      [['a'], 'Name'],
      [['a'], 'Name'],
    ]);
  });
});
