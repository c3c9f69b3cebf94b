/** Random lives in a namespace with quotas: nothing is admitted beyond them, and what is used is what is there. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ApiError } from '../../../../src/core/api/status';
import type { KubeObject, Pod, StatefulSet } from '../../../../src/core/api/types';
import { Quantity } from '../../../../src/core/meta/quantity';
import { TestCluster } from '../../../support/cluster';
import { claimOf, make, podOf, quotaOf } from '../../../support/limits';

const RUNS = process.env.STSCTL_TEST_LONG ? 1000 : 120;

const amount = fc.constantFrom('100m', '250m', '1', '1500m');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('scale' as const), replicas: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pod' as const), name: fc.nat(5), cpu: amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const), name: fc.nat(5), size: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deletePod' as const), pick: fc.nat(9), force: fc.boolean() }) },
  fc.record({ do: fc.constant('deleteClaim' as const), pick: fc.nat(9) }),
  fc.record({ do: fc.constant('end' as const), pick: fc.nat(9) }),
  fc.record({ do: fc.constant('hard' as const), pods: fc.nat(7), cpu: fc.nat(5), storage: fc.nat(6) }),
  fc.record({ do: fc.constant('image' as const), tag: fc.nat(3) }),
  fc.record({ do: fc.constant('dryRun' as const) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(20_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const hardOf = (pods: number, cpu: number, storage: number): Record<string, string> => ({
  pods: String(pods),
  'count/pods': '20',
  'requests.cpu': String(cpu),
  'requests.storage': `${storage}Gi`,
  persistentvolumeclaims: '6',
});

const listOf = (quota: KubeObject, field: 'hard' | 'used'): Map<string, Quantity> => {
  const status = (quota.status ?? {}) as Record<string, Record<string, string> | undefined>;
  return new Map(Object.entries(status[field] ?? {}).map(([name, text]) => [name, Quantity.parse(text)]));
};

class Life {
  readonly test = new TestCluster();

  constructor() {
    make(this.test, quotaOf('q', hardOf(5, 4, 5)));
    this.test.apply({ replicas: 2, claims: ['data'], spec: templateAsking('250m') });
    // Whoever writes a quota: it never grows past what it allows.
    this.test.cluster.onEvent(({ type, object, old }) => {
      if (object.kind !== 'ResourceQuota' || type !== 'MODIFIED' || !old || this.test.store.actor === 'resourcequota')
        return;
      const [used, before, hard] = [listOf(object, 'used'), listOf(old, 'used'), listOf(object, 'hard')];
      for (const [name, now] of used) {
        const grew = now.compare(before.get(name) ?? now) > 0;
        if (grew) expect(now.compare(hard.get(name) ?? now), `${name} beyond its limit`).toBeLessThanOrEqual(0);
      }
    });
  }

  get quota(): KubeObject {
    return this.test.store.get<KubeObject>('resourcequotas', 'default', 'q') as KubeObject;
  }

  play(one: Step): void {
    const { test } = this;
    const pods = test.pods();
    switch (one.do) {
      case 'scale':
        test.scale(one.replicas);
        break;
      case 'pod':
        make(test, podOf(`own-${one.name}`, { requests: { cpu: one.cpu } }));
        break;
      case 'claim':
        make(test, claimOf(`own-${one.name}`, `${one.size + 1}Gi`));
        break;
      case 'dryRun':
        test.store.create(podOf('dry', { requests: { cpu: '100m' } }), { dryRun: true });
        break;
      case 'deletePod': {
        const pod = pods[one.pick % Math.max(1, pods.length)];
        if (pod) test.deletePod(pod.metadata.name, one.force ? 0 : undefined);
        break;
      }
      case 'deleteClaim': {
        const names = test.claimNames();
        const name = names[one.pick % Math.max(1, names.length)];
        if (name) test.store.delete('persistentvolumeclaims', 'default', name);
        break;
      }
      case 'end': {
        const pod = pods[one.pick % Math.max(1, pods.length)];
        if (pod) test.store.updateStatus<Pod>(pod, { ...pod.status, phase: 'Succeeded' });
        break;
      }
      case 'hard':
        test.store.update({ ...this.quota, spec: { hard: hardOf(one.pods, one.cpu, one.storage) } });
        break;
      case 'image':
        test.setImage(`nginx:${one.tag}`);
        break;
      case 'advance':
        test.cluster.advanceTo(test.cluster.now + one.ms);
        break;
    }
  }

  /** Counted by hand. */
  check(): void {
    const pods = this.test.pods();
    const live = pods.filter(({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed');
    const claims = [...this.test.store.list('persistentvolumeclaims', 'default')] as (KubeObject & {
      spec: { resources: { requests: { storage: string } } };
    })[];
    const sum = (texts: readonly string[]): Quantity =>
      texts.reduce((total, text) => total.add(Quantity.parse(text)), Quantity.parse('0'));
    const expected: Record<string, Quantity> = {
      pods: sum(live.map(() => '1')),
      'count/pods': sum(pods.map(() => '1')),
      'requests.cpu': sum(live.map(({ spec }) => spec.containers[0]?.resources?.requests?.cpu ?? '0')),
      persistentvolumeclaims: sum(claims.map(() => '1')),
      'requests.storage': sum(claims.map(({ spec }) => spec.resources.requests.storage)),
    };
    const used = Object.fromEntries([...listOf(this.quota, 'used')].map(([name, amount]) => [name, amount.toString()]));
    const text = Object.fromEntries(Object.entries(expected).map(([name, amount]) => [name, amount.toString()]));
    expect(Object.keys(used).sort()).toEqual(Object.keys(text).sort());
    for (const [name, amount] of Object.entries(expected))
      expect(Quantity.parse(used[name] as string).compare(amount), `${name}: ${used[name]} for ${amount}`).toBe(0);
  }
}

const templateAsking = (cpu: string): Partial<StatefulSet['spec']> => ({
  podManagementPolicy: 'Parallel',
  template: {
    metadata: { labels: { app: 'nginx' } },
    spec: { containers: [{ name: 'nginx', image: 'nginx:1', resources: { requests: { cpu } } }] },
  },
});

it('what is used is what is there, and never more than was allowed when it came', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const life = new Life();
      for (const one of steps) {
        try {
          life.play(one);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
        life.test.cluster.drain();
        life.check();
      }
      life.test.settle();
      life.check();
    }),
    { numRuns: RUNS, ...(process.env.STSCTL_TEST_LONG ? {} : { seed: 1736 }) },
  );
});
