import { expect, test } from 'vitest';
import { WorkQueue } from '../../../src/core/apiserver/controller';

const drain = (queue: WorkQueue): string[] => {
  const taken: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) taken.push(key);
  return taken;
};

test('a key waits once, at the place where it was first asked for', () => {
  const queue = new WorkQueue();
  for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
  expect(queue.size).toBe(3);
  expect(drain(queue)).toEqual(['a', 'b', 'c']);
  expect(queue.size).toBe(0);
});

test('a key that was taken may be asked for again', () => {
  const queue = new WorkQueue();
  for (const key of ['a', 'b']) queue.add(key);
  expect(queue.take()).toBe('a');
  queue.add('a');
  queue.add('b');
  expect(drain(queue)).toEqual(['b', 'a']);
  expect(queue.take()).toBeUndefined();
  queue.add('a');
  expect(drain(queue)).toEqual(['a']);
});

/** Twice as many keys must not cost four times as much: taking them one by one looks at each once. */
test('what was taken costs nothing any more', () => {
  const cost = (keys: number): number => {
    const queue = new WorkQueue();
    for (let i = 0; i < keys; i++) queue.add(`default/web-${i}`);
    const before = process.cpuUsage();
    drain(queue);
    return process.cpuUsage(before).user;
  };
  cost(20_000);
  expect(cost(200_000) / Math.max(1000, cost(20_000))).toBeLessThan(60);
});
