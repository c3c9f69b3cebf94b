import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPodReady } from '../../../../src/core/api/pod';
import type { Pod } from '../../../../src/core/api/types';
import { answer } from '../../../../src/core/kubelet/dns';
import { resolve } from '../../../../src/core/kubelet/dns/ask';
import type { RecordType } from '../../../../src/core/reports/dns';
import { podManifest, serviceManifest, setManifest, World } from '../network/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const CONTAINERS = { containers: [{ name: 'c', image: 'mine', ports: [{ name: 'http', containerPort: 8080 }] }] };
const ip = (pod: string) => world.pod(pod).status.podIP ?? '';
const values = (name: string, type: RecordType = 'A') =>
  answer(world.cluster.store, name, type).records.map((record) => `${record.type} ${record.value}`);
const status = (name: string) => answer(world.cluster.store, name, 'A').status;
const setReady = (name: string, ready: boolean) => {
  const pod = world.pod(name);
  const conditions = (pod.status.conditions ?? []).map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: ready ? 'True' : 'False' } : condition,
  );
  world.cluster.store.updateStatus<Pod>(pod, { ...pod.status, conditions });
};

describe('a headless service', () => {
  beforeEach(() => {
    const ports = [{ name: 'web', port: 80, targetPort: 'http' }];
    world.create(serviceManifest('nginx', { ports }), setManifest('web', 'nginx', 2, CONTAINERS));
  });

  test('has the addresses of its pods, and each pod its own name', () => {
    expect(values('nginx.default.svc.cluster.local')).toEqual([`A ${ip('web-0')}`, `A ${ip('web-1')}`]);
    expect(values('web-1.nginx.default.svc.cluster.local.')).toEqual([`A ${ip('web-1')}`]);
    expect(values('WEB-1.nginx.default.svc.cluster.local')).toEqual([`A ${ip('web-1')}`]);
    expect(status('web-2.nginx.default.svc.cluster.local')).toBe('NXDOMAIN');
    expect(status('web-0.nginx.other.svc.cluster.local')).toBe('NXDOMAIN');
  });

  test('has SRV records of its named port, with the ports of the pods', () => {
    const found = answer(world.cluster.store, '_web._tcp.nginx.default.svc.cluster.local', 'SRV');
    expect(found.records.map(({ value }) => value)).toEqual([
      '0 50 8080 web-0.nginx.default.svc.cluster.local',
      '0 50 8080 web-1.nginx.default.svc.cluster.local',
    ]);
    expect(found.additional.map(({ name, value }) => [name, value])).toEqual([
      ['web-0.nginx.default.svc.cluster.local', ip('web-0')],
      ['web-1.nginx.default.svc.cluster.local', ip('web-1')],
    ]);
    expect(status('_nope._tcp.nginx.default.svc.cluster.local')).toBe('NXDOMAIN');
  });

  test('is known backwards', () => {
    const question = `${ip('web-0').split('.').reverse().join('.')}.in-addr.arpa`;
    expect(values(question, 'PTR')).toEqual(['PTR web-0.nginx.default.svc.cluster.local']);
    expect(answer(world.cluster.store, '9.9.9.9', 'PTR').status).toBe('NXDOMAIN');
  });

  test('names only what is ready', () => {
    setReady('web-0', false);
    expect(values('nginx.default.svc.cluster.local')).toEqual([`A ${ip('web-1')}`]);
    expect(status('web-0.nginx.default.svc.cluster.local')).toBe('NXDOMAIN');
    setReady('web-1', false);
    expect(status('nginx.default.svc.cluster.local')).toBe('NXDOMAIN');
  });

  test('keeps a name while its address changes', () => {
    const before = ip('web-0');
    world.delete('pods', 'web-0');
    expect(ip('web-0')).not.toBe(before);
    expect(values('web-0.nginx.default.svc.cluster.local')).toEqual([`A ${ip('web-0')}`]);
  });

  test('answers with every ready pod and no other (any pods made unready)', () => {
    const service = serviceManifest('many');
    world.create(service, setManifest('m', 'many', 4, CONTAINERS));
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (ready) => {
        for (const [i, is] of ready.entries()) setReady(`m-${i}`, is);
        const pods = [0, 1, 2, 3].map((i) => world.pod(`m-${i}`));
        const expected = pods.filter(isPodReady).map((pod) => `A ${pod.status.podIP}`);
        expect(values('many.default.svc.cluster.local')).toEqual(expected);
      }),
      { numRuns: 16 },
    );
  });
});

test('publishNotReadyAddresses names all', () => {
  world.create(
    serviceManifest('p', { publishNotReadyAddresses: true }),
    podManifest('a', { image: 'm', labels: { app: 'p' } }),
  );
  setReady('a', false);
  expect(values('p.default.svc.cluster.local')).toEqual([`A ${ip('a')}`]);
});

test('a hostname counts under its subdomain only', () => {
  const pod = (name: string, spec: object) => podManifest(name, { image: 'm', labels: { app: 's' }, spec });
  world.create(
    serviceManifest('s'),
    pod('a', { hostname: 'alpha', subdomain: 's' }),
    pod('b', { hostname: 'beta' }),
    pod('c', { hostname: 'gamma', subdomain: 'other' }),
  );
  expect(values('alpha.s.default.svc.cluster.local')).toEqual([`A ${ip('a')}`]);
  expect(status('beta.s.default.svc.cluster.local')).toBe('NXDOMAIN');
  expect(status('gamma.s.default.svc.cluster.local')).toBe('NXDOMAIN');
  const dashed = ip('b').replaceAll('.', '-');
  expect(values(`${dashed}.s.default.svc.cluster.local`)).toEqual([`A ${ip('b')}`]);
  expect(values(`${dashed}.default.pod.cluster.local`)).toEqual([`A ${ip('b')}`]);
});

test('a service with an address answers with it', () => {
  world.create(serviceManifest('front', { clusterIP: '10.96.7.7', ports: [{ name: 'web', port: 80 }] }));
  expect(values('front.default.svc.cluster.local')).toEqual(['A 10.96.7.7']);
  expect(values('_web._tcp.front.default.svc.cluster.local', 'SRV')).toEqual([
    'SRV 0 100 80 front.default.svc.cluster.local',
  ]);
  expect(values('10.96.7.7', 'PTR')).toEqual(['PTR front.default.svc.cluster.local']);
});

test('ExternalName is an alias, also of a service inside', () => {
  const alias = (name: string, externalName: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { type: 'ExternalName', externalName },
  });
  world.create(alias('out', 'db.example.com'), alias('api', 'kubernetes.default.svc.cluster.local'));
  expect(values('out.default.svc.cluster.local')).toEqual(['CNAME db.example.com']);
  expect(values('api.default.svc.cluster.local')).toEqual([
    'CNAME kubernetes.default.svc.cluster.local',
    'A 10.96.0.1',
  ]);
});

describe('search domains', () => {
  const ask = (name: string, namespace = 'default') => resolve(world.cluster.store, name, 'A', namespace);
  test('are tried before the name itself where it has fewer dots than ndots', () => {
    expect(ask('kubernetes').name).toBe('kubernetes.default.svc.cluster.local');
    expect(ask('kubernetes.default', 'kube-system').name).toBe('kubernetes.default.svc.cluster.local');
    expect(ask('kubernetes', 'kube-system').status).toBe('NXDOMAIN');
    expect(ask('kubernetes.').status).toBe('NXDOMAIN');
    expect(ask('kubernetes.default.svc.cluster.local.').records.map(({ value }) => value)).toEqual(['10.96.0.1']);
  });
});
