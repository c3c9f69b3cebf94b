/** What waits for a client that watches is made as it reads, and a client that does not read is dropped. */
import { expect, it } from 'vitest';
import { Outbox } from '../../../src/core/server/outbox';
import { fakeResponse, fakeTimers } from '../../support/fake-response';

function setting(limits: { unreadMs?: number; unreadChanges?: number } = {}) {
  const { response, drain, asResponse } = fakeResponse();
  const { host, timers, timesOut } = fakeTimers();
  const outbox = new Outbox(asResponse, host, { unreadMs: 1, unreadChanges: 10, ...limits });
  return { outbox, response, timers, drain, timesOut };
}

function* counted(lines: readonly string[], made: string[]): Iterable<string> {
  for (const line of lines) {
    made.push(line);
    yield line;
  }
}

it('lines are made when there is room for them, and in order', () => {
  const { outbox, response, drain, timers } = setting();
  const made: string[] = [];
  response.isFull = true;
  outbox.add(counted(['a'], made), 1);
  outbox.add(counted(['b', 'c'], made), 2);
  expect([made, outbox.isBehind, timers.size]).toEqual([['a'], true, 1]);
  drain();
  expect(response.sent).toEqual(['a', 'bc']);
  expect([outbox.isBehind, timers.size]).toEqual([false, 0]);
});

it('much is sent in pieces', () => {
  const { outbox, response } = setting();
  const line = 'x'.repeat(30_000);
  outbox.add(
    Array.from({ length: 10 }, () => line),
    0,
  );
  expect(response.sent.length).toBeGreaterThan(2);
  expect(response.sent.join('')).toBe(line.repeat(10));
});

it('the end comes after all that waits, and nothing after the end', () => {
  const { outbox, response, drain } = setting();
  response.isFull = true;
  outbox.add(['a'], 1);
  outbox.add(['b'], 1);
  outbox.end();
  outbox.add(['c'], 1);
  expect(response.isEnded).toBe(false);
  drain();
  expect([response.sent, response.isEnded, response.destroyed]).toEqual([['a', 'b'], true, false]);
});

it('who takes in nothing for too long is dropped, who has nothing to read is not', () => {
  const { outbox, response, timers, timesOut } = setting();
  outbox.add(['a'], 1);
  expect(timers.size).toBe(0);
  response.isFull = true;
  outbox.add(['b'], 1);
  timesOut();
  outbox.add(['c'], 1);
  expect([response.sent, response.destroyed, outbox.isBehind]).toEqual([['a', 'b'], true, false]);
});

it('so are those for whom too much waits; what there was at the start does not count', () => {
  const { outbox, response } = setting({ unreadChanges: 3 });
  response.isFull = true;
  outbox.add(
    Array.from({ length: 100 }, () => 'x'.repeat(10_000)),
    0,
  );
  for (let i = 0; i < 3; i++) outbox.add(['a'], 1);
  expect(response.destroyed).toBe(false);
  outbox.add(['a'], 1);
  expect(response.destroyed).toBe(true);
});
