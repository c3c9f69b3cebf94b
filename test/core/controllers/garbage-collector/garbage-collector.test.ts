import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../src/core/api/types';
import { claimOf, configMapOf, setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const reference = (owner: KubeObject, extra: object = {}) => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  ...extra,
});
const make = (name: string, owners: object[] = [], extra: object = {}) =>
  world.create(configMapOf(name, { ...(owners.length > 0 && { ownerReferences: owners }), ...extra }));
const left = () => world.names('configmaps', 'default').filter((name) => name !== 'kube-root-ca.crt');
const object = (name: string) => world.get('configmaps', name) as KubeObject;

describe('background', () => {
  test('dependents of dependents follow', () => {
    const a = make('a');
    const b = make('b', [reference(a)]);
    make('c', [reference(b)]);
    world.delete('configmaps', 'a');
    expect(left()).toEqual([]);
  });

  test('one owner that lives is enough; the reference to the other goes', () => {
    const a = make('a');
    const b = make('b');
    make('c', [reference(a), reference(b)]);
    world.delete('configmaps', 'a');
    expect(left()).toEqual(['b', 'c']);
    expect(object('c').metadata.ownerReferences).toEqual([reference(b)]);
    world.delete('configmaps', 'b');
    expect(left()).toEqual([]);
  });

  test('an absent owner, or one of another name or namespace, is no owner', () => {
    const a = make('a');
    make('never', [{ ...reference(a), uid: 'nobody' }]);
    make('renamed', [{ ...reference(a), name: 'b' }]);
    world.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'far', namespace: 'kube-public', ownerReferences: [reference(a)] },
    });
    expect(left()).toEqual(['a']);
    expect(world.names('configmaps', 'kube-public')).toEqual(['kube-root-ca.crt']);
  });

  test('a reference that is added to a lost owner counts as well', () => {
    const a = make('a');
    make('b');
    world.delete('configmaps', 'a');
    world.update({ ...object('b'), metadata: { ...object('b').metadata, ownerReferences: [reference(a)] } });
    expect(left()).toEqual([]);
  });

  test('a set takes its pods along, its claims stay', () => {
    const claims = [{ metadata: { name: 'www' }, spec: claimOf('x').spec }];
    world.create(setOf('web', 3, { volumeClaimTemplates: claims }));
    world.settle();
    world.delete('statefulsets.apps', 'web', { propagationPolicy: 'Background' });
    expect(world.get('statefulsets.apps', 'web')).toBeUndefined();
    expect(world.pod('web-0').metadata.deletionTimestamp).toBeDefined();
    world.settle();
    expect(world.names('pods')).toEqual([]);
    expect(world.names('controllerrevisions.apps')).toEqual([]);
    expect(world.names('persistentvolumeclaims')).toEqual(['www-web-0', 'www-web-1', 'www-web-2']);
  });
});

describe('foreground', () => {
  test('the owner waits for dependents that block it, and only for them', () => {
    const a = make('a');
    make('blocks', [reference(a, { blockOwnerDeletion: true })], { finalizers: ['example.com/held'] });
    make('stays', [reference(a)], { finalizers: ['example.com/held'] });
    world.delete('configmaps', 'a', { propagationPolicy: 'Foreground' });
    expect(object('a').metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(object('blocks').metadata.deletionTimestamp).toBeDefined();
    const { finalizers: _, ...metadata } = object('blocks').metadata;
    world.update({ ...object('blocks'), metadata });
    expect(left()).toEqual(['stays']);
    expect(object('stays').metadata.deletionTimestamp).toBeDefined();
  });

  test('goes down level by level', () => {
    const a = make('a');
    const b = make('b', [reference(a, { blockOwnerDeletion: true })]);
    make('c', [reference(b, { blockOwnerDeletion: true })], { finalizers: ['example.com/held'] });
    world.delete('configmaps', 'a', { propagationPolicy: 'Foreground' });
    expect(object('b').metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(left()).toEqual(['a', 'b', 'c']);
    const { finalizers: _, ...metadata } = object('c').metadata;
    world.update({ ...object('c'), metadata });
    expect(left()).toEqual([]);
  });

  test('a circle ends', () => {
    const a = make('a');
    const b = make('b', [reference(a, { blockOwnerDeletion: true })]);
    world.update({
      ...object('a'),
      metadata: { ...object('a').metadata, ownerReferences: [reference(b, { blockOwnerDeletion: true })] },
    });
    world.delete('configmaps', 'a', { propagationPolicy: 'Foreground' });
    expect(left()).toEqual([]);
  });

  test('a dependent with another living owner is let go', () => {
    const a = make('a');
    const b = make('b');
    make('c', [reference(a, { blockOwnerDeletion: true }), reference(b)]);
    world.delete('configmaps', 'a', { propagationPolicy: 'Foreground' });
    expect(left()).toEqual(['b', 'c']);
    expect(object('c').metadata.ownerReferences).toEqual([reference(b)]);
  });

  test('a set is there until its last pod is gone', () => {
    world.create(setOf('web', 2));
    world.settle();
    world.delete('statefulsets.apps', 'web', { propagationPolicy: 'Foreground' });
    expect(world.get('statefulsets.apps', 'web')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(world.pod('web-1').metadata.deletionTimestamp).toBeDefined();
    world.settle();
    expect(world.names('statefulsets.apps')).toEqual([]);
    expect(world.names('pods')).toEqual([]);
  });
});

test('orphan: the owner goes, its dependents lose the reference and stay', () => {
  const a = make('a');
  const b = make('b');
  make('c', [reference(a), reference(b)]);
  make('d', [reference(a)]);
  world.delete('configmaps', 'a', { propagationPolicy: 'Orphan' });
  expect(left()).toEqual(['b', 'c', 'd']);
  expect(object('c').metadata.ownerReferences).toEqual([reference(b)]);
  expect(object('d').metadata.ownerReferences).toBeUndefined();
});
