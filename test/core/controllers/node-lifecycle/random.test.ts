/** Random lives of a StatefulSet on nodes that come and go: an identity is never worn twice, and nobody is buried alive. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../../src/core/api/status';
import type { Node, Pod } from '../../../../src/core/api/types';
import { evict } from '../../../../src/core/apiserver/eviction';
import { resourceKey } from '../../../../src/core/apiserver/storage';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { setNodes } from '../../../../src/core/simulation/nodes';
import { TestCluster } from '../../../support/cluster';

const RUNS = process.env.STSCTL_TEST_LONG ? 3000 : 80;
const NODES = 3;

const pick = fc.nat(8);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('lose' as const), node: fc.nat(NODES - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('heal' as const), node: fc.nat(NODES - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), pick, force: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('evict' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scale' as const), replicas: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('image' as const), n: fc.nat(3) }) },
  fc.record({ do: fc.constant('close' as const), node: fc.nat(NODES - 1), closed: fc.boolean() }),
  fc.record({ do: fc.constant('outOfService' as const), node: fc.nat(NODES - 1) }),
  fc.record({ do: fc.constant('reload' as const) }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 20_000, max: 400_000 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class Life {
  readonly world = new TestCluster();
  private readonly lost = new Map<string, string>();
  /** Uids of pods that somebody declared dead. */
  private readonly forced = new Set<string>();
  readonly broken: string[] = [];

  constructor(policy: 'OrderedReady' | 'Parallel') {
    setNodes(this.world.store, NODES);
    this.listen();
    this.world.apply({ spec: { podManagementPolicy: policy } });
    this.world.settle();
  }

  private listen(): void {
    const alive = new Map<string, string>();
    for (const { metadata } of this.world.pods()) alive.set(metadata.name, metadata.uid);
    this.world.cluster.onEvent((event) => {
      if (resourceKey(event.resource) !== 'pods') return;
      const pod = event.object as Pod;
      const { name, uid } = pod.metadata;
      if (event.type === 'ADDED' && alive.has(name)) this.broken.push(`${name} is there twice`);
      if (event.type === 'ADDED') alive.set(name, uid);
      if (event.type !== 'DELETED') {
        // What a node that is cut off does nobody knows: its pods don't start, end or get better.
        const old = event.old as Pod | undefined;
        const isDeaf = this.lost.has(pod.spec.nodeName ?? '');
        const said = (one: Pod | undefined) => JSON.stringify([one?.status.containerStatuses, one?.status.podIP]);
        if (isDeaf && old && said(old) !== said(pod)) this.broken.push(`${name} was heard of on a lost node`);
        return;
      }
      alive.delete(name);
      if (this.lost.has(pod.spec.nodeName ?? '') && pod.status.phase === 'Running' && !this.forced.has(uid))
        this.broken.push(`${name} went while it may be running on ${pod.spec.nodeName}`);
    });
  }

  do(step: Step): void {
    const { world } = this;
    const { store } = world;
    switch (step.do) {
      case 'lose': {
        const name = `node-${step.node + 1}`;
        if (!this.lost.has(name)) this.lost.set(name, world.cluster.fail({ target: 'node', what: 'lost', name }).id);
        break;
      }
      case 'heal': {
        const name = `node-${step.node + 1}`;
        const id = this.lost.get(name);
        this.lost.delete(name);
        if (id !== undefined) world.cluster.heal(id);
        break;
      }
      case 'delete':
      case 'evict': {
        const pod = world.pods()[step.pick];
        if (!pod) break;
        if (step.do === 'delete' && step.force) this.forced.add(pod.metadata.uid);
        try {
          if (step.do === 'evict') evict(store, 'default', pod.metadata.name, {}, world.cluster.now);
          else store.delete('pods', 'default', pod.metadata.name, step.force ? { gracePeriodSeconds: 0 } : {});
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
        break;
      }
      case 'scale':
        world.scale(step.replicas);
        break;
      case 'image':
        world.setImage(`nginx:${step.n}`);
        break;
      case 'close':
      case 'outOfService': {
        const node = store.get<Node>('nodes', '', `node-${step.node + 1}`) as Node;
        const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };
        const others = (node.spec.taints ?? []).filter(({ key }) => key !== taint.key);
        // Whoever declares a node out of service answers for its being off.
        if (step.do === 'outOfService' && others.length === (node.spec.taints ?? []).length)
          for (const pod of world.pods())
            if (pod.spec.nodeName === node.metadata.name) this.forced.add(pod.metadata.uid);
        const spec =
          step.do === 'close'
            ? { ...node.spec, unschedulable: step.closed }
            : { ...node.spec, taints: others.length === (node.spec.taints ?? []).length ? [...others, taint] : others };
        store.update({ ...node, spec });
        break;
      }
      case 'reload': {
        const copy = Cluster.restore(world.cluster.snapshot());
        copy.store.storage.freeze = true;
        Object.assign(world, { cluster: copy });
        this.listen();
        break;
      }
      case 'pass':
        world.cluster.advanceTo(world.cluster.now + step.ms);
        break;
    }
    world.cluster.drain();
    for (const pod of world.pods()) if (this.isDeclaredDead(pod)) this.forced.add(pod.metadata.uid);
  }

  private isDeclaredDead({ spec }: Pod): boolean {
    const node = this.world.store.get<Node>('nodes', '', spec.nodeName ?? '');
    return (node?.spec.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/out-of-service');
  }

  /** Once everything is well again the set is, too, and no trace is left. */
  end(): void {
    for (const name of [...this.lost.keys()]) this.do({ do: 'heal', node: Number(name.slice(5)) - 1 });
    for (const node of [...this.world.store.list<Node>('nodes')]) {
      const taints = (node.spec.taints ?? []).filter(({ key }) => key !== 'node.kubernetes.io/out-of-service');
      this.world.store.update({ ...node, spec: { ...node.spec, unschedulable: false, taints } });
    }
    this.world.cluster.drain();
    this.world.settle();
  }
}

describe('nodes that come and go', () => {
  test('at most one pod for an identity, and none goes that may still run, but by force', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('OrderedReady' as const, 'Parallel' as const),
        fc.array(step, { minLength: 4, maxLength: 25 }),
        (policy, steps) => {
          const life = new Life(policy);
          for (const one of steps) life.do(one);
          life.end();
          expect(life.broken).toEqual([]);
          const { world } = life;
          const set = world.set();
          expect(set.status.readyReplicas ?? 0).toBe(set.spec.replicas);
          expect(world.podNames()).toHaveLength(set.spec.replicas);
          for (const node of world.store.list<Node>('nodes')) expect(node.spec.taints ?? []).toEqual([]);
          const memory = Object.keys(world.cluster.snapshot().memory ?? {});
          expect(memory.filter((key) => !key.startsWith('kubelet/'))).toEqual([]);
          expect(world.cluster.isSettled()).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
