/** Claims of generic ephemeral volumes: made for their pods, gone with them, never taken from others. */
import { beforeEach, expect, test } from 'vitest';
import { claimOf, podOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const CLAIMS = 'persistentvolumeclaims';
const metadata = { labels: { k: 'v' }, annotations: { a: 'b' } };
const template = { metadata, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
const withScratch = (...names: string[]) => ({
  volumes: names.map((name) => ({ name, ephemeral: { volumeClaimTemplate: template } })),
});
const events = (name: string) =>
  [...world.cluster.store.list('events', 'default')]
    .filter((event) => (event.involvedObject as { name?: string }).name === name && event.type === 'Warning')
    .map((event) => `${event.reason} ${event.message}`);

test('each volume has a claim that belongs to the pod', () => {
  world.create(podOf('p', withScratch('x', 'y')));
  world.settle();
  expect(world.names(CLAIMS)).toEqual(['p-x', 'p-y']);
  const { metadata: made, status } = world.claim('p-x');
  expect(made).toMatchObject({
    labels: { k: 'v' },
    ownerReferences: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        name: 'p',
        uid: world.pod('p').metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  });
  expect(made.annotations?.a).toBe('b');
  expect(status.phase).toBe('Bound');
  expect(world.pod('p').status.phase).toBe('Running');
});

test('the claim and its volume go with the pod', () => {
  world.create(podOf('p', withScratch('x')));
  world.settle();
  world.delete('pods', 'p');
  world.settle();
  expect(world.names(CLAIMS)).toEqual([]);
  expect(world.names('persistentvolumes')).toEqual([]);
});

test('a claim of that name which is another is left alone, and the pod waits until it has gone', () => {
  world.create(claimOf('p-x'));
  world.create(podOf('p', withScratch('x')));
  world.settle();
  const why = 'PVC default/p-x was not created for pod default/p (pod is not owner)';
  expect(events('p')).toEqual([
    `FailedBinding ephemeral volume x: ${why}`,
    expect.stringContaining(`FailedScheduling 0/1 nodes are available: ${why}. not found`),
  ]);
  expect(world.pod('p').status.phase).toBe('Pending');
  world.delete(CLAIMS, 'p-x');
  world.settle();
  expect(world.claim('p-x').metadata.ownerReferences?.[0]?.uid).toBe(world.pod('p').metadata.uid);
  expect(world.pod('p').status.phase).toBe('Running');
});

test('a quota that leaves no room is told, and the claim is made once there is', () => {
  world.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard: { persistentvolumeclaims: '0' } },
  });
  world.settle();
  world.create(podOf('p', withScratch('x')));
  world.settle();
  expect(events('p')).toEqual([
    'FailedBinding ephemeral volume x: create PVC p-x: persistentvolumeclaims "p-x" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0',
    'FailedScheduling 0/1 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "p-x". not found',
  ]);
  world.delete('resourcequotas', 'q');
  world.settle();
  expect(world.pod('p').status.phase).toBe('Running');
});
