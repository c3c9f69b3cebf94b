import { beforeEach, describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim } from '../../../src/core/api/types';
import { Cluster } from '../../../src/core/simulation/cluster';
import { START, setManifest, TestCluster } from '../../support/cluster';

let test: TestCluster;
beforeEach(() => {
  test = new TestCluster();
});

/** `12.5 claim delete www-web-0 {…}` a line, seconds since the beginning of the minute. */
const marks = (): string[] =>
  test.cluster
    .timelineMarks()
    .map(({ time, kind, event, namespace: _, name, ...more }) =>
      [time.slice(17, 23), kind, event, name, JSON.stringify(more)].join(' '),
    );

const advance = (ms: number): void => test.cluster.advanceTo(test.cluster.now + ms);
const settle = (): void => test.cluster.settle();

describe('the marks of a timeline', () => {
  it('are none where objects and transitions tell everything', () => {
    test.store.create(setManifest({ claims: ['www'] }));
    settle();
    expect(test.cluster.timeline().map(({ event }) => event)).toEqual([
      'create',
      'ready',
      'create',
      'ready',
      'create',
      'ready',
    ]);
    expect(marks()).toEqual([]);
    expect(Object.keys(test.cluster.snapshot())).not.toContain('timelineMarks');
  });

  it('tell when a pod runs without being ready, and how many transitions were before', () => {
    test.store.create(setManifest({ replicas: 1, podAnnotations: { 'stsctl.dev/ready': 'false' } }));
    settle();
    expect(marks()).toEqual(['01.000 pod start web-0 {"after":1}']);
    test.annotate('web-0', 'stsctl.dev/ready', 'true');
    settle();
    expect(test.cluster.timeline().map(({ event }) => event)).toEqual(['create', 'ready']);
  });

  it('tell of claims and revisions when they go', () => {
    test.store.create(setManifest({ replicas: 1, claims: ['www'] }));
    settle();
    advance(START + 63_000 - test.cluster.now);
    test.store.delete('persistentvolumeclaims', 'default', 'www-web-0');
    test.cluster.drain();
    advance(2000);
    expect(marks()).toEqual([]);
    test.store.delete('statefulsets.apps', 'default', 'web');
    settle();
    expect(
      marks()
        .map((mark) => mark.replace(/^\d\d\.\d+ /, '').replace(/web-\w{8,}/, 'REVISION'))
        .sort(),
    ).toEqual([
      'claim delete www-web-0 {"since":"2026-01-01T00:00:00Z","phase":"Bound","terminating":"2026-01-01T00:01:03Z"}',
      'revision delete REVISION {"since":"2026-01-01T00:00:00Z"}',
    ]);
  });

  it('are saved, and absent from older files', () => {
    test.store.create(setManifest({ replicas: 1, podAnnotations: { 'stsctl.dev/ready': 'false' } }));
    settle();
    const state = test.cluster.snapshot();
    expect(Cluster.restore(JSON.parse(JSON.stringify(state))).timelineMarks()).toEqual(test.cluster.timelineMarks());
    const { timelineMarks: _, ...older } = state;
    const restored = Cluster.restore(older);
    expect([restored.timelineMarks(), restored.timeline()]).toEqual([[], test.cluster.timeline()]);
  });

  it('keep warnings about what is drawn when their Events expire, and nothing else of them', () => {
    test.store.create(setManifest({ replicas: 1, image: 'nginx:does-not-exist' }));
    settle();
    advance(1000);
    expect(marks()).toEqual([]);
    test.store.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Background' });
    settle();
    advance(3_700_000);
    const kept = test.cluster.timelineMarks().filter(({ kind }) => kind === 'event');
    expect([...test.store.list('events', 'default')]).toEqual([]);
    expect(new Set(kept.map(({ event, object, name, reason }) => [event, object, name, reason].join(' ')))).toEqual(
      new Set(['expired Pod web-0 Failed']),
    );
    expect(kept[0]).toMatchObject({
      message: expect.stringContaining('Failed to pull image "nginx:does-not-exist"'),
      source: 'kubelet',
      since: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/),
    });
    for (const { since = '', time } of kept) expect(Date.parse(since)).toBeLessThanOrEqual(Date.parse(time));
    const state = test.cluster.snapshot();
    expect(Cluster.restore(JSON.parse(JSON.stringify(state))).timelineMarks()).toEqual(test.cluster.timelineMarks());
  });

  it('name a claim whose phase changed later than it was made', () => {
    test.store.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } },
    });
    advance(5000);
    const claim = test.store.get<PersistentVolumeClaim>('persistentvolumeclaims', 'default', 'data');
    expect(claim?.status?.phase).toBe('Pending');
    test.store.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'disk' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: '/x' },
      },
    });
    advance(5000);
    expect(marks()).toEqual([expect.stringMatching(/^0[56]\.\d+ claim bound data \{\}$/)]);
    test.store.delete('persistentvolumeclaims', 'default', 'data');
    advance(5000);
    expect(
      marks()
        .slice(1)
        .map((mark) => mark.slice(7)),
    ).toEqual([
      'claim delete data {"since":"2026-01-01T00:00:00Z","phase":"Bound"}',
      'volume released disk {"claim":"data"}',
    ]);
  });
});
