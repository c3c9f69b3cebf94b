/** What becomes of a node that is cut off, and of its pods. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Node, Pod } from '../../../../src/core/api/types';
import { Cluster } from '../../../../src/core/simulation/cluster';
import { setNodes } from '../../../../src/core/simulation/nodes';
import { START, TestCluster } from '../../../support/cluster';

let world: TestCluster;
const lose = (name: string): string => world.cluster.fail({ target: 'node', what: 'lost', name }).id;
const heal = (id: string): void => void world.cluster.heal(id);
const pass = (seconds: number): void => {
  world.cluster.advanceTo(world.cluster.now + seconds * 1000);
  world.cluster.flush();
};
const node = (name: string): Node => world.store.get<Node>('nodes', '', name) as Node;
const pod = (name: string): Pod => world.pod(name) as Pod;
const ready = (name: string): string | undefined =>
  node(name).status.conditions?.find((c) => c.type === 'Ready')?.status;
const taints = (name: string): string[] => (node(name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const places = (): string[] =>
  world
    .pods()
    .map(
      (p) => `${p.metadata.name} ${p.spec.nodeName} ${p.metadata.deletionTimestamp ? 'Terminating' : p.status.phase}`,
    );
const events = (name: string): string[] =>
  [...world.store.list('events')]
    .filter((e) => (e.involvedObject as { name: string }).name === name)
    .map((e) => `${e.type} ${e.reason} ${e.message} (${(e.source as { component: string }).component})`);
const UNREACHABLE = 'node.kubernetes.io/unreachable';

beforeEach(() => {
  world = new TestCluster();
  setNodes(world.store, 3);
  world.apply();
  world.settle();
});

test('nothing is seen of it until it has been silent for fifty seconds', () => {
  lose('node-2');
  pass(49);
  expect([ready('node-2'), taints('node-2'), pod('web-1').status.phase]).toEqual(['True', [], 'Running']);
  pass(2);
  expect(ready('node-2')).toBe('Unknown');
  expect(node('node-2').status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'DiskPressure',
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    }),
  );
  expect(taints('node-2')).toEqual([`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`]);
  expect(events('node-2')).toEqual(['Normal NodeNotReady Node node-2 status is now: NodeNotReady (node-controller)']);
  expect(pod('web-1').status.conditions?.find((c) => c.type === 'Ready')?.status).toBe('False');
  expect(events('web-1').at(-1)).toBe('Warning NodeNotReady Node is not ready (node-controller)');
  expect(world.set().status.readyReplicas).toBe(2);
});

test('a node that returns in time was never away', () => {
  const before = JSON.stringify([...world.store.list('nodes'), ...world.pods()]);
  const id = lose('node-2');
  pass(30);
  heal(id);
  expect(world.cluster.isSettled()).toBe(true);
  pass(600);
  expect(JSON.stringify([...world.store.list('nodes'), ...world.pods()])).toBe(before);
  expect(world.cluster.snapshot().memory ?? {}).not.toHaveProperty(['node-lifecycle/node-2']);
});

test('five minutes later its pods are deleted, and stay Terminating as long as it is away', () => {
  lose('node-2');
  pass(50 + 299);
  expect(places()).toEqual(['web-0 node-1 Running', 'web-1 node-2 Running', 'web-2 node-3 Running']);
  pass(2);
  expect(places()).toEqual(['web-0 node-1 Running', 'web-1 node-2 Terminating', 'web-2 node-3 Running']);
  expect(events('web-1').at(-1)).toBe(
    'Normal TaintManagerEviction Marking for deletion Pod default/web-1 (taint-eviction-controller)',
  );
  expect(pod('web-1').status.conditions?.at(-1)).toMatchObject({
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  });
  const { uid } = pod('web-1').metadata;
  pass(24 * 3600);
  expect(pod('web-1').metadata.uid).toBe(uid);
});

test('when the node returns, what was to end ends, and the set makes it anew', () => {
  const id = lose('node-2');
  pass(400);
  const { uid } = pod('web-1').metadata;
  heal(id);
  expect([ready('node-2'), taints('node-2')]).toEqual(['True', []]);
  expect(events('node-2').at(-1)).toBe('Normal NodeReady Node node-2 status is now: NodeReady (kubelet)');
  world.settle();
  expect(pod('web-1').metadata.uid).not.toBe(uid);
  expect(places()).toEqual(['web-0 node-1 Running', 'web-1 node-2 Running', 'web-2 node-3 Running']);
  expect(world.set().status.readyReplicas).toBe(3);
});

test('when the node returns before, its pods are ready again and their eviction is called off', () => {
  const id = lose('node-2');
  pass(100);
  const { uid } = pod('web-1').metadata;
  heal(id);
  world.settle();
  expect([pod('web-1').metadata.uid, world.set().status.readyReplicas]).toEqual([uid, 3]);
  expect(events('web-1').at(-1)).toBe(
    'Normal TaintManagerEviction Cancelling deletion of Pod default/web-1 (taint-eviction-controller)',
  );
  expect(world.cluster.isSettled()).toBe(true);
  expect(world.cluster.nextDue()).toBeUndefined();
});

test('force takes the pod away, and its successor runs elsewhere', () => {
  lose('node-2');
  pass(60);
  world.store.delete('pods', 'default', 'web-1');
  pass(60);
  expect(places()[1]).toBe('web-1 node-2 Terminating');
  world.store.delete('pods', 'default', 'web-1', { gracePeriodSeconds: 0 });
  pass(5);
  expect(places()[1]).toMatch(/^web-1 node-[13] Running$/);
});

test('a pod that was about to start on the node starts when it returns', () => {
  world.scale(4);
  expect(pod('web-3').status.phase).toBe('Pending');
  const at = pod('web-3').spec.nodeName as string;
  const id = lose(at);
  pass(20);
  expect(pod('web-3').status.phase).toBe('Pending');
  heal(id);
  world.settle();
  expect(pod('web-3').status.phase).toBe('Running');
  world.scale(5);
  const other = lose(pod('web-4').spec.nodeName as string);
  world.scale(4);
  pass(20);
  expect(places()[4]).toMatch(/Terminating$/);
  heal(other);
  world.settle();
  expect(world.podNames()).toHaveLength(4);
});

test('out of service: the pods are taken for dead', () => {
  lose('node-2');
  pass(60);
  const old = node('node-2');
  const taint = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' };
  world.store.update({ ...old, spec: { ...old.spec, taints: [...(old.spec.taints ?? []), taint] } });
  world.cluster.drain();
  expect(places()[1]).toBe('web-1 node-2 Terminating');
  pass(25);
  expect(places()[1]).toMatch(/^web-1 node-[13] Running$/);
});

test('a node whose object goes takes its pods with it after a while', () => {
  world.store.delete('nodes', '', 'node-2');
  pass(39);
  expect(places()[1]).toBe('web-1 node-2 Running');
  pass(5);
  expect(places()[1]).toMatch(/^web-1 node-[13] Running$/);
});

describe('who is evicted', () => {
  const driven = (): string[] =>
    [...world.store.list<Node>('nodes')]
      .map(({ metadata: { name } }) => name)
      .filter((name) => taints(name).includes(`${UNREACHABLE}:NoExecute`))
      .sort();
  const zone = (name: string, value: string): void => {
    const one = node(name);
    const labels = { ...one.metadata.labels, 'topology.kubernetes.io/zone': value };
    world.store.update({ ...one, metadata: { ...one.metadata, labels } });
  };

  test('the pods of one node of a zone in ten seconds', () => {
    setNodes(world.store, 5);
    for (const name of ['node-1', 'node-2']) lose(name);
    pass(51);
    expect(driven()).toEqual(['node-1']);
    pass(8);
    expect(driven()).toEqual(['node-1']);
    pass(2);
    expect(driven()).toEqual(['node-1', 'node-2']);
    const times = ['node-1', 'node-2'].map((name) => {
      const added = node(name).spec.taints?.find(({ effect }) => effect === 'NoExecute');
      return Date.parse((added as { timeAdded?: string }).timeAdded ?? '');
    });
    expect((times[1] as number) - (times[0] as number)).toBe(10_000);
  });

  test('the pods of nodes of other zones at the same time, also where nothing is left of one', () => {
    setNodes(world.store, 5);
    for (const name of ['node-1', 'node-2']) zone(name, 'a');
    for (const name of ['node-1', 'node-2', 'node-3']) lose(name);
    pass(51);
    expect(driven()).toEqual(['node-1', 'node-3']);
    pass(10);
    expect(driven()).toEqual(['node-1', 'node-2', 'node-3']);
  });

  test('nobody else where most of a zone is away, and slowly where it is a large one', () => {
    setNodes(world.store, 10);
    for (const n of [1, 2, 3, 4, 5, 6]) lose(`node-${n}`);
    pass(200);
    expect(driven().length).toBeLessThan(6);
    const before = driven();
    setNodes(world.store, 60);
    for (let n = 7; n <= 40; n++) lose(`node-${n}`);
    pass(100);
    const then = driven();
    expect(then.length).toBeGreaterThan(before.length);
    pass(200);
    expect(driven().length - then.length).toBe(2);
  });

  test('whoever waits for its turn has it too after the state was saved', () => {
    setNodes(world.store, 5);
    for (const name of ['node-1', 'node-2']) lose(name);
    pass(55);
    const loaded = Cluster.restore(JSON.parse(JSON.stringify(world.cluster.snapshot())));
    loaded.advanceTo(loaded.now + 7000);
    const second = loaded.store.get<Node>('nodes', '', 'node-2') as Node;
    expect(second.spec.taints?.map(({ effect }) => effect).sort()).toEqual(['NoExecute', 'NoSchedule']);
  });

  test('nobody of a node that returns while it waits', () => {
    setNodes(world.store, 5);
    lose('node-1');
    const id = lose('node-2');
    pass(55);
    heal(id);
    pass(30);
    expect([driven(), taints('node-2')]).toEqual([['node-1'], []]);
  });

  test('nobody, when all nodes are away: then it is not the nodes that are broken', () => {
    const ids = ['node-1', 'node-2', 'node-3'].map(lose);
    pass(60);
    for (const name of ['node-1', 'node-2', 'node-3']) expect(taints(name)).toEqual([`${UNREACHABLE}:NoSchedule`]);
    pass(1000);
    expect(places().join()).not.toContain('Terminating');
    heal(ids[0] as string);
    pass(1);
    expect([taints('node-1'), taints('node-2').length, taints('node-3').length]).toEqual([[], 2, 1]);
    pass(301);
    expect(places().at(-1)).toBe('web-2 node-3 Running');
    pass(10);
    expect(places()).toEqual(['web-0 node-1 Running', 'web-1 node-2 Terminating', 'web-2 node-3 Terminating']);
  });

  test('pods that do not tolerate a NoExecute taint of the user at once, the others when their time is over, or never', () => {
    const tolerant = (seconds?: number) => ({
      key: 'broken',
      operator: 'Exists',
      effect: 'NoExecute',
      ...(seconds !== undefined && { tolerationSeconds: seconds }),
    });
    for (const [name, tolerations] of [
      ['patient', [tolerant()]],
      ['brief', [tolerant(20)]],
    ] as const)
      world.store.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: { nodeName: 'node-2', tolerations, containers: [{ name: 'c', image: 'nginx' }] },
      });
    pass(5);
    const old = node('node-2');
    world.store.update({ ...old, spec: { ...old.spec, taints: [{ key: 'broken', effect: 'NoExecute' }] } });
    world.cluster.drain();
    expect(places()).toEqual([
      ...['brief node-2 Running', 'patient node-2 Running', 'web-0 node-1 Running'],
      ...['web-1 node-2 Terminating', 'web-2 node-3 Running'],
    ]);
    pass(15);
    expect(places()).toContain('brief node-2 Running');
    pass(10);
    expect(places().join()).not.toContain('brief');
    expect(places()).toContain('patient node-2 Running');
    expect(places().join()).toMatch(/web-1 node-[13] Running/);
  });
});

test('the state that was saved goes on as the one that lived on', () => {
  lose('node-2');
  pass(100);
  const copy = new TestCluster();
  Object.assign(copy, { cluster: Object.getPrototypeOf(world.cluster).constructor.restore(world.cluster.snapshot()) });
  for (const one of [world, copy]) {
    one.cluster.advanceTo(START + 500_000);
    one.cluster.flush();
  }
  expect(JSON.stringify(copy.cluster.snapshot())).toBe(JSON.stringify(world.cluster.snapshot()));
});
