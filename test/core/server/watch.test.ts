/** Watches over HTTPS: nothing missed, nothing twice, in order; across restarts and other processes; slow clients dropped. */
import { existsSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brief, configMap, MAPS, PODS, SETS, type SentEvent, type Served, serve, webSet } from '../../support/served';

const MERGE = { 'content-type': 'application/merge-patch+json' };

let at: Served;
const begin = async (...options: Parameters<typeof serve>): Promise<void> => {
  at = await serve(...options);
};
beforeEach(() => begin());
afterEach(async () => {
  expect(at.troubles).toEqual([]);
  await at.stop();
});

const again = async (...options: Parameters<typeof serve>): Promise<void> => {
  await at.stop();
  await begin(...options);
};

const versionOf = ({ object }: SentEvent): number => Number(object.metadata.resourceVersion);
const versions = (events: readonly SentEvent[]): number[] => events.map(versionOf);
const isSorted = (numbers: readonly number[]): boolean => numbers.every((n, i) => i === 0 || n > numbers[i - 1]!);
const names = (events: readonly SentEvent[], type: string): string[] =>
  events.filter((event) => event.type === type).map(({ object }) => object.metadata.name);

describe('a watch', () => {
  it('tells what is there, then every change in order, while a virtual clock goes on', async () => {
    await at.call('POST', SETS, webSet(2));
    const watch = at.watch(`${PODS}?watch=true`);
    const events = await watch.until((all) => all.filter((e) => isReady(e.object)).length >= 2);
    expect(isSorted(versions(events))).toBe(true);
    expect(names(events, 'ADDED')).toEqual(['web-0', 'web-1']);
    const ready = events.findIndex((e) => e.object.metadata.name === 'web-0' && isReady(e.object));
    expect(events.findIndex((e) => e.object.metadata.name === 'web-1')).toBeGreaterThan(ready);
    watch.close();
  });

  it('goes on from a version, and says nothing twice', async () => {
    const { body } = await at.call('POST', MAPS, configMap('one'));
    await at.call('POST', MAPS, configMap('two'));
    const watch = at.watch(`${MAPS}?watch=1&resourceVersion=${body.metadata.resourceVersion}`);
    await at.call('DELETE', `${MAPS}/one`);
    const events = await watch.until((all) => all.length === 2);
    expect(events.map(brief)).toEqual(['ADDED two', 'DELETED one']);
    expect(versionOf(events[1]!)).toBeGreaterThan(versionOf(events[0]!));
    const [first] = events;
    const resumed = at.watch(`${MAPS}?watch=1&resourceVersion=${versionOf(first!)}`);
    expect((await resumed.until((all) => all.length === 1)).map(brief)).toEqual(['DELETED one']);
    watch.close();
    resumed.close();
  });

  it('sees objects come and go as they match its selector', async () => {
    await at.call('POST', MAPS, configMap('chosen'));
    const watch = at.watch(`${MAPS}?watch=1&labelSelector=app%3Dweb`);
    await watch.until((all) => all.length === 1);
    const label = (app: string) =>
      at.call(
        'PATCH',
        `${MAPS}/chosen`,
        { metadata: { labels: { app } } },
        {
          'content-type': 'application/merge-patch+json',
        },
      );
    await label('other');
    await label('third');
    await label('web');
    const events = await watch.until((all) => all.length === 3);
    expect(events.map(brief)).toEqual(['ADDED chosen', 'DELETED chosen', 'ADDED chosen']);
    expect(events[1]!.object.metadata.labels).toEqual({ app: 'web' });
    expect(isSorted(versions(events))).toBe(true);
    watch.close();
  });

  it('of one object, in one namespace, sees nothing else', async () => {
    const watch = at.watch(`${MAPS}?watch=1&fieldSelector=metadata.name%3Dmine&resourceVersion=0`);
    await at.call('POST', '/api/v1/namespaces/kube-system/configmaps', configMap('mine'));
    await at.call('POST', MAPS, configMap('other'));
    await at.call('POST', MAPS, configMap('mine'));
    const events = await watch.until((all) => all.length > 0);
    expect(events.map((e) => `${e.object.metadata.namespace}/${e.object.metadata.name}`)).toEqual(['default/mine']);
    watch.close();
  });

  it('begins with what there is and a bookmark, where that is asked for', async () => {
    await at.call('POST', MAPS, configMap('there'));
    const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    const watch = at.watch(`${MAPS}?${query}`);
    const events = await watch.until((all) => all.some((e) => e.type === 'BOOKMARK'));
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
    const { metadata, kind } = events[2]!.object;
    expect([kind, metadata.annotations]).toEqual(['ConfigMap', { 'k8s.io/initial-events-end': 'true' }]);
    watch.close();
  });

  it('comes as rows of a table, the columns once', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const watch = at.watch(`${MAPS}?watch=1`, { accept });
    await at.call('POST', MAPS, configMap('row', { a: '1' }));
    const events = await watch.until((all) => all.length === 2);
    expect(events[0]!.object.columnDefinitions).toHaveLength(3);
    expect(events[1]!.object.columnDefinitions).toBeNull();
    expect(events[1]!.object.rows[0].cells.slice(0, 2)).toEqual(['row', 1]);
    watch.close();
  });

  it('comes as metadata alone, its bookmarks too', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
    await at.call('POST', MAPS, configMap('meta', { a: '1' }));
    const query = 'watch=1&allowWatchBookmarks=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dmeta';
    const watch = at.watch(`${MAPS}?${query}`, { accept });
    await watch.ended;
    expect(watch.events.map(({ type, object }) => [type, object.kind, object.data])).toEqual([
      ['ADDED', 'PartialObjectMetadata', undefined],
      ['BOOKMARK', 'PartialObjectMetadata', undefined],
    ]);
  });

  it('begins where things stand, without what there is, where that is asked for', async () => {
    await at.call('POST', MAPS, configMap('there'));
    const query = 'watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan';
    for (const version of ['', '&resourceVersion=0']) {
      const watch = at.watch(`${MAPS}?${query}${version}`);
      await watch.code;
      await at.call('POST', MAPS, configMap(`new${version.length}`));
      const events = await watch.until((all) => all.length > 0);
      expect(events.map(brief)).toEqual([`ADDED new${version.length}`]);
      watch.close();
    }
  });

  it('that is to begin with a version which nobody knows yet is told to wait', async () => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=99999';
    const { code, body } = await at.call('GET', `${MAPS}?${query}`);
    expect([code, body.reason, body.details.causes[0].reason]).toEqual([504, 'Timeout', 'ResourceVersionTooLarge']);
  });

  it('brings more at once than any buffer holds, at its start and when it goes on', async () => {
    const first = (await at.call('POST', MAPS, configMap('first'))).body.metadata.resourceVersion;
    const text = 'x'.repeat(900_000);
    for (let i = 0; i < 12; i++) await at.call('POST', MAPS, configMap(`big-${i}`, { text }));
    const big = Array.from({ length: 12 }, (_, i) => `big-${i}`).toSorted();
    for (const query of ['labelSelector=app%3Dweb', `resourceVersion=${first}`]) {
      const watch = at.watch(`${MAPS}?watch=1&allowWatchBookmarks=1&timeoutSeconds=1&${query}`);
      await watch.ended;
      const names = watch.events.map(({ object }) => object.metadata.name).filter(Boolean);
      expect(names.filter((name) => name !== 'first').toSorted()).toEqual(big);
      expect(watch.events.at(-1)!.type).toBe('BOOKMARK');
    }
  });

  it('ends when its time is over, with a bookmark', async () => {
    const watch = at.watch(`${MAPS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=0`);
    await watch.ended;
    expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
  });

  it('from a version that is too old, or that never was, is gone', async () => {
    for (const version of ['1', '99999']) {
      const { code, body } = await at.call('GET', `${MAPS}?watch=1&resourceVersion=${version}`);
      expect([code, body.type, body.object.code, body.object.reason]).toEqual([200, 'ERROR', 410, 'Expired']);
    }
    expect((await at.call('GET', `${MAPS}?watch=1&resourceVersion=new`)).code).toBe(422);
  });
});

describe('other processes', () => {
  it('write to the same file, and watches see it', async () => {
    const watch = at.watch(`${MAPS}?watch=1&labelSelector=app%3Dweb`);
    await watch.code;
    await at.call('POST', MAPS, configMap('mine'));
    const beside = at.beside();
    const maps = (await beside.resources()).find(({ plural }) => plural === 'configmaps')!;
    await beside.create(maps, 'default', configMap('theirs') as never);
    await beside.delete(maps, 'default', 'mine');
    await beside.commit();
    const events = await watch.until((all) => all.length === 3);
    expect(events.map(brief)).toEqual(['ADDED mine', 'ADDED theirs', 'DELETED mine']);
    expect(isSorted(versions(events))).toBe(true);
    expect((await at.call('GET', `${MAPS}/theirs`)).code).toBe(200);
    await beside.close();
    watch.close();
  });

  it('may do much at once: it is told in an order in which each event can be gone on from', async () => {
    for (const name of ['a', 'b', 'c']) await at.call('POST', MAPS, configMap(name));
    const watch = at.watch(
      `${MAPS}?watch=1&resourceVersion=${(await at.call('GET', MAPS)).body.metadata.resourceVersion}`,
    );
    await watch.code;
    const beside = at.beside();
    const maps = (await beside.resources()).find(({ plural }) => plural === 'configmaps')!;
    await beside.delete(maps, 'default', 'b');
    await beside.delete(maps, 'default', 'a');
    await beside.create(maps, 'default', configMap('a') as never);
    await beside.delete(maps, 'default', 'c');
    await beside.create(maps, 'default', configMap('d') as never);
    await beside.commit();
    await beside.close();
    const events = [...(await watch.until((all) => all.length === 5))];
    expect(events.map(brief).toSorted()).toEqual(['ADDED a', 'ADDED d', 'DELETED a', 'DELETED b', 'DELETED c']);
    expect(isSorted(versions(events))).toBe(true);
    const told = events.map(brief);
    expect(told.indexOf('DELETED a')).toBeLessThan(told.indexOf('ADDED a'));
    for (const [i, event] of events.entries()) {
      const resumed = at.watch(`${MAPS}?watch=1&timeoutSeconds=1&resourceVersion=${versionOf(event)}`);
      const rest = await resumed.until((all) => all.length >= events.length - 1 - i);
      expect(rest.map(brief)).toEqual(told.slice(i + 1));
      resumed.close();
    }
    watch.close();
  });

  it('read what clients were told, and see time go on', async () => {
    await at.call('POST', SETS, webSet(1));
    const watch = at.watch(`${PODS}?watch=1`);
    await watch.until((all) => all.some((e) => isReady(e.object)));
    watch.close();
    const beside = at.beside();
    const pods = (await beside.resources()).find(({ plural }) => plural === 'pods')!;
    const pod = await beside.get(pods, 'default', 'web-0');
    expect(isReady(pod)).toBe(true);
    await beside.close();
  });

  it('that put another cluster in its place end the watches', async () => {
    const watch = at.watch(`${MAPS}?watch=1`);
    await at.call('POST', MAPS, configMap('old'));
    await watch.until((all) => all.length === 2);
    const beside = at.beside();
    await beside.sim.reset();
    await beside.commit();
    await watch.ended;
    const last = watch.events.at(-1)!;
    expect([last.type, last.object.code, last.object.reason]).toEqual(['ERROR', 410, 'Expired']);
    expect((await at.call('GET', `${MAPS}/old`)).code).toBe(404);
  });
});

describe('a restart of the server', () => {
  it('loses nothing: watches go on from their last bookmark', async () => {
    const watch = at.watch(`${MAPS}?watch=1&allowWatchBookmarks=true`);
    await at.call('POST', MAPS, configMap('before'));
    await watch.until((all) => all.length === 2);
    await at.call('POST', SETS, webSet(0));
    await at.restart();
    await watch.ended;
    const last = watch.events.at(-1)!;
    expect(last.type).toBe('BOOKMARK');
    const next = at.watch(`${MAPS}?watch=1&resourceVersion=${versionOf(last)}`);
    await at.call('POST', MAPS, configMap('after'));
    expect((await next.until((all) => all.length > 0)).map(brief)).toEqual(['ADDED after']);
    expect((await at.call('GET', `${MAPS}/before`)).code).toBe(200);
    next.close();
  });

  it('keeps what was told: watches go on from a version of long before', async () => {
    const { body } = await at.call('POST', MAPS, configMap('one', { a: '1' }));
    await at.call('PATCH', `${MAPS}/one`, { metadata: { labels: { app: 'else' } } }, MERGE);
    await at.call('POST', MAPS, configMap('two'));
    await at.restart();
    await at.call('DELETE', `${MAPS}/two`);
    await at.restart();
    const from = body.metadata.resourceVersion;
    const watch = at.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
    const events = await watch.until((all) => all.length === 3);
    expect(events.map(brief)).toEqual(['MODIFIED one', 'ADDED two', 'DELETED two']);
    expect(isSorted([Number(from), ...versions(events)])).toBe(true);
    const chosen = at.watch(`${MAPS}?watch=1&labelSelector=app%3Dweb&resourceVersion=${from}`);
    expect((await chosen.until((all) => all.length === 3)).map(brief)).toEqual([
      'DELETED one',
      'ADDED two',
      'DELETED two',
    ]);
    watch.close();
    chosen.close();
  });

  it('tells watches to begin anew where somebody wrote meanwhile, or what was kept is damaged', async () => {
    const { body } = await at.call('POST', MAPS, configMap('one'));
    const watched = async () => {
      const watch = at.watch(`${MAPS}?watch=1&resourceVersion=${body.metadata.resourceVersion}`);
      const events = await watch.until((all) => all.length > 0);
      watch.close();
      return events.map(({ type, object }) => [type, object.code, object.reason]);
    };
    await at.restart(async () => {
      const beside = at.beside();
      const maps = (await beside.resources()).find(({ plural }) => plural === 'configmaps')!;
      await beside.delete(maps, 'default', 'one');
      await beside.commit();
      await beside.close();
    });
    expect(await watched()).toEqual([['ERROR', 410, 'Expired']]);
    await at.call('POST', MAPS, configMap('two'));
    await at.restart(async () => {
      expect(existsSync(`${at.state}.watches`)).toBe(true);
      truncateSync(`${at.state}.watches`, 100);
    });
    expect(await watched()).toEqual([['ERROR', 410, 'Expired']]);
    expect(existsSync(`${at.state}.watches`)).toBe(false);
  });
});

describe('limits', () => {
  it('drop a client that does not read', async () => {
    await again({}, { unreadMs: 500 });
    const watch = at.watch(`${MAPS}?watch=1`);
    await watch.code;
    watch.pause();
    const text = 'x'.repeat(500_000);
    for (let i = 0; i < 60; i++) {
      const reply = await at.call('POST', MAPS, configMap(`big-${i % 3}-${i}`, { text }));
      expect(reply.code).toBe(201);
      await at.call('DELETE', `${MAPS}/big-${i % 3}-${i}`);
    }
    // Whoever reads on finds that it was cut off.
    watch.resume();
    await watch.ended;
    expect(watch.events.length).toBeLessThan(60);
  }, 30_000);

  it('let in so many watches at a time, and no more', async () => {
    await again({}, { watches: 2 });
    const watches = [at.watch(`${MAPS}?watch=1`), at.watch(`${PODS}?watch=1`)];
    for (const watch of watches) expect(await watch.code).toBe(200);
    const third = await at.call('GET', `${MAPS}?watch=1`);
    expect([third.code, third.body.reason, third.headers['retry-after']]).toEqual([429, 'TooManyRequests', '1']);
    watches[0]!.close();
    await watches[0]!.ended;
    for (let code = 429, i = 0; code === 429 && i < 50; i++) {
      const next = at.watch(`${MAPS}?watch=1`);
      code = await next.code;
      next.close();
      if (i === 49) expect(code).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    watches[1]!.close();
  });

  it('keep time standing still on a virtual clock while nobody watches, if that is wanted', async () => {
    await at.call('POST', SETS, webSet(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await at.call('GET', `${PODS}/web-0`)).body.status.phase).toBe('Pending');
    await again({ idleMs: 10 });
    await at.call('POST', SETS, webSet(1));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await at.call('GET', `${PODS}/web-0`)).body.status.phase).toBe('Running');
  });

  it('let a virtual clock wait for clients that are behind with reading', async () => {
    let isBehind = true;
    await again(
      {},
      {},
      {
        onBackend: (backend) =>
          void backend.onChanges(
            () => {},
            () => isBehind,
          ),
      },
    );
    await at.call('POST', SETS, webSet(1));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await at.call('GET', `${PODS}/web-0`)).body.status.phase).toBe('Pending');
    isBehind = false;
    const watch = at.watch(`${PODS}?watch=1`);
    await watch.until((all) => all.some((e) => isReady(e.object)));
    watch.close();
  });

  it('let the wall clock run', async () => {
    await again({ clock: 'wall' });
    await at.call('POST', SETS, webSet(1));
    const watch = at.watch(`${PODS}?watch=1`);
    const events = await watch.until((all) => all.some((e) => isReady(e.object)));
    const { status } = events.at(-1)!.object;
    const age = Date.now() - Date.parse(status.startTime);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(10_000);
    watch.close();
  });
});

function isReady({ status }: SentEvent['object']): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
