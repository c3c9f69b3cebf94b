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

/** Were each look at the queue to cost what was ever in it, this would not end within a test's time. */
test('a long queue is worked off', () => {
  const queue = new WorkQueue();
  for (let i = 0; i < 300_000; i++) queue.add(`default/web-${i}`);
  expect(drain(queue).length).toBe(300_000);
});
