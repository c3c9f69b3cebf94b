import { beforeEach, expect, test } from 'vitest';
import { podOf, World } from '../persistentvolume/world';

let world: World;
beforeEach(() => {
  world = new World();
});

const asking = (name: string, requests: object) =>
  podOf(name, { containers: [{ name: 'c', image: 'busybox', resources: { requests } }] });

test('a pod that no node could ever hold stays pending', () => {
  world.create(asking('big', { cpu: '1001', memory: '9Ti' }));
  world.settle();
  expect(world.pod('big').status.phase).toBe('Pending');
  expect(world.events('big')).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  ]);
});

test('what is asked for the pod as a whole counts instead of the sum over its containers', () => {
  const containers = [{ name: 'c', image: 'busybox', resources: { requests: { cpu: '1' } } }];
  world.create(podOf('whole', { resources: { requests: { cpu: '1001' } }, containers }));
  world.settle();
  expect(world.events('whole')).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  ]);
});

test('a pod waits for room, and takes it when another goes', () => {
  world.create(asking('first', { cpu: '600' }));
  world.settle();
  world.create(asking('second', { cpu: '600' }));
  world.settle();
  expect([world.pod('first').status.phase, world.pod('second').status.phase]).toEqual(['Running', 'Pending']);
  expect(world.events('second')).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  ]);
  world.delete('pods', 'first');
  world.settle();
  expect(world.pod('second').status.phase).toBe('Running');
});
