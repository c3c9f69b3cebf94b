/** What upstream's unit tests of the StatefulSet controller check, written from the behaviour. */
import { describe, expect, it } from 'vitest';
import { badRequest } from '../../../../src/core/api/status';
import type { ControllerRevision, Pod, StatefulSet } from '../../../../src/core/api/types';
import { type SetOptions, setManifest, TestCluster, withImage } from '../../../support/cluster';

const BOTH = ['OrderedReady', 'Parallel'] as const;

function running(options: SetOptions = {}, cluster: ConstructorParameters<typeof TestCluster>[0] = {}): TestCluster {
  const test = new TestCluster(cluster);
  test.apply(options);
  test.settle();
  test.happened();
  return test;
}

const owners = (test: TestCluster, claim: string): string[] =>
  (test.claim(claim)?.metadata.ownerReferences ?? []).map((ref) => `${ref.kind} ${ref.name}`);

describe.each(BOTH)('%s', (podManagementPolicy) => {
  const spec = { podManagementPolicy };

  it('creates pods that are ready, updated and know their index', () => {
    const test = running({ spec });
    expect(test.set().status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
    });
    expect(test.pods().map((pod) => pod.metadata.labels?.['apps.kubernetes.io/pod-index'])).toEqual(['0', '1', '2']);
  });

  it('scales up and down to nothing', () => {
    const test = running({ spec });
    test.scale(4);
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2', 'web-3']);
    test.scale(0);
    test.settle();
    expect(test.podNames()).toEqual([]);
    const { readyReplicas, currentReplicas, updatedReplicas, replicas, availableReplicas } = test.set().status;
    expect({ readyReplicas, currentReplicas, updatedReplicas, replicas, availableReplicas }).toEqual({
      readyReplicas: undefined,
      currentReplicas: undefined,
      updatedReplicas: undefined,
      replicas: 0,
      availableReplicas: 0,
    });
  });

  it('replaces deleted pods and leaves their claims without owners', () => {
    const test = running({ replicas: 5, claims: ['data'], spec });
    const before = test.pods().map((pod) => pod.metadata.uid);
    for (const name of ['web-0', 'web-2', 'web-4']) test.deletePod(name);
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    expect(test.pods().map((pod, i) => pod.metadata.uid === before[i])).toEqual([false, true, false, true, false]);
    expect(test.claimNames().map((name) => owners(test, name))).toEqual([[], [], [], [], []]);
  });

  it.each(['Failed', 'Succeeded'])('replaces a pod that %s with one delete and one create', (phase) => {
    const test = running({ spec });
    const pod = test.pod('web-1') as Pod;
    test.store.updateStatus(pod, { ...pod.status, phase });
    test.settle();
    expect(test.happened()).toEqual(['terminate web-1', 'delete web-1', 'create web-1', 'ready web-1']);
  });

  it('tries again when deleting a failed pod fails, and does not delete twice', () => {
    const test = running({ spec });
    let failures = 1;
    test.store.beforeWrite = ({ verb, key }) => {
      if (verb === 'delete' && key === 'pods' && failures-- > 0) throw badRequest('made to fail');
    };
    const pod = test.pod('web-1') as Pod;
    test.store.updateStatus(pod, { ...pod.status, phase: 'Failed' });
    test.settle();
    expect(test.happened()).toEqual(['terminate web-1', 'delete web-1', 'create web-1', 'ready web-1']);
    expect(test.events('StatefulSet', 'web')).toContain(
      'Warning FailedDelete Delete Pod web-1 in StatefulSet web failed error: made to fail',
    );
  });

  it('converges after creating a pod failed', () => {
    const test = new TestCluster();
    let failures = 2;
    test.store.beforeWrite = ({ verb, key }) => {
      if (verb === 'create' && key === 'pods' && failures-- > 0) throw badRequest('made to fail');
    };
    test.apply({ spec });
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
    expect(test.events('StatefulSet', 'web').some((e) => e.startsWith('Warning FailedCreate Create Pod web-0'))).toBe(
      true,
    );
  });

  it('converges after writing the status failed', () => {
    const test = new TestCluster();
    let failures = 3;
    test.store.beforeWrite = ({ verb, key }) => {
      if (verb === 'status' && key === 'statefulsets.apps' && failures-- > 0) throw badRequest('made to fail');
    };
    test.apply({ spec });
    test.settle();
    expect(test.set().status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      observedGeneration: 1,
    });
  });

  it('repairs the identity of a pod', () => {
    const test = running({ spec });
    const pod = test.pod('web-1') as Pod;
    const { 'statefulset.kubernetes.io/pod-name': _name, ...labels } = pod.metadata.labels ?? {};
    test.store.update({ ...pod, metadata: { ...pod.metadata, labels } });
    test.settle();
    expect(test.pod('web-1')?.metadata.labels?.['statefulset.kubernetes.io/pod-name']).toBe('web-1');
    expect(test.events('StatefulSet', 'web')).toContain(
      'Normal SuccessfulUpdate Update Pod web-1 in StatefulSet web successful',
    );
  });

  it('starts at its start ordinal and scales down to the lowest', () => {
    const test = running({ spec: { ...spec, ordinals: { start: 2 } } });
    expect(test.podNames()).toEqual(['web-2', 'web-3', 'web-4']);
    test.scale(1);
    test.settle();
    expect(test.podNames()).toEqual(['web-2']);
  });

  it('rolls an update out from the highest ordinal, also while scaling', () => {
    const test = running({ spec });
    test.edit((s) => withImage({ ...s, replicas: 4 }, 'nginx:1.22'));
    test.settle();
    expect(test.images()).toEqual(['web-0', 'web-1', 'web-2', 'web-3'].map((name) => `${name} nginx:1.22`));
    const ended = test.happened().filter((line) => line.startsWith('terminate'));
    expect(ended).toEqual(['terminate web-2', 'terminate web-1', 'terminate web-0']);
  });

  it('leaves old pods alone with OnDelete, and gives new ones the new template', () => {
    const test = running({ claims: ['data'], spec: { ...spec, updateStrategy: { type: 'OnDelete' } } });
    test.setImage('nginx:1.22');
    test.scale(4);
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:1.21', 'web-1 nginx:1.21', 'web-2 nginx:1.21', 'web-3 nginx:1.22']);
    for (const name of ['web-0', 'web-1', 'web-2']) test.deletePod(name);
    test.settle();
    expect(test.images().every((line) => line.endsWith('nginx:1.22'))).toBe(true);
    expect(owners(test, 'data-web-0')).toEqual([]);
  });

  it('keeps the ordinals below the partition at the old revision, deleted ones too', () => {
    const test = running({
      spec: { ...spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    });
    test.setImage('nginx:1.22');
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:1.21', 'web-1 nginx:1.21', 'web-2 nginx:1.22']);
    test.deletePod('web-0');
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:1.21', 'web-1 nginx:1.21', 'web-2 nginx:1.22']);
    expect(test.set().status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
    expect(test.set().status.currentRevision).not.toBe(test.set().status.updateRevision);
  });

  it('updates nothing while the partition is above the replicas', () => {
    const test = running({
      spec: { ...spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 9 } } },
    });
    test.setImage('nginx:1.22');
    test.settle();
    expect(test.happened()).toEqual([]);
  });

  it('waits for a terminating pod that a finalizer holds, and never doubles it', () => {
    const test = running({ spec });
    const pod = test.pod('web-1') as Pod;
    test.store.update({ ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/hold'] } });
    test.deletePod('web-1');
    test.settle();
    expect(test.pod('web-1')?.metadata.uid).toBe(pod.metadata.uid);
    const held = test.pod('web-1') as Pod;
    const { finalizers: _finalizers, ...meta } = held.metadata;
    test.store.update({ ...held, metadata: meta });
    test.settle();
    expect(test.happened()).toEqual(['terminate web-1', 'delete web-1', 'create web-1', 'ready web-1']);
  });

  it('makes the missing claim of a pending pod again', () => {
    const test = new TestCluster();
    test.apply({ replicas: 1, claims: ['data'], spec });
    test.store.storage.remove('persistentvolumeclaims', test.claim('data-web-0') as never);
    test.cluster.drain();
    expect(test.pod('web-0')?.status.phase).toBe('Pending');
    test.annotate('web-0', 'touched', 'yes');
    expect(test.claimNames()).toEqual(['data-web-0']);
  });
});

describe('OrderedReady', () => {
  it('does one thing at a time, in order', () => {
    const test = new TestCluster();
    test.apply();
    test.settle();
    expect(test.happened()).toEqual([
      'create web-0',
      'ready web-0',
      'create web-1',
      'ready web-1',
      'create web-2',
      'ready web-2',
    ]);
    test.scale(1);
    test.settle();
    expect(test.happened()).toEqual(['terminate web-2', 'delete web-2', 'terminate web-1', 'delete web-1']);
  });

  it('halts scale-up and scale-down at an unready pod', () => {
    const test = running();
    test.annotate('web-0', 'stsctl.dev/ready', 'false');
    test.scale(5);
    test.settle();
    test.scale(1);
    test.settle();
    expect(test.happened()).toEqual(['unready web-0']);
    test.annotate('web-0', 'stsctl.dev/ready', 'true');
    test.settle();
    expect(test.happened()).toEqual([
      'ready web-0',
      'terminate web-2',
      'delete web-2',
      'terminate web-1',
      'delete web-1',
    ]);
  });

  it('lets the first unhealthy condemned pod go', () => {
    const test = running();
    test.annotate('web-2', 'stsctl.dev/ready', 'false');
    test.scale(2);
    test.settle();
    expect(test.happened()).toEqual(['unready web-2', 'terminate web-2', 'delete web-2']);
  });

  it('does not condemn a pod while another condemned one below it is unhealthy', () => {
    const test = running();
    test.annotate('web-1', 'stsctl.dev/ready', 'false');
    test.annotate('web-2', 'stsctl.dev/ready', 'false');
    test.scale(1);
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
  });

  it('stays with a broken revision after a rollback until the pod is deleted by hand (kubernetes#67250)', () => {
    const test = running();
    test.setImage('nginx:does-not-exist');
    test.settle();
    test.setImage('nginx:1.21');
    test.settle();
    expect(test.images()[2]).toBe('web-2 nginx:does-not-exist');
    test.deletePod('web-2');
    test.settle();
    expect(test.images()).toEqual(['web-0 nginx:1.21', 'web-1 nginx:1.21', 'web-2 nginx:1.21']);
  });
});

describe('Parallel', () => {
  it.each([
    [3, 30],
    [10, 1],
    [501, 0],
    [0, 1000],
  ])('scales from %i to %i in one burst', (from, to) => {
    const test = running({ replicas: from, spec: { podManagementPolicy: 'Parallel' } });
    const before = test.cluster.now;
    test.scale(to);
    const expected = Math.max(from, to);
    expect(test.pods().length).toBe(expected);
    test.settle();
    expect(test.pods().length).toBe(to);
    expect(Date.parse(test.cluster.timeline().at(-1)?.time ?? '') - before).toBe(1000);
  });

  it('creates the rest while one is unhealthy', () => {
    const test = new TestCluster();
    test.apply({ podAnnotations: { 'stsctl.dev/ready': 'false' }, spec: { podManagementPolicy: 'Parallel' } });
    test.settle();
    expect(test.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
  });
});

describe('maxUnavailable, behind its gate', () => {
  const gated = { gates: { MaxUnavailableStatefulSet: true } };
  const rolling = (maxUnavailable: number | string, partition = 0) => ({
    updateStrategy: { type: 'RollingUpdate' as const, rollingUpdate: { partition, maxUnavailable } },
  });

  it('is dropped without the gate and 1 by default with it', () => {
    expect(running({ spec: rolling(2) }).set().spec.updateStrategy.rollingUpdate).toEqual({ partition: 0 });
    expect(running({}, gated).set().spec.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: 1, partition: 0 });
  });

  it('takes two down at once above the partition, and OrderedReady brings them back one by one', () => {
    const test = running({ replicas: 5, spec: rolling(2, 1) }, gated);
    test.setImage('nginx:1.22');
    test.settle();
    expect(test.happened()).toEqual([
      ...['terminate web-4', 'terminate web-3', 'delete web-4', 'delete web-3'],
      ...['create web-3', 'ready web-3', 'create web-4', 'ready web-4'],
      ...['terminate web-2', 'terminate web-1', 'delete web-2', 'delete web-1'],
      ...['create web-1', 'ready web-1', 'create web-2', 'ready web-2'],
    ]);
  });

  it('brings both back at once under Parallel', () => {
    const test = running({ replicas: 4, spec: { ...rolling(2), podManagementPolicy: 'Parallel' } }, gated);
    test.setImage('nginx:1.22');
    test.settle();
    expect(test.happened().slice(0, 8)).toEqual([
      ...['terminate web-3', 'terminate web-2', 'delete web-3', 'create web-3'],
      ...['delete web-2', 'create web-2', 'ready web-3', 'terminate web-1'],
    ]);
  });

  it('counts a pod of the old revision that is down already', () => {
    const test = running({ replicas: 4, spec: { ...rolling(2), podManagementPolicy: 'Parallel' } }, gated);
    test.annotate('web-0', 'stsctl.dev/ready', 'false');
    test.setImage('nginx:1.22');
    expect(test.happened()).toEqual(['unready web-0', 'terminate web-3']);
  });

  it.each([
    ['50%', 2],
    ['10%', 1],
    ['99%', 4],
  ])('rounds %s of five down to %i', (value, down) => {
    const test = running({ replicas: 5, spec: rolling(value) }, gated);
    test.setImage('nginx:1.22');
    expect(test.happened().filter((line) => line.startsWith('terminate')).length).toBe(down);
  });
});

describe('revision history', () => {
  const revisions = (test: TestCluster): string[] =>
    ([...test.store.list('controllerrevisions.apps')] as ControllerRevision[])
      .sort((a, b) => a.revision - b.revision)
      .map((revision) => `${revision.revision} ${revision.data.spec.template.spec.containers[0]?.image}`);

  it('makes one for each template and renumbers an equal one on the way back', () => {
    const test = running();
    expect(revisions(test)).toEqual(['1 nginx:1.21']);
    test.setImage('nginx:1.22');
    test.settle();
    test.setImage('nginx:1.23');
    test.settle();
    test.setImage('nginx:1.22');
    test.settle();
    expect(revisions(test)).toEqual(['1 nginx:1.21', '3 nginx:1.23', '4 nginx:1.22']);
  });

  it('keeps the bytes that kubectl compares a template with: fields in their order, the directive first', () => {
    const test = running();
    const [revision] = [...test.store.list<ControllerRevision>('controllerrevisions.apps')] as [ControllerRevision];
    expect(Object.keys(revision.data.spec.template)).toEqual(['$patch', 'metadata', 'spec']);
    const [container] = revision.data.spec.template.spec.containers;
    expect(Object.keys(container as object)).toEqual(Object.keys(container as object).sort());
    expect(revision.data.spec.template.spec).toEqual(test.set().spec.template.spec);
  });

  it('does not grow with changes that leave the template alone', () => {
    const test = running();
    test.scale(5);
    test.settle();
    expect(revisions(test)).toEqual(['1 nginx:1.21']);
  });

  it.each([
    [0, ['5 nginx:1.25']],
    [2, ['3 nginx:1.23', '4 nginx:1.24', '5 nginx:1.25']],
    [-1, ['1 nginx:1.21', '2 nginx:1.22', '3 nginx:1.23', '4 nginx:1.24', '5 nginx:1.25']],
  ])('keeps a limit of %i beside what is live', (revisionHistoryLimit, kept) => {
    const test = running({ replicas: 1, spec: { revisionHistoryLimit } });
    for (const minor of [22, 23, 24, 25]) {
      test.setImage(`nginx:1.${minor}`);
      test.settle();
    }
    expect(revisions(test)).toEqual(kept);
  });

  it('spares a revision that a pod still wears', () => {
    const test = running({ spec: { revisionHistoryLimit: 0, updateStrategy: { type: 'OnDelete' } } });
    test.setImage('nginx:1.22');
    test.settle();
    expect(revisions(test)).toEqual(['1 nginx:1.21', '2 nginx:1.22']);
  });

  it('adopts orphaned revisions of its own', () => {
    const test = running();
    const [revision] = [...test.store.list<ControllerRevision>('controllerrevisions.apps')];
    const { ownerReferences: _refs, ...meta } = (revision as ControllerRevision).metadata;
    test.store.update({ ...(revision as ControllerRevision), metadata: meta });
    test.settle();
    const [adopted] = [...test.store.list<ControllerRevision>('controllerrevisions.apps')];
    expect(adopted?.metadata.ownerReferences?.[0]?.uid).toBe(test.set().metadata.uid);
    expect(revisions(test)).toEqual(['1 nginx:1.21']);
  });
});

describe('minReadySeconds', () => {
  it('makes availability lag behind readiness, and rollout and scale-down wait for it', () => {
    const test = new TestCluster();
    test.apply({ replicas: 2, spec: { minReadySeconds: 5 } });
    test.cluster.advanceTo(test.cluster.now + 1500);
    expect(test.set().status).toMatchObject({ readyReplicas: 1, availableReplicas: 0, replicas: 1 });
    test.settle();
    expect(test.set().status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
    const before = test.cluster.now;
    test.setImage('nginx:1.22');
    test.settle();
    expect(test.cluster.now - before).toBe(2 * (1000 + 1000 + 5000));
  });
});

describe('adoption and release', () => {
  it('adopts a pod that fits and repairs it, releases one whose label changes', () => {
    const test = running();
    const pod = test.pod('web-1') as Pod;
    test.store.update({ ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, app: 'other' } } });
    test.settle();
    const released = test.pod('web-1') as Pod;
    expect(released.metadata.uid).toBe(pod.metadata.uid);
    expect(released.metadata.ownerReferences).toBeUndefined();
    test.store.update({ ...released, metadata: { ...released.metadata, labels: pod.metadata.labels } });
    test.settle();
    expect(test.pod('web-1')?.metadata.ownerReferences?.[0]?.uid).toBe(test.set().metadata.uid);
    expect(test.set().status.replicas).toBe(3);
  });

  it('leaves a pod of another name or another controller alone', () => {
    const test = running({ replicas: 1 });
    const pod = test.pod('web-0') as Pod;
    const stranger = (name: string, ownerReferences?: Pod['metadata']['ownerReferences']) =>
      test.store.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', labels: { app: 'nginx' }, ...(ownerReferences && { ownerReferences }) },
        spec: { containers: pod.spec.containers },
      });
    stranger('db-1');
    stranger('web-1', [
      { apiVersion: 'v1', kind: 'Other', name: 'x', uid: test.store.entropy.uid(), controller: true },
    ]);
    test.cluster.drain();
    expect(test.pod('db-1')?.metadata.ownerReferences).toBeUndefined();
    expect(test.pod('web-1')?.metadata.ownerReferences?.[0]?.kind ?? 'gone').not.toBe('StatefulSet');
  });

  it('creates and adopts nothing while it is being deleted', () => {
    const test = running();
    test.store.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Foreground' });
    test.settle();
    expect(test.podNames()).toEqual([]);
    expect(test.store.get('statefulsets.apps', 'default', 'web')).toBeUndefined();
  });
});

describe('claim retention', () => {
  const policy = (whenDeleted: 'Retain' | 'Delete', whenScaled: 'Retain' | 'Delete') => ({
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  });
  const CASES = [
    ['Retain', 'Retain', [], ['data-web-0', 'data-web-1', 'data-web-2'], ['data-web-0', 'data-web-1', 'data-web-2']],
    ['Retain', 'Delete', [], ['data-web-0'], ['data-web-0']],
    ['Delete', 'Retain', ['StatefulSet web'], ['data-web-0', 'data-web-1', 'data-web-2'], []],
    ['Delete', 'Delete', ['StatefulSet web'], ['data-web-0'], []],
  ] as const;

  it.each(CASES)('whenDeleted %s, whenScaled %s', (whenDeleted, whenScaled, owned, afterScale, afterDelete) => {
    const test = running({ claims: ['data'], spec: policy(whenDeleted, whenScaled) });
    expect(owners(test, 'data-web-0')).toEqual(owned);
    test.scale(1);
    test.settle();
    expect(test.claimNames()).toEqual(afterScale);
    test.store.delete('statefulsets.apps', 'default', 'web', { propagationPolicy: 'Background' });
    test.settle();
    expect(test.claimNames()).toEqual(afterDelete);
  });

  it('follows a change of the policy', () => {
    const test = running({ claims: ['data'], spec: policy('Retain', 'Retain') });
    test.edit((spec) => ({ ...spec, ...policy('Delete', 'Retain') }));
    test.settle();
    expect(owners(test, 'data-web-2')).toEqual(['StatefulSet web']);
    test.edit((spec) => ({ ...spec, ...policy('Retain', 'Delete') }));
    test.settle();
    expect(owners(test, 'data-web-2')).toEqual([]);
  });

  it("leaves another controller's claim alone", () => {
    const test = running({ replicas: 1, claims: ['data'] });
    const claim = test.claim('data-web-0') as never as StatefulSet;
    test.store.update({
      ...claim,
      metadata: {
        ...claim.metadata,
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt', uid: rootCa(test), controller: true },
        ],
      },
    });
    test.edit((spec) => ({ ...spec, ...policy('Delete', 'Delete') }));
    test.settle();
    expect(owners(test, 'data-web-0')).toEqual(['ConfigMap kube-root-ca.crt']);
  });
});

const rootCa = (test: TestCluster): string =>
  test.store.get('configmaps', 'default', 'kube-root-ca.crt')?.metadata.uid ?? 'none';

describe('events', () => {
  it('tells of each claim and each pod', () => {
    const test = running({ replicas: 1, claims: ['a', 'b'] });
    expect(test.events('StatefulSet', 'web')).toEqual([
      'Normal SuccessfulCreate Create Claim a-web-0 Pod web-0 in StatefulSet web success',
      'Normal SuccessfulCreate Create Claim b-web-0 Pod web-0 in StatefulSet web success',
      'Normal SuccessfulCreate Create Pod web-0 in StatefulSet web successful',
    ]);
  });

  it('tells nothing of a pod that was there already', () => {
    const test = new TestCluster();
    test.store.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'default', labels: { app: 'other' } },
      spec: { containers: [{ name: 'c', image: 'c' }] },
    });
    test.apply({ replicas: 1 });
    test.settle();
    expect(test.events('StatefulSet', 'web')).toEqual([]);
  });

  it('warns when a claim that is being deleted stands in the way', () => {
    const test = running({ replicas: 1, claims: ['data'] });
    const claim = test.claim('data-web-0') as never as StatefulSet;
    test.store.update({ ...claim, metadata: { ...claim.metadata, finalizers: ['example.com/hold'] } });
    test.store.delete('persistentvolumeclaims', 'default', 'data-web-0');
    test.deletePod('web-0', 0);
    // Once for the deletion of the pod, once for the status that followed.
    expect(test.events('StatefulSet', 'web').at(-1)).toBe(
      'Warning FailedCreate Create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted (x2)',
    );
  });
});

it('accepts its own manifest again', () => {
  const test = running();
  const before = test.set();
  const after = test.store.update<StatefulSet>({ ...(setManifest() as never as StatefulSet) });
  expect(after.metadata.generation).toBe(before.metadata.generation);
});
