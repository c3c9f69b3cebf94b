/** Explanations of clusters in memory: nodes out of reach, refusals, what a loaded cluster knows, and what asking costs. */
import { describe, expect, test } from 'vitest';
import { forbidden } from '../../../src/core/api/status';
import type { Pod } from '../../../src/core/api/types';
import { Cluster } from '../../../src/core/simulation/cluster';
import { type Explanation, explain } from '../../../src/core/simulation/why';
import { START, TestCluster } from '../../support/cluster';

const why = (cluster: Cluster, kind = 'StatefulSet', name = 'web'): Explanation =>
  explain(cluster, { kind, namespace: 'default', name });

const reload = (cluster: Cluster): Cluster => Cluster.restore(JSON.parse(JSON.stringify(cluster.snapshot())));

test('a node that is gone leaves its pods Terminating', () => {
  const test = new TestCluster();
  test.apply();
  test.settle();
  test.store.delete('nodes', '', 'node-1');
  expect(why(test.cluster, 'Pod', 'web-1').reasons.map(({ rule, message }) => [rule, message])).toEqual([
    ['node-lost', 'node node-1 does not exist, and nobody knows what web-1 is doing there'],
  ]);
  test.store.delete('pods', 'default', 'web-1');
  const [told] = why(test.cluster).reasons;
  expect([told?.rule, told?.endsAlone, told?.remedy]).toEqual([
    'pod-terminating',
    false,
    ['delete pod web-1 --force --grace-period=0'],
  ]);
});

test('a finalizer that came from a template is named for each pod', () => {
  const test = new TestCluster();
  test.apply({ replicas: 1 });
  test.settle();
  const pod = test.pod('web-0') as Pod;
  test.store.update({ ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/hold'] } });
  test.deletePod('web-0', 0);
  test.cluster.settle();
  expect(why(test.cluster, 'Pod', 'web-0').reasons.map(({ rule }) => rule)).toEqual(['finalizer']);
});

describe('a refusal of the API server', () => {
  const refusing = (): TestCluster => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.settle();
    test.store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-1', namespace: 'default', labels: { app: 'mine' } },
      spec: { containers: [{ name: 'a', image: 'nginx' }] },
    });
    test.scale(2);
    test.settle();
    return test;
  };

  test('is told as long as it lasts, in a cluster just loaded too', () => {
    const test = refusing();
    const [told] = why(test.cluster).reasons;
    expect([told?.rule, told?.on?.name]).toEqual(['name-taken', 'web-1']);
    expect(why(reload(test.cluster))).toEqual(why(test.cluster));
  });

  test('that would not come again is only waited for until the next try', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.settle();
    test.store.beforeWrite = ({ verb, key }) => {
      if (verb === 'create' && key === 'pods')
        throw forbidden({ group: '', plural: 'pods' }, 'web-1', 'exceeded quota: small');
    };
    test.scale(2);
    const [refused] = explain(test.cluster, { kind: 'StatefulSet', namespace: 'default', name: 'web' }).reasons;
    test.store.beforeWrite = undefined;
    // The copy that is asked knows nothing of what stood in the way.
    expect(refused?.rule).toBe('retry');
    expect(refused?.message).toBe(
      'the controller creates web-1 at its next try; the last one failed: Create Pod web-1 in StatefulSet web failed error: ' +
        'pods "web-1" is forbidden: exceeded quota: small',
    );
    expect([refused?.endsAlone, refused?.until]).toEqual([true, test.cluster.now + 5]);
    test.settle();
    expect(why(test.cluster).reasons).toEqual([]);
  });
});

describe('asking', () => {
  const broken = (replicas = 3): TestCluster => {
    const test = new TestCluster();
    test.apply({ replicas, claims: ['data'], spec: { podManagementPolicy: 'Parallel' } });
    test.settle();
    test.setImage('nginx:does-not-exist');
    test.settle();
    return test;
  };

  test('changes nothing', () => {
    const { cluster } = broken();
    const before = JSON.stringify(cluster.snapshot());
    const { version } = cluster;
    for (const [kind, name] of [
      ['StatefulSet', 'web'],
      ['Pod', 'web-2'],
      ['PersistentVolumeClaim', 'data-web-0'],
    ] as const)
      why(cluster, kind, name);
    expect(cluster.version).toBe(version);
    expect(JSON.stringify(cluster.snapshot())).toBe(before);
  });

  test('of a cluster just loaded gives the same answer', () => {
    const { cluster } = broken();
    expect(why(reload(cluster))).toEqual(why(cluster));
  });

  test('names the one pod among a thousand replicas', () => {
    const { cluster } = broken(1000);
    const { summary, reasons } = why(cluster);
    expect([summary.slice(0, 31), reasons.map(({ rule }) => rule)]).toEqual([
      '999 of 1000 replicas are ready,',
      ['broken-revision'],
    ]);
  });

  test('of a thousand pods that are all in trouble', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1000, image: 'nginx:does-not-exist', spec: { podManagementPolicy: 'Parallel' } });
    test.settle();
    const { reasons } = why(test.cluster);
    expect(reasons.map(({ rule, message }) => [rule, message])).toEqual([
      [
        'broken-revision',
        `web-0, web-1, web-2, web-3, web-4 and 995 more do not become ready at revision ${test.set().status.updateRevision}, the latest one`,
      ],
    ]);
  });

  test('for what does not exist is a NotFound', () => {
    const { cluster } = new TestCluster();
    expect(() => why(cluster)).toThrow('statefulsets.apps "web" not found');
    expect(cluster.now).toBe(START);
  });
});
