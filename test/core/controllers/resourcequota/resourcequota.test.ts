/** The ResourceQuota controller, and what StatefulSets do where quotas and limits stand in their way. */
import { describe, expect, test } from 'vitest';
import type { KubeObject, Pod } from '../../../../src/core/api/types';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { TestCluster } from '../../../support/cluster';
import { limitsOf, make, podOf, quotaOf, refusal, used } from '../../../support/limits';

const quota = (test: TestCluster, name = 'q'): KubeObject =>
  test.store.get<KubeObject>('resourcequotas', 'default', name) as KubeObject;

const hard = (test: TestCluster, amounts: Record<string, string>): void => {
  test.store.update({ ...quota(test), spec: { hard: amounts } });
  test.cluster.drain();
};

describe('a quota', () => {
  test('knows at once what is used already', () => {
    const test = new TestCluster();
    test.apply({ replicas: 2, claims: ['data'] });
    test.settle();
    make(test, quotaOf('q', { pods: '1', 'requests.storage': '1Gi' }));
    expect(quota(test).status).toEqual({
      hard: { pods: '1', 'requests.storage': '1Gi' },
      used: { pods: '2', 'requests.storage': '2Gi' },
    });
  });

  test('that limits something else counts that instead', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '5' }));
    make(test, podOf('a', { requests: { cpu: '1' } }));
    hard(test, { 'requests.cpu': '2' });
    expect(quota(test).status).toEqual({ hard: { 'requests.cpu': '2' }, used: { 'requests.cpu': '1' } });
  });

  test('gives back what is gone', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '5', persistentvolumeclaims: '5', 'count/statefulsets.apps': '5' }));
    test.apply({ replicas: 3, claims: ['data'] });
    test.settle();
    expect(used(test)).toBe('count/statefulsets.apps=1,persistentvolumeclaims=3,pods=3');
    test.scale(1);
    test.settle();
    expect(used(test)).toBe('count/statefulsets.apps=1,persistentvolumeclaims=3,pods=1');
    test.store.delete('statefulsets.apps', 'default', 'web');
    test.settle();
    expect(used(test)).toBe('count/statefulsets.apps=0,persistentvolumeclaims=3,pods=0');
  });

  test('is not written where nothing has changed', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '5' }));
    const { resourceVersion } = quota(test).metadata;
    test.store.update({ ...quota(test), metadata: { ...quota(test).metadata, labels: { a: 'b' } } });
    test.cluster.drain();
    expect(Number(quota(test).metadata.resourceVersion)).toBe(Number(resourceVersion) + 1);
  });

  test('counts a custom kind once it is defined', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { 'count/widgets.example.com': '1' }));
    expect(used(test)).toBe('');
    make(test, {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    const widget = (name: string) => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name, namespace: 'default' },
    });
    make(test, widget('a'));
    expect(used(test)).toBe('count/widgets.example.com=1');
    expect(refusal(() => test.store.create(widget('b')))).toContain('exceeded quota: q');
    test.store.delete('widgets.example.com', 'default', 'a');
    test.cluster.drain();
    expect(used(test)).toBe('count/widgets.example.com=0');
  });

  test('forgets a pod that outlives its grace period, with its next full count', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '5' }));
    make<Pod>(test, podOf('a'));
    test.settle();
    // Nobody there ends it.
    test.cluster.fail({ target: 'node', what: 'lost', name: 'node-1' });
    test.deletePod('a', 30);
    test.cluster.advanceTo(test.cluster.now + 60_000);
    expect(used(test)).toBe('pods=1');
    test.cluster.advanceTo(test.cluster.now + 300_000);
    expect(used(test)).toBe('pods=0');
  });
});

describe('a set', () => {
  test('is told what is refused, tries again, and goes on when there is room', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '1' }));
    test.apply({ replicas: 2 });
    test.settle();
    expect(test.podNames()).toEqual(['web-0']);
    const refused = (count: number): string =>
      'Warning FailedCreate Create Pod web-1 in StatefulSet web failed error: pods "web-1" is forbidden: ' +
      `exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1 (x${count})`;
    const told = test.events('StatefulSet', 'web');
    expect(told).toEqual([
      'Normal SuccessfulCreate Create Pod web-0 in StatefulSet web successful',
      refused(Number(/x(\d+)\)$/.exec(told[1] ?? '')?.[1])),
    ]);
    hard(test, { pods: '2' });
    // Nobody tells the controller: it finds out with its next try.
    expect(test.podNames()).toEqual(['web-0']);
    test.cluster.advanceTo(test.cluster.now + 60_000);
    expect(test.podNames()).toEqual(['web-0', 'web-1']);
    expect(used(test)).toBe('pods=2');
  });

  test('is told of claims too, of each of them', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { 'requests.storage': '1500Mi' }));
    test.apply({ replicas: 1, claims: ['a', 'b', 'c'] });
    test.cluster.drain();
    const words = (claim: string): string =>
      `persistentvolumeclaims "${claim}-web-0" is forbidden: exceeded quota: q, requested: requests.storage=1Gi, used: requests.storage=1Gi, limited: requests.storage=1500Mi`;
    expect(test.events('StatefulSet', 'web').map((event) => event.replace(/ \(x\d+\)$/, ''))).toEqual([
      'Normal SuccessfulCreate Create Claim a-web-0 Pod web-0 in StatefulSet web success',
      `Warning FailedCreate Create Claim b-web-0 for Pod web-0 in StatefulSet web failed error: ${words('b')}`,
      `Warning FailedCreate Create Claim c-web-0 for Pod web-0 in StatefulSet web failed error: ${words('c')}`,
      'Warning FailedCreate Create Pod web-0 in StatefulSet web failed error: ' +
        `[failed to create PVC b-web-0: ${words('b')}, failed to create PVC c-web-0: ${words('c')}]`,
    ]);
    expect(test.claimNames()).toEqual(['a-web-0']);
    expect(test.podNames()).toEqual([]);
  });

  test('replaces its pods one by one in a quota that is full', () => {
    const test = new TestCluster();
    make(test, quotaOf('q', { pods: '3', 'limits.memory': '3Gi' }));
    make(test, limitsOf('lim', { type: 'Container', default: { memory: '1Gi' } }));
    test.apply();
    test.settle();
    test.setImage('nginx:2');
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:2', 'web-1 nginx:2', 'web-2 nginx:2']);
    expect(used(test)).toBe('limits.memory=3Gi,pods=3');
    expect(test.events('StatefulSet', 'web').filter((event) => event.startsWith('Warning'))).toEqual([]);
  });

  test('that asks for more than limits allow gets no pods', () => {
    const test = new TestCluster();
    make(test, limitsOf('lim', { type: 'PersistentVolumeClaim', max: { storage: '500Mi' } }));
    test.apply({ replicas: 1, claims: ['data'] });
    test.settle();
    expect(test.podNames()).toEqual([]);
    expect(test.events('StatefulSet', 'web')[0]).toContain(
      'Create Claim data-web-0 for Pod web-0 in StatefulSet web failed error: persistentvolumeclaims "data-web-0" is forbidden: maximum storage usage per PersistentVolumeClaim is 500Mi, but request is 1Gi',
    );
  });
});

describe('a cluster that is loaded', () => {
  const reload = (test: TestCluster): TestCluster => {
    const cluster = Cluster.restore(JSON.parse(JSON.stringify(test.cluster.snapshot())));
    return Object.assign(new TestCluster(), { cluster });
  };

  test('goes on counting where it was', () => {
    const first = new TestCluster();
    make(first, quotaOf('q', { pods: '2' }));
    first.apply({ replicas: 2 });
    first.settle();
    const test = reload(first);
    expect(refusal(() => test.store.create(podOf('other')))).toContain('exceeded quota: q');
    test.deletePod('web-1', 0);
    test.settle();
    expect(used(test)).toBe('pods=2');
  });

  test('remembers of an imported quota what is used elsewhere', () => {
    const first = new TestCluster();
    const status = { hard: { pods: '10' }, used: { pods: '8' } };
    const metadata = {
      name: 'q',
      namespace: 'default',
      uid: 'a-quota',
      resourceVersion: '',
      creationTimestamp: '2026-01-01T00:00:00Z',
    };
    // As an import puts it: a set of three pods out of a namespace with eight.
    first.apply({ replicas: 3 });
    first.settle();
    first.store.storage.put('resourcequotas', { ...quotaOf('q', { pods: '10' }), metadata, status });
    first.cluster.drain();
    expect(used(first)).toBe('pods=8');
    const test = reload(first);
    test.scale(6);
    test.settle();
    expect([test.podNames().length, used(test)]).toEqual([5, 'pods=10']);
    test.scale(1);
    test.settle();
    expect(used(test)).toBe('pods=6');
  });
});
