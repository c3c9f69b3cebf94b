import { beforeEach, expect, test } from 'vitest';
import type { Manifest, PodDisruptionBudget, StatefulSet } from '../../../../src/core/api/types';
import { setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const BUDGETS = 'poddisruptionbudgets.policy';
const budget = (spec: object): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});
const counts = () => {
  world.cluster.flush();
  const { status } = world.get<PodDisruptionBudget>(BUDGETS, 'web') ?? {};
  return [status?.currentHealthy, status?.desiredHealthy, status?.expectedPods, status?.disruptionsAllowed];
};

test.each([
  [{ minAvailable: 3 }, [5, 3, 5, 2]],
  [{ minAvailable: 5 }, [5, 5, 5, 0]],
  [{ minAvailable: '50%' }, [5, 3, 5, 2]],
  [{ maxUnavailable: 1 }, [5, 4, 5, 1]],
  [{ maxUnavailable: '30%' }, [5, 3, 5, 2]],
])('%j', (spec, expected) => {
  world.create(setOf('web', 5));
  world.settle();
  world.create(budget(spec));
  expect(counts()).toEqual(expected);
  expect(world.get<PodDisruptionBudget>(BUDGETS, 'web')?.status).toMatchObject({ observedGeneration: 1 });
});

test('the numbers follow pods and replicas', () => {
  world.create(budget({ maxUnavailable: 1 }));
  expect(counts()).toEqual([0, 0, 0, 0]);
  world.create(setOf('web', 3));
  world.settle();
  expect(counts()).toEqual([3, 2, 3, 1]);
  world.delete('pods', 'web-1');
  expect(counts()).toEqual([2, 2, 3, 0]);
  world.settle();
  const set = world.get<StatefulSet>('statefulsets.apps', 'web') as StatefulSet;
  world.update({ ...set, spec: { ...set.spec, replicas: 4 } });
  expect(counts()[2]).toBe(4);
});

test('the condition says whether a disruption is allowed', () => {
  world.create(setOf('web', 1));
  world.settle();
  world.create(budget({ minAvailable: 1 }));
  expect(world.get<PodDisruptionBudget>(BUDGETS, 'web')?.status?.conditions).toEqual([
    {
      type: 'DisruptionAllowed',
      status: 'False',
      reason: 'InsufficientPods',
      message: '',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:01Z',
    },
  ]);
});

test('no pods is worth an event', () => {
  world.create(budget({ minAvailable: 1 }));
  expect(world.events('web')).toEqual(['Normal NoPods No matching pods found']);
});
