import { beforeEach, expect, test } from 'vitest';
import type { EndpointSlice } from '../../../../src/core/api/types';
import { serviceOf, setOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const SLICES = 'endpointslices.discovery.k8s.io';
const headless = { clusterIP: 'None', selector: { app: 'web' }, ports: [{ name: 'web', port: 80 }] };
const slices = (service = 'nginx') =>
  [...world.cluster.store.list<EndpointSlice>(SLICES)].filter(
    (s) => s.metadata.labels?.['kubernetes.io/service-name'] === service,
  );
const states = () =>
  slices().flatMap((slice) =>
    slice.endpoints.map(
      (e) => `${e.hostname} ${e.conditions?.ready} ${e.conditions?.serving} ${e.conditions?.terminating}`,
    ),
  );

test('one slice for a small service, in the whole form', () => {
  const service = world.create(serviceOf('nginx', headless));
  world.create(setOf('web', 1));
  world.settle();
  const pod = world.pod('web-0');
  const [slice, ...others] = slices();
  expect(others).toEqual([]);
  expect(slice.metadata.name).toMatch(/^nginx-[a-z0-9]{5}$/);
  expect(slice.metadata.labels).toEqual({
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': 'nginx',
    'service.kubernetes.io/headless': '',
  });
  expect(slice.metadata.ownerReferences?.[0]).toMatchObject({
    kind: 'Service',
    name: 'nginx',
    uid: service.metadata.uid,
  });
  expect(slice.addressType).toBe('IPv4');
  expect(slice.ports).toEqual([{ name: 'web', port: 80, protocol: 'TCP' }]);
  expect(slice.endpoints).toEqual([
    {
      addresses: [pod.status.podIP],
      conditions: { ready: true, serving: true, terminating: false },
      hostname: 'web-0',
      nodeName: 'node-1',
      targetRef: { kind: 'Pod', namespace: 'default', name: 'web-0', uid: pod.metadata.uid },
    },
  ]);
});

test('conditions follow the pods; a terminating pod stays in', () => {
  world.create(serviceOf('nginx', headless));
  world.create(setOf('web', 2));
  world.settle();
  const pod = world.pod('web-1');
  world.update({ ...pod, metadata: { ...pod.metadata, annotations: { 'stsctl.dev/ready': 'false' } } });
  world.settle();
  expect(states()).toEqual(['web-0 true true false', 'web-1 false false false']);
  world.delete('pods', 'web-0');
  expect(states()[0]).toBe('web-0 false true true');
});

test('a hundred endpoints a slice; the slices that did not change stay as they are', () => {
  world.create(serviceOf('nginx', headless));
  world.create(setOf('web', 250, { podManagementPolicy: 'Parallel' }));
  world.settle();
  expect(slices().map((slice) => slice.endpoints.length)).toEqual([100, 100, 50]);
  const before = new Map(slices().map((slice) => [slice.metadata.name, slice.metadata.resourceVersion]));
  world.delete('pods', 'web-249', { gracePeriodSeconds: 0 });
  world.settle();
  expect(slices().map((slice) => slice.endpoints.length)).toEqual([100, 100, 50]);
  expect(slices().filter((slice) => before.get(slice.metadata.name) !== slice.metadata.resourceVersion)).toHaveLength(
    1,
  );
});

test('a service without pods keeps one empty slice, without a selector none', () => {
  world.create(serviceOf('nginx', headless));
  world.create(serviceOf('manual', { ports: [{ port: 80 }] }));
  expect(slices().map((slice) => [slice.endpoints, slice.ports])).toEqual([[[], []]]);
  expect(slices('manual')).toEqual([]);
  world.create(setOf('web', 3));
  world.settle();
  expect(slices().map((slice) => slice.endpoints.length)).toEqual([3]);
  world.delete('statefulsets.apps', 'web', { propagationPolicy: 'Background' });
  world.settle();
  expect(slices().map((slice) => [slice.endpoints, slice.ports])).toEqual([[[], []]]);
});

test('slices go with their service', () => {
  world.create(serviceOf('nginx', headless));
  world.delete('services', 'nginx');
  expect(slices()).toEqual([]);
});

test('a restored cluster goes on with the slices that are there', async () => {
  world.create(serviceOf('nginx', headless));
  world.create(setOf('web', 2));
  world.settle();
  const { Cluster } = await import('../../../../src/core/simulation/cluster');
  const again = Cluster.restore(JSON.parse(JSON.stringify(world.cluster.snapshot())));
  again.store.delete('pods', 'default', 'web-1');
  again.settle();
  expect([...again.store.list<EndpointSlice>(SLICES)].map((slice) => slice.metadata.name)).toEqual(
    slices().map((slice) => slice.metadata.name),
  );
});
