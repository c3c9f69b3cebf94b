/** Random lives of a StatefulSet: commands, failures and clock steps, with every promise asserted at every instant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError, badRequest } from '../../../../src/core/api/status';
import type { Pod, RetentionAction, StatefulSetSpec } from '../../../../src/core/api/types';
import { TestCluster, withImage } from '../../../support/cluster';
import { Invariants } from '../../../support/invariants';

const RUNS = process.env.STSCTL_TEST_LONG ? 3000 : 400;
const IMAGES = ['nginx:1', 'nginx:2', 'nginx:3'];

type Step =
  | { do: 'scale'; replicas: number }
  | { do: 'image'; image: string }
  | { do: 'partition'; partition: number }
  | { do: 'strategy'; type: 'RollingUpdate' | 'OnDelete' }
  | { do: 'retention'; whenDeleted: RetentionAction; whenScaled: RetentionAction }
  | { do: 'start'; start: number }
  | { do: 'minReady'; seconds: number }
  | { do: 'deletePod'; pick: number; force: boolean }
  | { do: 'endPod'; pick: number; phase: 'Failed' | 'Succeeded' }
  | { do: 'unready'; pick: number; ready: boolean }
  | { do: 'deleteClaim'; pick: number }
  | { do: 'relabel'; pick: number }
  | { do: 'failCalls'; verb: 'create' | 'update' | 'status' | 'delete'; count: number }
  | { do: 'advance'; ms: number }
  | { do: 'settle' };

const retention = fc.constantFrom<RetentionAction>('Retain', 'Delete');
const pick = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('scale' as const), replicas: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('image' as const), image: fc.constantFrom(...IMAGES) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('partition' as const), partition: fc.nat(5) }) },
  fc.record({
    do: fc.constant('strategy' as const),
    type: fc.constantFrom('RollingUpdate' as const, 'OnDelete' as const),
  }),
  fc.record({ do: fc.constant('retention' as const), whenDeleted: retention, whenScaled: retention }),
  fc.record({ do: fc.constant('start' as const), start: fc.nat(3) }),
  fc.record({ do: fc.constant('minReady' as const), seconds: fc.nat(4) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deletePod' as const), pick, force: fc.boolean() }) },
  fc.record({
    do: fc.constant('endPod' as const),
    pick,
    phase: fc.constantFrom('Failed' as const, 'Succeeded' as const),
  }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unready' as const), pick, ready: fc.boolean() }) },
  fc.record({ do: fc.constant('deleteClaim' as const), pick }),
  fc.record({ do: fc.constant('relabel' as const), pick }),
  fc.record({
    do: fc.constant('failCalls' as const),
    verb: fc.constantFrom('create' as const, 'update' as const, 'status' as const, 'delete' as const),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  { weight: 8, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 4000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
);

const life = fc.record({
  policy: fc.constantFrom('OrderedReady' as const, 'Parallel' as const),
  claims: fc.boolean(),
  gate: fc.boolean(),
  maxUnavailable: fc.constantFrom<number | string>(1, 2, 3, '40%'),
  historyLimit: fc.constantFrom(0, 1, 10),
  replicas: fc.nat(5),
  steps: fc.array(step, { minLength: 5, maxLength: 30 }),
});

class Life {
  readonly test: TestCluster;
  readonly invariants: Invariants;
  private failing: { verb: string; left: number } | undefined;

  constructor(private readonly start: typeof life extends fc.Arbitrary<infer T> ? T : never) {
    this.test = new TestCluster({ gates: { MaxUnavailableStatefulSet: start.gate } });
    this.invariants = new Invariants(this.test);
    this.test.store.beforeWrite = ({ actor, verb }) => {
      if (actor !== 'statefulset' || this.failing?.verb !== verb || this.failing.left === 0) return;
      this.failing.left -= 1;
      throw badRequest('made to fail');
    };
    this.test.apply({
      replicas: start.replicas,
      image: IMAGES[0],
      claims: start.claims ? ['data'] : [],
      spec: {
        podManagementPolicy: start.policy,
        revisionHistoryLimit: start.historyLimit,
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { partition: 0, maxUnavailable: start.maxUnavailable },
        },
      } as Partial<StatefulSetSpec>,
    });
  }

  play(): void {
    for (const each of this.start.steps) {
      this.take(each);
      this.rest();
    }
    this.failing = undefined;
    for (const pod of this.test.pods()) this.setReady(pod, true);
    this.test.settle();
    this.invariants.settled = true;
    this.invariants.assertAtRest();
    this.assertConverged();
  }

  private rest(): void {
    this.test.cluster.drain();
    if (!this.failing || this.failing.left === 0) {
      // A failed write is tried again a moment later; until then the status may lag.
      if (!this.isRetrying()) this.invariants.assertAtRest();
    } else {
      expect(this.invariants.broken).toEqual([]);
    }
  }

  private isRetrying(): boolean {
    return this.test.cluster.snapshot().timers.some((timer) => /retry|back-off/.test(timer.kind));
  }

  private someone(index: number): Pod | undefined {
    const pods = this.test.pods();
    return pods.length === 0 ? undefined : pods[index % pods.length];
  }

  private edit(change: (spec: StatefulSetSpec) => StatefulSetSpec): void {
    this.attempt(() => this.test.edit(change));
  }

  /** What the test itself does may be made to fail too. */
  private attempt(action: () => void): void {
    const failing = this.failing;
    this.failing = undefined;
    try {
      action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    } finally {
      this.failing = failing;
    }
  }

  private setReady(pod: Pod, ready: boolean): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    this.attempt(() => this.test.annotate(pod.metadata.name, 'stsctl.dev/ready', String(ready)));
  }

  private take(each: Step): unknown {
    const { test } = this;
    const strategy = (spec: StatefulSetSpec, rollingUpdate: object): StatefulSetSpec => ({
      ...spec,
      updateStrategy: {
        type: 'RollingUpdate',
        rollingUpdate: { ...spec.updateStrategy.rollingUpdate, ...rollingUpdate },
      },
    });
    switch (each.do) {
      case 'scale':
        return this.edit((spec) => ({ ...spec, replicas: each.replicas }));
      case 'image':
        return this.edit((spec) => withImage(spec, each.image));
      case 'partition':
        return this.edit((spec) => strategy(spec, { partition: each.partition }));
      case 'strategy':
        return this.edit((spec) =>
          each.type === 'OnDelete'
            ? { ...spec, updateStrategy: { type: 'OnDelete' } }
            : strategy(spec, { partition: 0 }),
        );
      case 'retention':
        return this.edit((spec) => ({
          ...spec,
          persistentVolumeClaimRetentionPolicy: { whenDeleted: each.whenDeleted, whenScaled: each.whenScaled },
        }));
      case 'start':
        return this.edit((spec) => ({ ...spec, ordinals: { start: each.start } }));
      case 'minReady':
        return this.edit((spec) => ({ ...spec, minReadySeconds: each.seconds }));
      case 'deletePod': {
        const pod = this.someone(each.pick);
        if (!pod) return;
        this.invariants.expectEnd(pod);
        return this.attempt(() => test.deletePod(pod.metadata.name, each.force ? 0 : undefined));
      }
      case 'endPod': {
        const pod = this.someone(each.pick);
        if (!pod?.spec.nodeName) return;
        return this.attempt(() => {
          test.store.updateStatus(pod, { ...pod.status, phase: each.phase });
          test.cluster.drain();
        });
      }
      case 'unready': {
        const pod = this.someone(each.pick);
        if (pod) this.setReady(pod, each.ready);
        return;
      }
      case 'deleteClaim': {
        const names = test.claimNames();
        const name = names[each.pick % Math.max(1, names.length)];
        if (name) this.attempt(() => void test.store.delete('persistentvolumeclaims', 'default', name));
        return;
      }
      case 'relabel': {
        const pod = this.someone(each.pick);
        if (!pod || pod.metadata.deletionTimestamp !== undefined) return;
        const released = pod.metadata.labels?.app !== 'nginx';
        const labels = { ...pod.metadata.labels, app: released ? 'nginx' : 'other' };
        return this.attempt(() => {
          test.store.update({ ...pod, metadata: { ...pod.metadata, labels } });
          test.cluster.drain();
        });
      }
      case 'failCalls':
        this.failing = { verb: each.verb, left: each.count };
        return;
      case 'advance': {
        const until = test.cluster.now + each.ms;
        while (test.cluster.step(until)) this.rest();
        test.cluster.advanceTo(until);
        return;
      }
      case 'settle':
        if (this.failing) this.failing.left = 0;
        return test.settle();
    }
  }

  /** Left alone, and with nothing in its way, a set reaches what its spec says. */
  private assertConverged(): void {
    const set = this.test.set();
    const strangers = this.test.pods().filter((pod) => !pod.metadata.ownerReferences?.length);
    if (strangers.length > 0) return;
    const start = set.spec.ordinals?.start ?? 0;
    const names = Array.from({ length: set.spec.replicas }, (_, i) => `web-${start + i}`);
    expect(this.test.podNames()).toEqual(names);
    if (set.spec.updateStrategy.type === 'OnDelete') return;
    const partition = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    for (const pod of this.test.pods()) {
      const ordinal = Number(pod.metadata.name.slice(4));
      if (ordinal >= start + partition) {
        expect(pod.metadata.labels?.['controller-revision-hash']).toBe(set.status.updateRevision);
      }
    }
  }
}

describe('a StatefulSet keeps its promises', () => {
  it(`over ${RUNS} random lives`, () => {
    fc.assert(
      fc.property(life, (start) => new Life(start).play()),
      { numRuns: RUNS, seed: 20260101 },
    );
  });
});
