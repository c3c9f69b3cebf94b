/** The eviction of pods against disruption budgets (as the tests of the EvictionREST). */
import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type Status } from '../../../src/core/api/status';
import type { Manifest, PodDisruptionBudget } from '../../../src/core/api/types';
import { evict } from '../../../src/core/apiserver/eviction';
import { TestCluster } from '../../support/cluster';

let world: TestCluster;
beforeEach(() => {
  world = new TestCluster();
  world.apply();
  world.settle();
});

const budget = (name: string, spec: object): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'nginx' } }, ...spec },
});
const protect = (spec: object, name = 'web'): void => {
  world.store.create(budget(name, spec));
  world.cluster.flush();
};
const attempt = (pod: string, options: Parameters<typeof evict>[3] = {}): Status | 'evicted' => {
  world.cluster.flush();
  try {
    evict(world.store, 'default', pod, options, world.cluster.now);
    return 'evicted';
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
};
const ends = (name: string): boolean => world.pod(name)?.metadata.deletionTimestamp !== undefined;
const state = (isFresh = true): PodDisruptionBudget['status'] => {
  if (isFresh) world.cluster.flush();
  return world.store.get<PodDisruptionBudget>('poddisruptionbudgets.policy', 'default', 'web')?.status;
};
const violation = (message: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Status',
  metadata: {},
  status: 'Failure',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  reason: 'TooManyRequests',
  code: 429,
  details: { causes: [{ reason: 'DisruptionBudget', message }], ...more },
});

test('without a budget the pod goes, marked as disrupted', () => {
  expect(attempt('web-1')).toBe('evicted');
  expect(ends('web-1')).toBe(true);
  expect(world.pod('web-1')?.status.conditions?.at(-1)).toMatchObject({
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  });
});

test('a budget lets as many go as it has to spare, and counts them at once', () => {
  protect({ minAvailable: 2 });
  expect(attempt('web-0', { dryRun: true })).toBe('evicted');
  expect([ends('web-0'), state()?.disruptionsAllowed]).toEqual([false, 1]);
  evict(world.store, 'default', 'web-0', {}, world.cluster.now);
  expect(state(false)).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { 'web-0': '2026-01-01T00:00:03Z' } });
  expect(attempt('web-1')).toEqual(violation('The disruption budget web needs 2 healthy pods and has 2 currently'));
  expect(state()?.disruptedPods).toBeUndefined();
  world.settle();
  expect(attempt('web-1')).toBe('evicted');
});

describe('budgets that are not asked', () => {
  test('of pods that end already, have not begun, or are over', () => {
    protect({ minAvailable: 3 });
    expect(attempt('web-0')).not.toBe('evicted');
    world.deletePod('web-2');
    expect(attempt('web-2', { gracePeriodSeconds: 1 })).toBe('evicted');
    expect(world.pod('web-2')?.metadata.deletionGracePeriodSeconds).toBe(1);
  });

  test('of pods that are not ready: where the budget is met without them, or says so', () => {
    protect({ minAvailable: 2 });
    world.annotate('web-2', 'stsctl.dev/ready', 'false');
    expect(state()).toMatchObject({ currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 });
    expect(attempt('web-2')).toBe('evicted');
    world.annotate('web-0', 'stsctl.dev/ready', 'false');
    expect(attempt('web-0')).toEqual(violation('The disruption budget web needs 2 healthy pods and has 1 currently'));
    const old = world.store.get<PodDisruptionBudget>('poddisruptionbudgets.policy', 'default', 'web');
    world.store.update({
      ...(old as PodDisruptionBudget),
      spec: { ...old?.spec, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    });
    expect(attempt('web-0')).toBe('evicted');
    expect(attempt('web-1')).not.toBe('evicted');
  });
});

test('what is refused changes nothing', () => {
  protect({ maxUnavailable: 1 });
  protect({ maxUnavailable: 1 }, 'second');
  const before = JSON.stringify([...world.store.storage.all()]);
  expect(attempt('web-0')).toMatchObject({
    code: 500,
    message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
  });
  expect(attempt('nope')).toMatchObject({ code: 404, message: 'pods "nope" not found' });
  expect(attempt('web-0', { preconditions: { uid: 'other' } })).toMatchObject({ code: 409 });
  expect(attempt('web-0', { preconditions: { resourceVersion: '1' } })).toMatchObject({ code: 409 });
  expect(JSON.stringify([...world.store.storage.all()])).toBe(before);
});

test('a budget that the controller has not seen yet is being processed', () => {
  world.store.create(budget('web', { minAvailable: 1 }));
  expect(() => evict(world.store, 'default', 'web-0', {}, world.cluster.now)).toThrow(ApiError);
  try {
    evict(world.store, 'default', 'web-0', {}, world.cluster.now);
  } catch (error) {
    expect((error as ApiError).status).toEqual(
      violation('The disruption budget web is still being processed by the server.', { retryAfterSeconds: 10 }),
    );
  }
});
