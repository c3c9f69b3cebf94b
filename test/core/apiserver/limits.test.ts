/** LimitRanger: what it fills in, and what it refuses in which words. */
import { describe, expect, test } from 'vitest';
import type { PersistentVolumeClaim, Pod } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';
import { claimOf, limitsOf, make, podOf, refusal } from '../../support/limits';

const ANNOTATION = 'kubernetes.io/limit-ranger';

function withLimits(...limits: readonly Readonly<Record<string, unknown>>[]): TestCluster {
  const test = new TestCluster();
  make(test, limitsOf('lim', ...limits));
  return test;
}

describe('defaults', () => {
  test('fill in what a container leaves open, and say so', () => {
    const test = withLimits({
      type: 'Container',
      default: { memory: '1Gi', cpu: '500m' },
      defaultRequest: { cpu: '100m' },
    });
    const pod = make<Pod>(
      test,
      podOf(
        'web',
        { limits: { memory: '2Gi' } },
        {
          initContainers: [{ name: 'init', image: 'busybox' }],
        },
      ),
    );
    expect(pod.spec.containers[0]?.resources).toEqual({
      limits: { memory: '2Gi', cpu: '500m' },
      // What is limited is requested, by the pod's own defaults first.
      requests: { memory: '2Gi', cpu: '100m' },
    });
    expect(pod.spec.initContainers?.[0]?.resources).toEqual({
      limits: { cpu: '500m', memory: '1Gi' },
      requests: { cpu: '100m', memory: '1Gi' },
    });
    expect(pod.metadata.annotations?.[ANNOTATION]).toBe(
      'LimitRanger plugin set: cpu request for container nginx; cpu limit for container nginx; ' +
        'cpu, memory request for init container init; cpu, memory limit for init container init',
    );
    expect(pod.status.qosClass).toBe('Burstable');
  });

  test('leave a pod alone that says everything', () => {
    const test = withLimits({ type: 'Container', default: { cpu: '500m' } });
    const pod = make<Pod>(test, podOf('web', { limits: { cpu: '1' }, requests: { cpu: '1' } }));
    expect(pod.metadata.annotations).toBeUndefined();
  });

  test('reach the pods of a set, whose template stays as it is', () => {
    const test = withLimits({ type: 'Container', max: { memory: '1Gi' } });
    test.apply({ replicas: 1 });
    test.settle();
    expect(test.pod('web-0')?.spec.containers[0]?.resources?.limits).toEqual({ memory: '1Gi' });
    expect(test.set().spec.template.spec.containers[0]?.resources?.limits).toBeUndefined();
    expect(test.set().status.readyReplicas).toBe(1);
  });

  test('are of their own namespace', () => {
    const test = withLimits({ type: 'Container', max: { memory: '1Gi' } });
    test.store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    const pod = test.store.create<Pod>({ ...podOf('web'), metadata: { name: 'web', namespace: 'other' } });
    expect(pod.spec.containers[0]?.resources?.limits).toBeUndefined();
  });
});

describe('constraints', () => {
  const limits = (memory: string) => ({ limits: { memory }, requests: { memory } });

  test.each<[string, Record<string, unknown>, Parameters<typeof podOf>[1], string]>([
    [
      'a limit above the maximum',
      { type: 'Container', max: { memory: '1Gi' } },
      limits('2Gi'),
      'maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ],
    [
      'no limit where the pod has a maximum',
      { type: 'Pod', max: { memory: '1Gi' } },
      {},
      'maximum memory usage per Pod is 1Gi.  No limit is specified',
    ],
    [
      'a request below the minimum',
      { type: 'Container', min: { memory: '64Mi' } },
      limits('32Mi'),
      'minimum memory usage per Container is 64Mi, but request is 32Mi',
    ],
    [
      'no request where the pod has a minimum',
      { type: 'Pod', min: { cpu: '50m' } },
      {},
      'minimum cpu usage per Pod is 50m.  No request is specified',
    ],
    [
      'a limit too far above the request',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      { limits: { cpu: '1' }, requests: { cpu: '300m' } },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333',
    ],
    [
      'no request for a ratio',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      {},
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [
      'no limit for a ratio',
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '1' } },
      'cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0',
    ],
  ])('refuse %s', (_, item, resources, words) => {
    const test = withLimits(item);
    expect(refusal(() => test.store.create(podOf('web', resources)))).toBe(`pods "web" is forbidden: ${words}`);
    expect(test.pod('web')).toBeUndefined();
  });

  test('are all told at once, each once', () => {
    const test = withLimits({ type: 'Container', max: { cpu: '1', memory: '1Gi' } });
    const resources = { limits: { cpu: '2', memory: '2Gi' } };
    const pod = podOf(
      'web',
      {},
      {
        containers: ['a', 'b'].map((name) => ({ name, image: 'nginx', resources })),
      },
    );
    expect(refusal(() => test.store.create(pod))).toBe(
      'pods "web" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    );
  });

  test('take sidecars and init containers of a pod together as they run', () => {
    const test = withLimits({ type: 'Pod', max: { memory: '3Gi' } });
    const container = (name: string, memory: string, more = {}) => ({
      name,
      image: 'nginx',
      resources: limits(memory),
      ...more,
    });
    const pod = (init: string) =>
      podOf(
        'web',
        {},
        {
          containers: [container('a', '1Gi'), container('b', '1Gi')],
          initContainers: [container('side', '1Gi', { restartPolicy: 'Always' }), container('init', init)],
        },
      );
    expect(refusal(() => test.store.create(pod('2Gi')))).toBe('admitted');
    test.deletePod('web', 0);
    expect(refusal(() => test.store.create(pod('2500Mi')))).toBe(
      'pods "web" is forbidden: maximum memory usage per Pod is 3Gi, but limit is 3524Mi',
    );
  });

  test('tell a name that is still to be made by its beginning', () => {
    const test = withLimits({ type: 'Pod', max: { memory: '1Gi' } });
    const { name: _, ...metadata } = podOf('').metadata;
    const pod = { ...podOf(''), metadata: { ...metadata, generateName: 'gen-' } };
    expect(refusal(() => test.store.create(pod))).toContain('pods "gen-" is forbidden');
  });

  test('come after what is wrong with the object itself', () => {
    const test = withLimits({ type: 'Container', max: { memory: '1Gi' } });
    const pod = podOf('web', limits('2Gi'), { restartPolicy: 'Never', nodeName: '-' });
    expect(refusal(() => test.store.create(pod))).toContain('Pod "web" is invalid');
  });
});

describe('claims', () => {
  const storage = { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } };

  test.each([
    ['512Mi', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi'],
    ['6Gi', 'maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi'],
  ])('of %s are refused', (amount, words) => {
    const test = withLimits(storage);
    expect(refusal(() => test.store.create(claimOf('data', amount)))).toBe(
      `persistentvolumeclaims "data" is forbidden: ${words}`,
    );
  });

  test('are asked again whenever they change, until they go', () => {
    const test = new TestCluster();
    const claim = make<PersistentVolumeClaim>(test, claimOf('data', '6Gi'));
    test.settle();
    make(test, limitsOf('lim', storage));
    const now = test.claim('data') ?? claim;
    const labelled = { ...now, metadata: { ...now.metadata, labels: { a: 'b' } } };
    expect(refusal(() => test.store.update(labelled))).toBe(
      'persistentvolumeclaims "data" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi',
    );
    test.store.delete('persistentvolumeclaims', 'default', 'data');
    test.settle();
    expect(test.claim('data')).toBeUndefined();
  });
});
