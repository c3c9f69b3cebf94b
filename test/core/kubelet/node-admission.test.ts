/** What a node does with pods by itself: those it turns away, and those whose objects outlive their containers. */
import { describe, expect, it } from 'vitest';
import type { Manifest, Pod } from '../../../src/core/api/types';
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
