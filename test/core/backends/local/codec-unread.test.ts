/** The Events of a state file are read when somebody asks for them, and written as they were where nobody did. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/core/api/types';
import {
  decodeDocument,
  encodeDocument,
  type JsonObject,
  openDocument,
} from '../../../../src/core/backends/local/codec';
import { LineMemory } from '../../../../src/core/backends/local/codec-memory';
import { UnreadList } from '../../../../src/core/backends/local/codec-unread';
import { Cluster } from '../../../../src/core/simulation/cluster';
import type { ClusterState } from '../../../../src/core/simulation/cluster-state';
import { setManifest, TestCluster } from '../../../support/cluster';
import { pods } from './fixtures';

const settled = (replicas: number): TestCluster => {
  const test = new TestCluster();
  test.store.create(setManifest({ replicas }));
  test.settle();
  return test;
};

const textOf = (state: ClusterState): string => encodeDocument({ schema: 1, ...state });

const open = (text: string, memory?: LineMemory): ClusterState => {
  const { schema: _, ...state } = openDocument(text, memory);
  return state as unknown as ClusterState;
};

const names = (objects: Iterable<KubeObject>): string[] => [...objects].map(({ metadata }) => metadata.name).sort();

describe('a document that is opened', () => {
  const document = { schema: 1, objects: pods(3), events: [{ a: 'é\n"events":' }, { a: '2' }], clock: { now: 5 } };

  test('has its last list unread, which reads as if decoded at once', () => {
    const text = encodeDocument(document);
    const { events, ...rest } = openDocument(text);
    expect(events).toBeInstanceOf(UnreadList);
    expect({ ...rest, events: (events as UnreadList).read() }).toEqual(document);
    expect(decodeDocument(text)).toEqual(document);
  });

  test('is written back to the byte, unread or read', () => {
    const text = encodeDocument(document);
    const opened = openDocument(text);
    expect(encodeDocument(opened)).toBe(text);
    (opened.events as UnreadList).read();
    expect(encodeDocument(opened)).toBe(text);
  });

  test('is decoded as a whole where it has no sum, or none of that list', () => {
    const text = encodeDocument(document);
    const edited = text.replace(/^"sum":.*\n/m, '');
    expect(openDocument(edited)).toEqual(document);
    const { events: _, ...without } = document;
    expect(openDocument(encodeDocument(without))).toEqual(without);
  });

  test('is refused where it is not what was saved', () => {
    const text = encodeDocument(document).replace('"a":"é', '"a":"è');
    expect(() => openDocument(text)).toThrow('it is not what was saved');
  });

  test('keeps the words of many items that were read', () => {
    const many: JsonObject = { schema: 1, objects: [{ b: 1 }], events: pods(1500) as unknown as JsonObject[] };
    const memory = new LineMemory();
    const text = encodeDocument(many);
    const { events } = openDocument(text, memory);
    const items = (events as UnreadList).read();
    const changed = [{ ...items[0], kind: 'Other' }, ...items.slice(1)];
    expect(decodeDocument(encodeDocument({ ...many, events: changed }, memory))).toEqual({ ...many, events: changed });
  });
});

describe('a cluster with Events that nobody has read', () => {
  test('has them for whoever asks: by kind, by name, by uid, by owner, all', () => {
    const before = settled(3).store;
    const event = [...before.list('events')][0];
    const restored = () => Cluster.restore(open(textOf(settled(3).cluster.snapshot()))).store;
    expect([...restored().list('events')]).toEqual([...before.list('events')]);
    expect(restored().get('events', 'default', event.metadata.name)).toEqual(event);
    expect(restored().byUid(event.metadata.uid)).toEqual(event);
    expect([...restored().dependents('nobody')]).toEqual([]);
    expect([...restored().storage.resources()]).toContain('events');
    expect(names(restored().storage.all())).toEqual(names(before.storage.all()));
  });

  test('is saved as it was, and goes on as the one that was never saved', () => {
    const text = textOf(settled(3).cluster.snapshot());
    const other = Cluster.restore(open(text));
    expect(textOf(other.snapshot())).toBe(text);
    const same = settled(3).cluster;
    for (const cluster of [other, same]) {
      cluster.store.delete('pods', 'default', 'web-1');
      cluster.settle();
    }
    expect(textOf(other.snapshot())).toBe(textOf(same.snapshot()));
  });

  test('is read from a file that has them among its objects', () => {
    const { events, eventsSince: _, ...state } = settled(2).cluster.snapshot();
    const old = { ...state, objects: [...state.objects, ...(events as KubeObject[])] };
    const restored = Cluster.restore(open(textOf(old)));
    expect([...restored.store.list('events')]).toEqual(events);
    restored.advanceTo(restored.now + 2 * 3_600_000);
    expect([...restored.store.list('events')]).toEqual([]);
  });

  test('lets them go in time', () => {
    const restored = Cluster.restore(open(textOf(settled(2).cluster.snapshot())));
    restored.advanceTo(restored.now + 3_590_000);
    expect([...restored.store.list('events')].length).toBeGreaterThan(0);
    restored.advanceTo(restored.now + 20_000);
    expect([...restored.store.list('events')]).toEqual([]);
    expect(restored.snapshot().events).toBeUndefined();
  });

  test('lets an Event go that somebody made and is old already', () => {
    const { cluster, store } = new TestCluster();
    store.create({
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'old', namespace: 'default' }, type: 'Normal' },
      ...{ involvedObject: { kind: 'Pod', namespace: 'default', name: 'a' }, lastTimestamp: '2020-01-01T00:00:00Z' },
    });
    cluster.advanceTo(cluster.now + 1000);
    expect([...store.list('events')]).toEqual([]);
  });
});
