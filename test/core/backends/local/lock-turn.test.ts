import { expect, test } from 'vitest';
import { Turn } from '../../../../src/core/backends/local/lock-turn';

/** Waits to the end, the holder being the n-th after n times `every` ms; returns the pauses. */
function wait(turn: Turn, every: number): number[] {
  const pauses: number[] = [];
  while (!turn.isOver(`t${Math.floor(turn.waited / every)}`)) pauses.push(turn.next());
  return pauses;
}

test('one holder is waited for as long as was said, holders that take turns ten times as long', () => {
  const one = new Turn(30_000, 7);
  wait(one, Number.POSITIVE_INFINITY);
  expect(one.waited).toBeGreaterThanOrEqual(30_000);
  expect(one.waited).toBeLessThan(30_100);
  const many = new Turn(30_000, 7);
  wait(many, 100);
  expect(many.waited).toBeGreaterThanOrEqual(300_000);
  expect(many.waited).toBeLessThan(300_100);
  expect(wait(new Turn(0, 7), 1)).toEqual([]);
});

test('who has waited for long looks more often', () => {
  const pauses = wait(new Turn(30_000, 7), Number.POSITIVE_INFINITY);
  expect(Math.max(...pauses)).toBeLessThan(70);
  expect(pauses[0]).toBeLessThan(6);
  expect(pauses[pauses.length - 1]).toBeLessThan(5);
});
