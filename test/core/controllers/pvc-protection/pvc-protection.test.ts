import { beforeEach, expect, test } from 'vitest';
import { claimOf, podOf, volumeOf, World, withClaim } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
  world.create(claimOf('data'));
});

const remove = () => world.delete('persistentvolumeclaims', 'data');

test('a claim that nobody uses goes at once', () => {
  remove();
  expect(world.names('persistentvolumeclaims')).toEqual([]);
});

test('a claim in use stays until its last pod is gone', () => {
  for (const name of ['p', 'q']) world.create(podOf(name, withClaim('data')));
  world.settle();
  remove();
  expect(world.claim('data').metadata.deletionTimestamp).toBeDefined();
  world.delete('pods', 'p');
  world.settle();
  expect(world.claim('data')).toBeDefined();
  world.delete('pods', 'q');
  expect(world.claim('data')).toBeDefined();
  world.settle();
  expect(world.claim('data')).toBeUndefined();
});

test('a pod without a node does not keep a claim', () => {
  world.create(podOf('p', { ...withClaim('data'), nodeSelector: { nowhere: 'x' } }));
  remove();
  expect(world.claim('data')).toBeUndefined();
});

test('a pod that has ended keeps its claim until it is deleted', () => {
  world.create(podOf('p', withClaim('data')));
  world.settle();
  const pod = world.pod('p');
  world.cluster.store.update({ ...pod, status: { ...pod.status, phase: 'Succeeded' } }, { subresource: 'status' });
  world.cluster.flush();
  remove();
  expect(world.claim('data')).toBeDefined();
  world.delete('pods', 'p', { gracePeriodSeconds: 0 });
  expect(world.claim('data')).toBeUndefined();
});

test('a bound volume stays until it is released', () => {
  world.create(volumeOf('v', '1Gi'));
  world.create(claimOf('manual', { storageClassName: 'manual' }));
  world.delete('persistentvolumes', 'v', {}, '');
  expect(world.volume('v').metadata.deletionTimestamp).toBeDefined();
  world.delete('persistentvolumeclaims', 'manual');
  expect(world.volume('v')).toBeUndefined();
});
