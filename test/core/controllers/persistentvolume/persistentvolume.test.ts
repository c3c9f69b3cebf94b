import { beforeEach, describe, expect, test } from 'vitest';
import type { StorageClass } from '../../../../src/core/api/types';
import { claimOf, classOf, podOf, volumeOf, World, withClaim } from './world';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('provisioning', () => {
  test('a claim of the default class is bound at once, with everything a provisioned claim and volume carry', () => {
    const { metadata } = world.create(claimOf('data'));
    const name = `pvc-${metadata.uid}`;
    const claim = world.claim('data');
    expect(claim.metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
      'volume.beta.kubernetes.io/storage-provisioner': 'stsctl.dev/hostpath',
      'volume.kubernetes.io/storage-provisioner': 'stsctl.dev/hostpath',
    });
    expect(claim.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    expect(claim.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      storageClassName: 'standard',
      volumeMode: 'Filesystem',
      volumeName: name,
    });
    expect(claim.status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } });
    const volume = world.volume(name);
    expect(volume.metadata.annotations).toEqual({ 'pv.kubernetes.io/provisioned-by': 'stsctl.dev/hostpath' });
    expect(volume.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
    expect(volume.spec).toMatchObject({
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: metadata.uid },
      hostPath: { path: `/var/lib/stsctl/volumes/${name}` },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'standard',
      volumeMode: 'Filesystem',
    });
    expect(volume.status.phase).toBe('Bound');
    expect(world.events('data')).toEqual([
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'stsctl.dev/hostpath' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
    ]);
  });

  test('an unknown class is registered and provisions; strict storage says that it is missing', () => {
    world.create(claimOf('data', { storageClassName: 'fast' }));
    expect(world.claim('data').status.phase).toBe('Bound');
    expect(world.get<StorageClass>('storageclasses.storage.k8s.io', 'fast', '')).toMatchObject({
      provisioner: 'stsctl.dev/hostpath',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    });
    expect(world.events('data')[0]).toMatch(/^Warning StorageClassRegistered storage class "fast" does not exist/);
    world.cluster.configure({ storage: 'strict' });
    world.create(claimOf('other', { storageClassName: 'nope' }));
    expect(world.claim('other').status).toEqual({ phase: 'Pending' });
    expect(world.events('other')).toEqual(['Warning ProvisioningFailed storageclass.storage.k8s.io "nope" not found']);
    world.create(classOf('nope'));
    expect(world.claim('other').status.phase).toBe('Bound');
  });

  test('a class called default is never registered: the default class was meant', () => {
    world.create(claimOf('data', { storageClassName: 'default' }));
    expect(world.claim('data').status).toEqual({ phase: 'Pending' });
    expect(world.events('data')).toEqual([
      'Warning ProvisioningFailed storageclass.storage.k8s.io "default" not found',
    ]);
    world.create(classOf('default'));
    expect(world.claim('data').status.phase).toBe('Bound');
  });

  test("another provisioner's class provisions too, unless storage is strict", () => {
    world.create(classOf('cloud', { provisioner: 'example.com/disk' }));
    world.create(claimOf('a', { storageClassName: 'cloud' }));
    const claim = world.claim('a');
    expect(claim.status.phase).toBe('Bound');
    expect(claim.metadata.annotations?.['volume.kubernetes.io/storage-provisioner']).toBe('example.com/disk');
    world.cluster.configure({ storage: 'strict' });
    world.create(claimOf('b', { storageClassName: 'cloud' }));
    expect(world.claim('b').status.phase).toBe('Pending');
    expect(world.events('b')[0]).toContain("the external provisioner 'example.com/disk'");
  });

  test('a class of static volumes provisions nothing', () => {
    world.create(classOf('local', { provisioner: 'kubernetes.io/no-provisioner' }));
    world.create(claimOf('data', { storageClassName: 'local' }));
    expect(world.claim('data').status.phase).toBe('Pending');
    expect(world.names('persistentvolumes')).toEqual([]);
  });

  test('no class at all: only a volume without one will do', () => {
    world.create(claimOf('data', { storageClassName: '' }));
    expect(world.events('data')).toEqual([
      'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ]);
    world.create(volumeOf('v', '1Gi', { storageClassName: undefined }));
    expect(world.claim('data').spec.volumeName).toBe('v');
  });

  test('a class that waits for the first consumer, whichever comes first', () => {
    world.create(classOf('lazy', { volumeBindingMode: 'WaitForFirstConsumer' }));
    world.create(claimOf('a', { storageClassName: 'lazy' }));
    expect(world.claim('a').status.phase).toBe('Pending');
    expect(world.events('a')).toEqual([
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ]);
    world.create(podOf('p', withClaim('a')));
    expect(world.claim('a').status.phase).toBe('Bound');
    world.create(podOf('q', withClaim('b')));
    world.create(claimOf('b', { storageClassName: 'lazy' }));
    expect(world.claim('b').status.phase).toBe('Bound');
    world.settle();
    expect([world.pod('p').status.phase, world.pod('q').status.phase]).toEqual(['Running', 'Running']);
  });
});

test('a late claim says for which node its volume is made, and what it waits for when nothing makes one', () => {
  world.create(classOf('lazy', { volumeBindingMode: 'WaitForFirstConsumer' }));
  world.create(
    classOf('local', { volumeBindingMode: 'WaitForFirstConsumer', provisioner: 'kubernetes.io/no-provisioner' }),
  );
  world.create(podOf('p', withClaim('a')));
  world.create(claimOf('a', { storageClassName: 'lazy' }));
  expect(world.claim('a').metadata.annotations).toMatchObject({ 'volume.kubernetes.io/selected-node': 'node-1' });
  world.create(claimOf('b', { storageClassName: 'local' }));
  world.create(podOf('q', withClaim('b')));
  world.settle();
  expect(world.events('b')).toEqual([
    'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    'Normal WaitForPodScheduled waiting for pod q to be scheduled',
  ]);
  expect(world.events('q')).toEqual([
    "Warning FailedScheduling 0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  ]);
  world.create(volumeOf('disk', '1Gi', { storageClassName: 'local' }));
  world.settle();
  expect([world.claim('b').status.phase, world.pod('q').status.phase]).toEqual(['Bound', 'Running']);
});

describe('static volumes', () => {
  test('the smallest that fits is taken, of equals the first by name', () => {
    for (const [name, size] of [
      ['big', '20Gi'],
      ['small', '500Mi'],
      ['fit-b', '5Gi'],
      ['fit-a', '5Gi'],
    ]) {
      world.create(volumeOf(name, size));
    }
    world.create(claimOf('data', { storageClassName: 'manual' }));
    expect(world.claim('data').spec.volumeName).toBe('fit-a');
    expect(world.claim('data').status.capacity).toEqual({ storage: '5Gi' });
    expect(world.volume('fit-a').metadata.annotations).toEqual({ 'pv.kubernetes.io/bound-by-controller': 'yes' });
    expect(world.volume('big').status.phase).toBe('Available');
  });

  test.each([
    ['access mode', { accessModes: ['ReadWriteMany'] }, {}],
    ['volume mode', { volumeMode: 'Block' }, {}],
    ['labels', { selector: { matchLabels: { tier: 'gold' } } }, {}],
    ['size', { resources: { requests: { storage: '11Gi' } } }, {}],
    ['reservation for another', {}, { claimRef: { namespace: 'default', name: 'somebody' } }],
  ])('%s decides', (_, claim, volume) => {
    world.create(volumeOf('v', '10Gi', volume));
    world.create(claimOf('data', { storageClassName: 'manual', ...claim }));
    expect(world.claim('data').status.phase).toBe('Pending');
  });

  test('a selector finds its volume', () => {
    world.create(volumeOf('plain', '1Gi'));
    world.create(volumeOf('golden', '10Gi', {}, { tier: 'gold' }));
    world.create(claimOf('data', { storageClassName: 'manual', selector: { matchLabels: { tier: 'gold' } } }));
    expect(world.claim('data').spec.volumeName).toBe('golden');
  });

  test('a volume that names its claim waits for it, whatever the class', () => {
    world.create(volumeOf('mine', '10Gi', { claimRef: { namespace: 'default', name: 'data' } }));
    expect(world.volume('mine').status.phase).toBe('Available');
    world.create(volumeOf('smaller', '1Gi'));
    const claim = world.create(claimOf('data', { storageClassName: 'manual' }));
    expect(world.claim('data').spec.volumeName).toBe('mine');
    expect(world.volume('mine').spec.claimRef?.uid).toBe(claim.metadata.uid);
    expect(world.volume('mine').metadata.annotations).toBeUndefined();
  });

  test('a claim that names its volume', () => {
    world.create(claimOf('data', { storageClassName: 'manual', volumeName: 'later' }));
    expect(world.claim('data').status.phase).toBe('Pending');
    world.create(volumeOf('later', '2Gi'));
    expect(world.claim('data').status.phase).toBe('Bound');
    expect(world.claim('data').metadata.annotations).toEqual({ 'pv.kubernetes.io/bind-completed': 'yes' });
    world.create(claimOf('second', { storageClassName: 'manual', volumeName: 'later' }));
    expect(world.claim('second').status.phase).toBe('Pending');
    expect(world.events('second')).toContain(
      'Warning FailedBinding volume "later" already bound to a different claim.',
    );
    world.create(volumeOf('tiny', '1Mi'));
    world.create(claimOf('third', { storageClassName: 'manual', volumeName: 'tiny' }));
    expect(world.events('third')).toEqual([
      'Warning VolumeMismatch Cannot bind to requested volume "tiny": requested PV is too small',
    ]);
  });

  test('a claim that was there before its volume', () => {
    world.create(volumeOf('other', '1Mi'));
    world.create(claimOf('data', { storageClassName: 'manual' }));
    expect(world.claim('data').status.phase).toBe('Pending');
    world.create(volumeOf('v', '1Gi'));
    expect(world.claim('data').spec.volumeName).toBe('v');
  });
});

describe('reclaiming', () => {
  const release = (spec: object) => {
    world.create(volumeOf('v', '1Gi', spec));
    world.create(claimOf('data', { storageClassName: 'manual' }));
    world.delete('persistentvolumeclaims', 'data');
  };

  test('a provisioned volume goes with its claim', () => {
    const { metadata } = world.create(claimOf('data'));
    expect(world.volume(`pvc-${metadata.uid}`)).toBeDefined();
    world.delete('persistentvolumeclaims', 'data');
    expect(world.names('persistentvolumes')).toEqual([]);
  });

  test('a retained volume is Released, and Available again when the user clears it', () => {
    release({});
    expect(world.volume('v').status.phase).toBe('Released');
    world.create(claimOf('again', { storageClassName: 'manual' }));
    expect(world.claim('again').status.phase).toBe('Pending');
    const { claimRef: _, ...spec } = world.volume('v').spec;
    world.update({ ...world.volume('v'), spec });
    expect(world.claim('again').spec.volumeName).toBe('v');
  });

  test('a volume that nobody can delete has failed', () => {
    release({ persistentVolumeReclaimPolicy: 'Delete' });
    expect(world.volume('v').status).toMatchObject({
      phase: 'Failed',
      message: 'host_path deleter only supports /tmp/.+ but received provided /mnt/data',
    });
    expect(world.events('v')).toHaveLength(1);
  });

  test('a recycled volume is Available', () => {
    release({ persistentVolumeReclaimPolicy: 'Recycle' });
    expect(world.volume('v').status.phase).toBe('Available');
    expect(world.volume('v').spec.claimRef).toBeUndefined();
  });

  test('a claim whose volume is gone is Lost', () => {
    world.create(volumeOf('v', '1Gi'));
    world.create(claimOf('data', { storageClassName: 'manual' }));
    world.delete('persistentvolumes', 'v', {}, '');
    expect(world.volume('v').metadata.deletionTimestamp).toBeDefined();
    const { finalizers: _, ...metadata } = world.volume('v').metadata;
    world.update({ ...world.volume('v'), metadata });
    expect(world.claim('data').status).toEqual({ phase: 'Lost' });
    expect(world.events('data')).toEqual([
      'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ]);
  });
});

test('a claim grows where its class allows it', () => {
  world.create(classOf('elastic', { allowVolumeExpansion: true }));
  world.create(claimOf('data', { storageClassName: 'elastic' }));
  const claim = world.claim('data');
  world.update({ ...claim, spec: { ...claim.spec, resources: { requests: { storage: '3Gi' } } } });
  expect(world.claim('data').status.capacity).toEqual({ storage: '3Gi' });
  expect(world.volume(claim.spec.volumeName as string).spec.capacity).toEqual({ storage: '3Gi' });
});
