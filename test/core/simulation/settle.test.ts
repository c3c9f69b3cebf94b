/** When a cluster has settled: what failed is tried once more where it would go well by now, and hopeless tries end nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import type { KubeObject, Manifest, Pod } from '../../../src/core/api/types';
import { Cluster } from '../../../src/core/simulation/cluster';
import { TestCluster } from '../../support/cluster';
import { limitsOf, make, quotaOf } from '../../support/limits';

const RUNS = process.env.STSCTL_TEST_LONG ? 1000 : 200;
const MINUTE = 60_000;

/** A set of three that a quota keeps at two; its controller holds back for minutes. */
function refused(held: number): TestCluster {
  const test = new TestCluster();
  make(test, quotaOf('q', { pods: '2' }));
  test.apply({ replicas: 3 });
  test.settle();
  test.cluster.advanceTo(test.cluster.now + held);
  expect(test.podNames()).toEqual(['web-0', 'web-1']);
  return test;
}

function raise(test: TestCluster, pods: string): void {
  const quota = test.store.get<KubeObject>('resourcequotas', 'default', 'q') as KubeObject;
  test.store.update({ ...quota, spec: { hard: { pods } } });
  test.cluster.drain();
}

const priorityClass: Manifest = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: 'high' },
  value: 1000,
};

describe('settle', () => {
  it('waits for the try that a raised quota lets through', () => {
    const test = refused(MINUTE);
    raise(test, '3');
    expect(test.cluster.isSettled()).toBe(false);
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
    expect(test.set().status.readyReplicas).toBe(3);
  });

  it('knows so in a cluster that was loaded', () => {
    const test = refused(MINUTE);
    raise(test, '3');
    const loaded = Cluster.restore(JSON.parse(JSON.stringify(test.cluster.snapshot())));
    loaded.settle();
    expect(loaded.store.get<Pod>('pods', 'default', 'web-2')?.status.phase).toBe('Running');
  });

  it('ends at once where the next try would fail again', () => {
    const test = refused(MINUTE);
    raise(test, '1');
    const { now } = test.cluster;
    test.settle();
    expect(test.cluster.now - now).toBeLessThan(1000);
  });

  it('ends at once where a container crashes beside a hopeless try', () => {
    const test = refused(MINUTE);
    test.cluster.fail({ target: 'pod', namespace: 'default', name: 'web-0', what: 'crash', untilHealed: true });
    test.settle();
    test.cluster.advanceTo(test.cluster.now + 30 * MINUTE);
    const { now } = test.cluster;
    test.settle();
    expect(test.cluster.now - now).toBeLessThan(1000);
  });

  it('plays to its end where the try comes after it, and goes on from there', () => {
    const test = refused(11 * MINUTE);
    raise(test, '3');
    const { now } = test.cluster;
    test.settle();
    expect(test.cluster.now - now).toBe(10 * MINUTE);
    expect(test.cluster.isSettled()).toBe(false);
    test.settle();
    expect(test.cluster.isSettled()).toBe(true);
    expect(test.set().status.readyReplicas).toBe(3);
  });

  it('waits for the try after a missing priority class was made', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1 });
    test.edit((spec) => ({
      ...spec,
      replicas: 2,
      template: { ...spec.template, spec: { ...spec.template.spec, priorityClassName: 'high' } },
    }));
    test.settle();
    test.cluster.advanceTo(test.cluster.now + MINUTE);
    make(test, priorityClass);
    test.settle();
    expect(test.set().status.readyReplicas).toBe(2);
  });

  it('waits for the try after a limit range that was in the way has gone', () => {
    const test = new TestCluster();
    make(test, limitsOf('most', { type: 'Pod', max: { memory: '1Gi' } }));
    test.apply({ replicas: 1 });
    test.settle();
    expect(test.podNames()).toEqual([]);
    test.cluster.advanceTo(test.cluster.now + MINUTE);
    test.store.delete('limitranges', 'default', 'most');
    test.settle();
    expect(test.set().status.readyReplicas).toBe(1);
  });
});

type Step =
  | { readonly do: 'quota' | 'scale'; readonly pods: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'fail'; readonly what: 'crash' | 'unready' | 'evicted'; readonly pod: number }
  | { readonly do: 'refuse'; readonly verb: 'create' | 'delete'; readonly forMs: number }
  | { readonly do: 'heal' | 'class' | 'settle' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('quota' as const, 'scale' as const), pods: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(20 * MINUTE) }) },
  fc.record({
    do: fc.constant('fail' as const),
    what: fc.constantFrom('crash' as const, 'unready' as const, 'evicted' as const),
    pod: fc.nat(3),
  }),
  fc.record({
    do: fc.constant('refuse' as const),
    verb: fc.constantFrom('create' as const, 'delete' as const),
    forMs: fc.nat(15 * MINUTE),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('heal' as const, 'class' as const, 'settle' as const) }) },
);

function take(test: TestCluster, each: Step): void {
  const { cluster } = test;
  switch (each.do) {
    case 'quota':
      raise(test, String(each.pods));
      break;
    case 'scale':
      test.scale(each.pods);
      break;
    case 'advance':
      cluster.advanceTo(cluster.now + each.ms);
      break;
    case 'fail':
      cluster.fail({ target: 'pod', namespace: 'default', name: `web-${each.pod}`, what: each.what });
      break;
    case 'refuse':
      cluster.fail({ target: 'api', what: each.verb, resource: 'pods', code: 500, forMs: each.forMs });
      break;
    case 'heal':
      cluster.heal(cluster.faults.list()[0]?.id ?? '');
      break;
    case 'class':
      if (test.store.get('priorityclasses.scheduling.k8s.io', '', 'high'))
        test.store.delete('priorityclasses.scheduling.k8s.io', '', 'high');
      else test.store.create(priorityClass);
      cluster.drain();
      break;
    case 'settle':
      cluster.settle();
  }
}

/** All objects but Events. Where containers crash and crash, what that changes is left out: what the pods' status says. */
function seen(cluster: Cluster): string[] {
  const isLooping = cluster.faults.list().some(({ what }) => what === 'crash');
  return cluster
    .snapshot()
    .objects.filter(({ kind }) => !isLooping || !['Endpoints', 'EndpointSlice'].includes(kind))
    .map(({ kind, metadata: { uid, deletionTimestamp }, ...rest }) =>
      JSON.stringify([kind, uid, deletionTimestamp, isLooping || rest]),
    );
}

describe('a settled cluster', () => {
  it('has the same pods and claims twenty minutes later, whatever was done to it', () => {
    const life = fc.record({
      replicas: fc.nat(4),
      claims: fc.boolean(),
      classed: fc.boolean(),
      seed: fc.nat(1000),
      steps: fc.array(step, { minLength: 2, maxLength: 12 }),
    });
    fc.assert(
      fc.property(life, ({ replicas, claims, classed, seed, steps }) => {
        const test = new TestCluster({ seed });
        make(test, quotaOf('q', { pods: '2' }));
        if (classed) test.store.create(priorityClass);
        const base = { replicas, claims: claims ? ['data'] : [] };
        test.apply(base);
        if (classed)
          test.edit((spec) => ({
            ...spec,
            template: { ...spec.template, spec: { ...spec.template.spec, priorityClassName: 'high' } },
          }));
        for (const each of steps) {
          try {
            take(test, each);
          } catch (error) {
            if (!(error instanceof ApiError)) throw error;
          }
        }
        const { cluster } = test;
        const from = cluster.now;
        cluster.settle();
        if (!cluster.isSettled()) {
          expect(cluster.now - from).toBe(10 * MINUTE);
          return;
        }
        const before = seen(cluster);
        cluster.advanceTo(cluster.now + 20 * MINUTE);
        expect(seen(cluster)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });
});
