import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/api/types';
import { EVENT_TTL_MS, expireEvents, StoredEventRecorder } from '../../../src/core/apiserver/event-recorder';
import { START, TestCluster } from '../../support/cluster';

function recorder() {
  const { store } = new TestCluster();
  const clock = { time: START, now: () => clock.time };
  const make = () => new StoredEventRecorder(store.storage, clock, store.entropy);
  const about: KubeObject = store.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'default' },
  });
  const texts = () =>
    [...store.list('events', 'default')].map((event) => `${event.reason} ${event.message} x${event.count}`);
  return { store, clock, make, about, texts };
}

describe('StoredEventRecorder', () => {
  it('counts repetitions, over processes too', () => {
    const { make, about, texts, clock, store } = recorder();
    make().event(about, 'Normal', 'R', 'same', 'test');
    clock.time += 5000;
    make().event(about, 'Normal', 'R', 'same', 'test');
    expect(texts()).toEqual(['R same x2']);
    const [event] = [...store.list('events', 'default')];
    expect(event).toMatchObject({ firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:05Z' });
  });

  it('tells the same words about two parts of an object apart, over processes too', () => {
    const { make, about, texts, store } = recorder();
    for (const part of ['spec.containers{a}', 'spec.containers{b}', 'spec.containers{a}', undefined])
      make().event(about, 'Normal', 'R', 'same', 'test', part);
    expect(texts()).toEqual(['R same x2', 'R same x1', 'R same x1']);
    const paths = [...store.list('events', 'default')].map(
      (event) => (event.involvedObject as object & { fieldPath?: string }).fieldPath,
    );
    expect(paths).toEqual(['spec.containers{a}', 'spec.containers{b}', undefined]);
  });

  it('combines similar events of all parts together', () => {
    const { make, about, texts } = recorder();
    const one = make();
    for (let i = 1; i <= 12; i++) one.event(about, 'Normal', 'R', `message ${i}`, 'test', `spec.containers{c${i % 2}}`);
    expect(texts()).toHaveLength(10);
    expect(texts().at(-1)).toBe('R (combined from similar events): message 12 x3');
  });

  it('combines similar events from the tenth on', () => {
    const { make, about, texts } = recorder();
    const one = make();
    for (let i = 1; i <= 12; i++) one.event(about, 'Normal', 'R', `message ${i}`, 'test');
    expect(texts()).toEqual([
      ...Array.from({ length: 9 }, (_, i) => `R message ${i + 1} x1`),
      'R (combined from similar events): message 12 x3',
    ]);
  });

  it('lets 25 through in a burst, then one in five minutes', () => {
    const { make, about, texts, clock } = recorder();
    const one = make();
    for (let i = 0; i < 40; i++) one.event(about, 'Normal', 'R', 'same', 'test');
    expect(texts()).toEqual(['R same x25']);
    clock.time += 300_000;
    one.event(about, 'Normal', 'R', 'same', 'test');
    one.event(about, 'Normal', 'R', 'same', 'test');
    expect(texts()).toEqual(['R same x26']);
  });

  it('knows what was said before, of few events and of many', () => {
    const { make, about, texts } = recorder();
    const one = make();
    const words = Array.from({ length: 15 }, (_, i) => `about ${i}`);
    for (const [i, text] of words.entries()) one.event(about, 'Normal', `R${i}`, text, 'test');
    one.event(about, 'Normal', 'R3', 'about 3', 'test');
    one.event(about, 'Normal', 'R14', 'about 14', 'test');
    expect(texts()).toEqual(words.map((text, i) => `R${i} ${text} x${i === 3 || i === 14 ? 2 : 1}`));
  });

  it('forgets events after an hour', () => {
    const { make, about, texts, clock, store } = recorder();
    make().event(about, 'Normal', 'R', 'same', 'test');
    expireEvents(store.storage, clock.time + EVENT_TTL_MS);
    expect(texts().length).toBe(1);
    expireEvents(store.storage, clock.time + EVENT_TTL_MS + 1);
    expect(texts()).toEqual([]);
  });
});
