import { beforeEach, expect, test } from 'vitest';
import type { Manifest, Namespace } from '../../../../src/core/api/types';
import { configMapOf, setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const inside = (manifest: Manifest, name: string): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, namespace: name },
});

test('every namespace has its account and certificate, and gets them back', () => {
  world.create(namespace('team'));
  for (const name of ['default', 'kube-system', 'team']) {
    expect(world.get('serviceaccounts', 'default', name)).toBeDefined();
    expect(Object.keys(world.get('configmaps', 'kube-root-ca.crt', name)?.data as object)).toEqual(['ca.crt']);
  }
  world.delete('serviceaccounts', 'default', {}, 'team');
  world.delete('configmaps', 'kube-root-ca.crt', {}, 'team');
  expect(world.names('serviceaccounts', 'team')).toEqual(['default']);
  expect(world.names('configmaps', 'team')).toEqual(['kube-root-ca.crt']);
});

test('a namespace takes its content along: pods first, then the rest, then itself', () => {
  world.create(namespace('team'));
  world.create(inside(setOf('web', 2), 'team'));
  world.create(inside(configMapOf('c'), 'team'));
  world.settle();
  world.delete('namespaces', 'team', {}, '');
  expect(world.get('namespaces', 'team', '')?.status).toMatchObject({ phase: 'Terminating' });
  expect(world.get('pods', 'web-0', 'team')?.metadata.deletionTimestamp).toBeDefined();
  expect(world.names('configmaps', 'team')).toContain('c');
  world.settle();
  expect(world.get('namespaces', 'team', '')).toBeUndefined();
  for (const key of world.cluster.store.storage.resources()) expect(world.names(key, 'team')).toEqual([]);
});

test('a finalizer inside holds the namespace', () => {
  world.create(namespace('team'));
  world.create(inside(configMapOf('held', { finalizers: ['example.com/held'] }), 'team'));
  world.delete('namespaces', 'team', {}, '');
  world.settle();
  const status = world.get('namespaces', 'team', '')?.status as Namespace['status'] | undefined;
  expect(status?.conditions?.map((c) => `${c.type}=${c.status} ${c.reason}: ${c.message}`)).toEqual([
    'NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances',
  ]);
  const held = world.get('configmaps', 'held', 'team');
  if (!held) throw new Error('gone');
  const { finalizers: _, ...metadata } = held.metadata;
  world.update({ ...held, metadata });
  world.settle();
  expect(world.get('namespaces', 'team', '')).toBeUndefined();
});

test('an interrupted deletion goes on after a restart', async () => {
  world.create(namespace('team'));
  world.create(inside(setOf('web', 2), 'team'));
  world.settle();
  world.delete('namespaces', 'team', {}, '');
  const { Cluster } = await import('../../../../src/core/simulation/cluster');
  const again = Cluster.restore(JSON.parse(JSON.stringify(world.cluster.snapshot())));
  again.settle();
  expect(again.store.get('namespaces', '', 'team')).toBeUndefined();
});
