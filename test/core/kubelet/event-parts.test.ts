/** Whom the kubelet speaks of: each container by its place in the pod, so that the same words about two are two Events. */
import { expect, test } from 'vitest';
import type { Event, Manifest } from '../../../src/core/api/types';
import { TestCluster } from '../../support/cluster';

const told = (test: TestCluster) =>
  ([...test.store.list('events', 'default')] as unknown as Event[])
    .filter((event) => event.source?.component === 'kubelet')
    .map(({ involvedObject, reason, count }) => `${involvedObject.fieldPath} ${reason} x${count}`);

function pod(containers: object[], initContainers: object[] = []): Manifest {
  const metadata = { name: 'p', namespace: 'default' };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { initContainers, containers } } as unknown as Manifest;
}

test('containers, init containers and sidecars, as they start and as those that run are stopped', () => {
  const world = new TestCluster();
  const sidecar = { name: 's', image: 's:1', restartPolicy: 'Always' };
  world.store.create(
    pod(
      [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:does-not-exist' },
      ],
      [{ name: 'i', image: 'i:1' }, sidecar],
    ),
  );
  world.settle();
  const started = (part: string) => ['Pulled', 'Created', 'Started'].map((reason) => `${part} ${reason} x1`);
  const before = [
    ...started('spec.initContainers{i}'),
    ...started('spec.initContainers{s}'),
    ...started('spec.containers{a}'),
    ...['Pulling', 'Failed', 'Failed', 'BackOff', 'Failed'].map((reason) => `spec.containers{b} ${reason} x1`),
  ];
  expect(told(world).sort()).toEqual([...before].sort());
  world.store.delete('pods', 'default', 'p');
  world.settle();
  const after = ['spec.containers{a} Killing x1', 'spec.initContainers{s} Killing x1'];
  expect(told(world).sort()).toEqual([...before, ...after].sort());
});
