/** What a node does with pods by itself: those it turns away, and those whose objects outlive their containers. */
import { describe, expect, it } from 'vitest';
import type { Manifest, Node, Pod } from '../../../src/core/api/types';
import { setNodes } from '../../../src/core/simulation/nodes';
import { START, setManifest, TestCluster } from '../../support/cluster';

const pod = (name: string, spec: object): Manifest =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec }) as Manifest;
const onPort = (hostPort: number, more: object = {}) => ({
  nodeName: 'node-1',
  containers: [{ name: 'c', image: 'i', ports: [{ hostPort, containerPort: 80, ...more }] }],
});

function cluster(...pods: readonly Manifest[]) {
  const test = new TestCluster();
  for (const one of pods) test.store.create(one);
  test.cluster.drain();
  const at = (ms: number): void => test.cluster.advanceTo(START + ms);
  const phase = (name: string) => (test.pod(name) as Pod | undefined)?.status.phase;
  return { test, at, phase };
}

describe('a pod that is put on a node whose port is taken', () => {
  it('is turned away', () => {
    const { test, at, phase } = cluster(pod('first', onPort(8080)), pod('second', onPort(8080)));
    at(2000);
    expect([phase('first'), phase('second')]).toEqual(['Running', 'Failed']);
    const { status } = test.pod('second') as Pod;
    expect([status.reason, status.message, status.podIP]).toEqual([
      'NodePorts',
      "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
      undefined,
    ]);
  });

  it.each([
    ['another port', 8081, {}],
    ['another protocol', 8080, { protocol: 'UDP' }],
  ])('is taken with %s', (_, port, more) => {
    const { at, phase } = cluster(pod('first', onPort(8080)), pod('second', onPort(port, more)));
    at(2000);
    expect(phase('second')).toBe('Running');
  });

  it('is taken once the port is free, and a set makes it anew until then', () => {
    const { test, at, phase } = cluster(pod('first', onPort(8080)));
    at(2000);
    const set = setManifest({ replicas: 1 }) as Manifest & { spec: { template: { spec: object } } };
    Object.assign(set.spec.template.spec, onPort(8080));
    test.store.create(set);
    test.cluster.drain();
    const uids = new Set<string>();
    for (let ms = 2000; ms < 12_000; ms += 500) {
      at(ms);
      const uid = test.pod('web-0')?.metadata.uid;
      if (uid) uids.add(uid);
    }
    expect(uids.size).toBeGreaterThan(2);
    test.store.delete('pods', 'default', 'first', { gracePeriodSeconds: 0 });
    at(20_000);
    expect(phase('web-0')).toBe('Running');
  });
});

describe('a pod that is put on a node past the scheduler', () => {
  const asking = (requests: Record<string, string>, more: object = {}) => ({
    nodeName: 'node-1',
    containers: [{ name: 'c', image: 'i', resources: { requests, limits: requests } }],
    ...more,
  });

  /** A node of two cpus, a gibibyte and three pods, with whatever is to be different. */
  function small(change: (node: Node) => Node = (node) => node) {
    const made = cluster();
    const { store } = made.test;
    const node = store.get<Node>('nodes', '', 'node-1') as Node;
    const allocatable = { cpu: '2', memory: '1Gi', pods: '3', 'ephemeral-storage': '1Gi', 'example.com/gpu': '1' };
    const smaller = store.updateStatus<Node>(node, { ...node.status, allocatable });
    const next = change(smaller);
    if (next !== smaller) store.update(next);
    made.test.cluster.drain();
    return made;
  }

  function turnedAway(made: ReturnType<typeof small>, spec: object) {
    made.test.store.create(pod('p', spec));
    made.test.cluster.drain();
    made.at(3000);
    const { phase, reason, message } = (made.test.pod('p') as Pod).status;
    expect(made.test.events('Pod', 'p').filter((text) => text.startsWith('Warning'))).toEqual(
      reason === undefined ? [] : [`Warning ${reason} ${message?.replace('Pod was rejected: ', '')}`],
    );
    return `${phase} ${reason} ${message}`;
  }

  it.each([
    ['cpu', { cpu: '2500m' }, 'OutOfcpu', 'cpu, requested: 2500, used: 0, capacity: 2000'],
    ['memory', { memory: '2Gi' }, 'OutOfmemory', 'memory, requested: 2147483648, used: 0, capacity: 1073741824'],
    [
      'pieces',
      { 'example.com/gpu': '2' },
      'OutOfexample.com/gpu',
      'example.com/gpu, requested: 2, used: 0, capacity: 1',
    ],
  ])('is turned away where %s is short', (_, requests, reason, words) => {
    expect(turnedAway(small(), asking(requests))).toBe(
      `Failed ${reason} Pod was rejected: Node didn't have enough resource: ${words}`,
    );
  });

  it('is turned away beside what the node has taken, the number of pods first', () => {
    const made = small();
    const { store } = made.test;
    store.create(pod('one', asking({ cpu: '1500m' })));
    made.test.cluster.drain();
    const crowded = turnedAway(made, asking({ cpu: '600m' }));
    expect(crowded).toMatch(/^Failed OutOfcpu .*requested: 600, used: 1500, capacity: 2000$/);
    for (const name of ['two', 'three']) store.create(pod(name, asking({})));
    store.create(pod('four', asking({ cpu: '100' })));
    made.at(10_000);
    expect((made.test.pod('four') as Pod).status.message).toBe(
      "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
    );
  });

  it('is turned away where it selects other nodes', () => {
    expect(turnedAway(small(), asking({}, { nodeSelector: { disk: 'fast' } }))).toBe(
      "Failed NodeAffinity Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    );
  });

  it('is turned away by a taint that drives pods off, and by no other', () => {
    const tainted = (effect: string) =>
      small((node) => ({ ...node, spec: { ...node.spec, unschedulable: true, taints: [{ key: 'k', effect }] } }));
    expect(turnedAway(tainted('NoSchedule'), asking({}))).toBe('Running undefined undefined');
    const tolerant = asking({}, { tolerations: [{ operator: 'Exists' }] });
    expect(turnedAway(tainted('NoExecute'), tolerant)).toBe('Running undefined undefined');
    const made = tainted('NoExecute');
    made.test.store.create({
      ...pod('p', asking({})),
      metadata: { name: 'p', namespace: 'default', finalizers: ['a/b'] },
    });
    made.at(3000);
    expect((made.test.pod('p') as Pod).status.phase).not.toBe('Running');
  });

  it('waits for a node that is not there, and goes with those that nobody heard of', () => {
    const { test, at, phase } = cluster(pod('p', { ...asking({}), nodeName: 'node-2' }));
    at(5000);
    expect([phase('p'), test.pod('p')?.status.containerStatuses]).toEqual(['Pending', undefined]);
    setNodes(test.store, 2);
    at(10_000);
    expect(phase('p')).toBe('Running');
    expect(test.pod('p')?.status.conditions?.find(({ type }) => type === 'PodScheduled')?.status).toBe('True');
    test.store.create(pod('q', { ...asking({}), nodeName: 'node-9' }));
    at(200_000);
    expect(test.pod('q')).toBeUndefined();
  });

  it('is taken with what the node does not know of', () => {
    expect(turnedAway(small(), asking({ 'example.com/elsewhere': '5', cpu: '2' }))).toBe('Running undefined undefined');
  });
});

describe('a deleted pod that finalizers hold', () => {
  const held = (spec: object, options = {}) => {
    const made = cluster(pod('p', spec));
    made.at(3000);
    const { store } = made.test;
    const now = made.test.pod('p') as Pod;
    store.update({ ...now, metadata: { ...now.metadata, finalizers: ['example.com/hold'] } });
    store.delete('pods', 'default', 'p', options);
    made.at(40_000);
    const stops = [...store.list('events')].filter(
      (event) => (event as unknown as { reason: string }).reason === 'Killing',
    );
    expect(stops).toHaveLength(1);
    return (made.test.pod('p') as Pod).status;
  };
  const readiness = (status: Pod['status']) => status.conditions?.find(({ type }) => type === 'Ready')?.status;

  it('is over once its containers have ended, where its readiness is probed', () => {
    const readinessProbe = { httpGet: { path: '/', port: 80 } };
    const status = held({ containers: [{ name: 'c', image: 'i', readinessProbe }] });
    expect([status.phase, readiness(status)]).toEqual(['Succeeded', 'False']);
    expect(status.containerStatuses?.[0]).toMatchObject({ ready: false, state: { terminated: { exitCode: 0 } } });
  });

  it('is over too when it is deleted without grace', () => {
    const readinessProbe = { httpGet: { path: '/', port: 80 } };
    const status = held({ containers: [{ name: 'c', image: 'i', readinessProbe }] }, { gracePeriodSeconds: 0 });
    expect([status.phase, readiness(status)]).toEqual(['Succeeded', 'False']);
  });

  it('stays as it is where nobody probes', () => {
    const status = held({ containers: [{ name: 'c', image: 'i' }] });
    expect([status.phase, readiness(status)]).toEqual(['Running', 'True']);
  });
});
