import { beforeEach, describe, expect, test } from 'vitest';
import type { Endpoints, Pod } from '../../../../src/core/api/types';
import { podOf, serviceOf, setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const headless = { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'web', port: 80 }] };
const endpoints = (name: string) => world.get<Endpoints>('endpoints', name);
const hosts = (name: string) =>
  (endpoints(name)?.subsets ?? []).map((subset) => ({
    ready: subset.addresses?.map((address) => address.hostname),
    unready: subset.notReadyAddresses?.map((address) => address.hostname),
    ports: subset.ports?.map((port) => port.port),
  }));
const unready = (name: string) => {
  const pod = world.pod(name);
  world.update({ ...pod, metadata: { ...pod.metadata, annotations: { 'stsctl.dev/ready': 'false' } } });
  world.settle();
  world.cluster.flush();
};
const labelled = (name: string, spec: object = {}) => podOf(name, spec, { labels: { app: 'web' } });

test('the pods of a set under their host names, in the whole form', () => {
  world.create(serviceOf('nginx', headless, { labels: { tier: 'front' } }));
  world.create(setOf('web', 2));
  world.settle();
  const found = endpoints('nginx');
  expect(found?.metadata.labels).toEqual({
    tier: 'front',
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
    'service.kubernetes.io/headless': '',
  });
  const address = (pod: Pod) => ({
    hostname: pod.metadata.name,
    ip: pod.status.podIP,
    nodeName: 'node-1',
    targetRef: { kind: 'Pod', namespace: 'default', name: pod.metadata.name, uid: pod.metadata.uid },
  });
  expect(found?.subsets).toEqual([
    {
      addresses: [address(world.pod('web-0')), address(world.pod('web-1'))],
      ports: [{ name: 'web', port: 80, protocol: 'TCP' }],
    },
  ]);
});

test('the host name belongs to the service that the pods name as their subdomain', () => {
  world.create(serviceOf('other', { selector: { app: 'web' }, ports: [{ port: 80 }] }));
  world.create(setOf('web', 1));
  world.settle();
  expect(hosts('other')).toEqual([{ ready: [undefined], unready: undefined, ports: [80] }]);
  expect(endpoints('other')?.metadata.labels).toEqual({ 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
});

describe('who is in', () => {
  beforeEach(() => {
    world.create(serviceOf('nginx', headless));
    world.create(serviceOf('all', { ...headless, publishNotReadyAddresses: true }));
    world.create(setOf('web', 2));
    world.settle();
  });

  test('a pod that is not ready is set apart, unless the service publishes all', () => {
    unready('web-1');
    expect(hosts('nginx')).toEqual([{ ready: ['web-0'], unready: ['web-1'], ports: [80] }]);
    expect(hosts('all')[0].ready).toHaveLength(2);
    expect(hosts('all')[0].unready).toBeUndefined();
  });

  test('a terminating pod is out, unless the service publishes all', () => {
    world.delete('pods', 'web-1');
    expect(hosts('nginx')).toEqual([{ ready: ['web-0'], unready: undefined, ports: [80] }]);
    expect(hosts('all')[0].ready).toHaveLength(2);
  });

  test('a pod that lost its label is out, one that gained it is in', () => {
    const pod = world.pod('web-1');
    world.update({ ...pod, metadata: { ...pod.metadata, labels: { app: 'x' } } });
    expect(hosts('nginx')[0].ready).toEqual(['web-0']);
  });

  test('without pods nothing is left but the object', () => {
    world.delete('statefulsets.apps', 'web', { propagationPolicy: 'Background' });
    world.settle();
    expect(endpoints('nginx')).toBeDefined();
    expect(endpoints('nginx')?.subsets).toBeUndefined();
  });
});

describe('ports', () => {
  test('a named target is looked up in each pod; pods of other ports make another subset', () => {
    world.create(serviceOf('s', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] }));
    world.create(labelled('a'));
    world.create(
      labelled('b', { containers: [{ name: 'c', image: 'x', ports: [{ name: 'web', containerPort: 8080 }] }] }),
    );
    world.create(labelled('c', { containers: [{ name: 'c', image: 'x' }] }));
    world.settle();
    expect(hosts('s').map(({ ports }) => ports)).toEqual([[80], [8080]]);
  });

  test('a headless service without ports lists addresses all the same', () => {
    world.create(serviceOf('s', { clusterIP: 'None', selector: { app: 'web' } }));
    world.create(labelled('a'));
    world.settle();
    expect(hosts('s')).toEqual([{ ready: [undefined], unready: undefined, ports: undefined }]);
  });
});

test('a service without a selector is left to its user', () => {
  world.create(serviceOf('s', { ports: [{ port: 80 }] }));
  expect(endpoints('s')).toBeUndefined();
  const manual = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 's', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '10.9.9.9' }], ports: [{ port: 80 }] }],
  };
  world.create(manual);
  world.settle();
  expect(endpoints('s')?.subsets?.[0].addresses).toEqual([{ ip: '10.9.9.9' }]);
});

test('the endpoints go with their service', () => {
  world.create(serviceOf('s', { selector: { app: 'web' }, ports: [{ port: 80 }] }));
  expect(endpoints('s')).toBeDefined();
  world.delete('services', 's');
  expect(endpoints('s')).toBeUndefined();
});

test('more than a thousand addresses are cut off and it is said', () => {
  world.create(serviceOf('nginx', headless));
  world.create(setOf('web', 1005, { podManagementPolicy: 'Parallel' }));
  world.settle();
  expect(endpoints('nginx')?.subsets?.[0].addresses).toHaveLength(1000);
  expect(endpoints('nginx')?.metadata.annotations?.['endpoints.kubernetes.io/over-capacity']).toBe('truncated');
});

test('a burst of pod events costs one write', () => {
  world.create(serviceOf('nginx', headless));
  let writes = 0;
  world.cluster.onEvent((event) => {
    if (event.resource.plural === 'endpoints') writes++;
  });
  world.create(setOf('web', 50, { podManagementPolicy: 'Parallel' }));
  world.settle();
  expect(writes).toBeLessThanOrEqual(3);
});
