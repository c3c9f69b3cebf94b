/** Random lives under a disruption budget: no eviction that is admitted breaks it, counted from the pods alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../../src/core/api/status';
import type { Pod, StatefulSet } from '../../../src/core/api/types';
import { evict } from '../../../src/core/apiserver/eviction';
import { resourceKey } from '../../../src/core/apiserver/storage';
import { Cluster } from '../../../src/core/simulation/cluster';
import { setNodes } from '../../../src/core/simulation/nodes';
import { TestCluster } from '../../support/cluster';

const RUNS = process.env.STSCTL_TEST_LONG ? 2000 : 80;
const NODES = 3;
const REFUSALS = ['TooManyRequests', 'NotFound'];

const amount = fc.constantFrom<number | string>(0, 1, 2, 3, '0%', '34%', '50%', '100%');
const spec = fc.record({
  limit: fc.constantFrom('minAvailable' as const, 'maxUnavailable' as const),
  amount,
  policy: fc.constantFrom(undefined, 'IfHealthyBudget', 'AlwaysAllow'),
});
type Budget = typeof spec extends fc.Arbitrary<infer T> ? T : never;

const pick = fc.nat(6);
const node = fc.nat(NODES - 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('evict' as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('drain' as const), node }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), pick, force: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      pick,
      what: fc.constantFrom('unready', 'stuck-terminating', 'crash', 'evicted'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('heal' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), node }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scale' as const), replicas: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(300, 1000, 5000, 90_000, 400_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const isHealthy = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

class Life {
  readonly world = new TestCluster();
  readonly wrong: string[] = [];
  admitted = 0;

  constructor(private readonly budget: Budget) {
    setNodes(this.world.store, NODES);
    this.world.apply({ replicas: 4, spec: { podManagementPolicy: 'Parallel' } });
    this.world.store.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        [budget.limit]: budget.amount,
        ...(budget.policy && { unhealthyPodEvictionPolicy: budget.policy }),
        selector: { matchLabels: { app: 'nginx' } },
      },
    });
    this.world.settle();
    this.listen();
  }

  private listen(): void {
    const alive = new Set(this.world.podNames());
    this.world.cluster.onEvent((event) => {
      if (resourceKey(event.resource) !== 'pods') return;
      const { name } = event.object.metadata;
      if (event.type === 'ADDED' && alive.has(name)) this.wrong.push(`${name} is there twice`);
      if (event.type === 'ADDED') alive.add(name);
      if (event.type === 'DELETED') alive.delete(name);
    });
  }

  /** How many pods must stay healthy. */
  private desired(): number {
    const { limit, amount } = this.budget;
    const { replicas } = (this.world.set() as StatefulSet).spec;
    const number = typeof amount === 'number' ? amount : Math.ceil((Number.parseInt(amount, 10) * replicas) / 100);
    return limit === 'minAvailable' ? number : Math.max(0, replicas - number);
  }

  private evict(name: string): void {
    const { world } = this;
    const before = world.pods();
    const pod = before.find(({ metadata }) => metadata.name === name);
    const healthy = before.filter(isHealthy).length;
    try {
      evict(world.store, 'default', name, {}, world.cluster.now);
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSALS.includes(error.reason)) throw error;
      return;
    }
    const isFree = !pod || pod.metadata.deletionTimestamp !== undefined || pod.status.phase !== 'Running';
    if (isFree) return;
    this.admitted += 1;
    const isMet = isHealthy(pod)
      ? healthy - 1 >= this.desired()
      : this.budget.policy === 'AlwaysAllow' || healthy >= this.desired();
    if (!isMet) this.wrong.push(`${name} was evicted, ${healthy} healthy of ${this.desired()} wanted`);
  }

  do(step: Step): void {
    const { world } = this;
    const { cluster, store } = world;
    const pod = 'pick' in step ? world.pods()[step.pick] : undefined;
    switch (step.do) {
      case 'evict':
        cluster.flush();
        if (pod) this.evict(pod.metadata.name);
        break;
      case 'drain':
        // All at once, as drain does: the budget is not counted anew in between.
        cluster.flush();
        for (const { metadata, spec } of world.pods())
          if (spec.nodeName === `node-${step.node + 1}`) this.evict(metadata.name);
        break;
      case 'delete':
        if (pod) store.delete('pods', 'default', pod.metadata.name, step.force ? { gracePeriodSeconds: 0 } : {});
        break;
      case 'fail':
        if (pod) cluster.fail({ target: 'pod', what: step.what, namespace: 'default', name: pod.metadata.name });
        break;
      case 'lose':
        cluster.fail({ target: 'node', what: 'lost', name: `node-${step.node + 1}`, forMs: 120_000 });
        break;
      case 'heal': {
        const faults = cluster.faults.list();
        const fault = faults[step.pick % Math.max(1, faults.length)];
        if (fault) cluster.heal(fault.id);
        break;
      }
      case 'scale':
        world.scale(step.replicas);
        break;
      case 'reload': {
        const copy = Cluster.restore(JSON.parse(JSON.stringify(cluster.snapshot())));
        copy.store.storage.freeze = true;
        Object.assign(world, { cluster: copy });
        this.listen();
        break;
      }
      case 'pass':
        cluster.advanceTo(cluster.now + step.ms);
        break;
    }
    world.cluster.drain();
  }
}

test('evictions that are admitted leave the budget met, and no pod is there twice', () => {
  let admitted = 0;
  fc.assert(
    fc.property(spec, fc.array(step, { minLength: 5, maxLength: 30 }), (budget, steps) => {
      const life = new Life(budget);
      for (const one of steps) life.do(one);
      expect(life.wrong).toEqual([]);
      admitted += life.admitted;
    }),
    { numRuns: RUNS },
  );
  expect(admitted).toBeGreaterThan(RUNS / 2);
});
