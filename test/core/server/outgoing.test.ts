/** What waits for clients of logs and of commands in containers: sent as it is read, and dropped where nobody reads. */
import { describe, expect, it } from 'vitest';
import { pour } from '../../../src/core/server/pour';
import { Outgoing } from '../../../src/core/server/streams/outgoing';
import { fakeResponse, fakeTimers } from '../../support/fake-response';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function source(lines: readonly string[], forever = false) {
  const made: string[] = [];
  const state = { isLeft: false };
  async function* all(): AsyncIterable<string> {
    try {
      for (const line of lines) {
        made.push(line);
        yield line;
      }
      if (forever) for (;;) yield '';
    } finally {
      state.isLeft = true;
    }
  }
  return { made, state, lines: all() };
}

describe('a log that is followed', () => {
  it('is read as fast as the client reads, and ends when it is over', async () => {
    const { host, timers } = fakeTimers();
    const { response, drain, asResponse } = fakeResponse();
    const { made, lines } = source(['a', 'b', 'c']);
    response.isFull = true;
    const over = pour(lines, asResponse, host, { unreadMs: 1 });
    await soon();
    expect([made, timers.size, response.isEnded]).toEqual([['a'], 1, false]);
    drain();
    await over;
    expect([response.sent, timers.size, response.isEnded]).toEqual([['a', 'b', 'c'], 0, true]);
  });

  it('is left by a client that takes in nothing for too long', async () => {
    const { host, timesOut, timers } = fakeTimers();
    const { response, asResponse } = fakeResponse();
    const { made, state, lines } = source(['a', 'b']);
    response.isFull = true;
    const over = pour(lines, asResponse, host, { unreadMs: 1 });
    await soon();
    timesOut();
    await over;
    await soon();
    expect([made, response.destroyed, response.isEnded, state.isLeft, timers.size]).toEqual([
      ['a'],
      true,
      false,
      true,
      0,
    ]);
  });

  it('is left when the client goes, and when it had gone before', async () => {
    const { host } = fakeTimers();
    const first = fakeResponse();
    const endless = source(['a'], true);
    first.response.isFull = true;
    const over = pour(endless.lines, first.asResponse, host, { unreadMs: 1 });
    await soon();
    first.response.destroy();
    await over;
    await soon();
    expect(endless.state.isLeft).toBe(true);
    const gone = fakeResponse();
    gone.response.destroyed = true;
    const never = source(['a']);
    await pour(never.lines, gone.asResponse, host, { unreadMs: 1 });
    expect(never.made).toEqual([]);
  });
});

function channel(limits: { unreadBytes?: number } = {}) {
  const { host, timers, timesOut } = fakeTimers();
  const taken: (() => void)[] = [];
  const socket = {
    sent: [] as number[],
    closed: undefined as number | undefined,
    isTerminated: false,
    send(data: Uint8Array, done: () => void) {
      socket.sent.push(data.length - 1);
      taken.push(done);
    },
    close(code: number) {
      socket.closed = code;
    },
    terminate() {
      socket.isTerminated = true;
    },
  };
  const outgoing = new Outgoing(socket as unknown as ConstructorParameters<typeof Outgoing>[0], host, {
    unreadMs: 1,
    unreadBytes: 10_000_000,
    ...limits,
  });
  const take = (): void => taken.shift()?.();
  return { outgoing, socket, timers, timesOut, take };
}

const KIB_100 = new Uint8Array(100 * 1024);

describe('a command with much to say', () => {
  it('is sent as it is read, the status and the end last', () => {
    const { outgoing, socket, take, timers } = channel();
    for (let i = 0; i < 10; i++) outgoing.add(1, KIB_100);
    outgoing.add(3, new Uint8Array(7));
    outgoing.end(1000, '');
    expect([socket.sent.length, socket.closed, timers.size]).toEqual([3, undefined, 1]);
    for (let i = 0; i < 10; i++) take();
    expect([socket.sent, socket.closed]).toEqual([[...Array(10).fill(KIB_100.length), 7], 1000]);
    take();
    expect([timers.size, socket.isTerminated]).toEqual([0, false]);
  });

  it('loses a client that takes in nothing for too long', () => {
    const { outgoing, socket, take, timesOut, timers } = channel();
    outgoing.add(1, KIB_100);
    take();
    timesOut();
    expect(socket.isTerminated).toBe(false);
    outgoing.add(1, KIB_100);
    timesOut();
    outgoing.add(1, KIB_100);
    expect([socket.isTerminated, socket.sent.length, timers.size]).toEqual([true, 2, 0]);
  });

  it('and one for which too much waits', () => {
    const { outgoing, socket } = channel({ unreadBytes: 1_000_000 });
    for (let i = 0; i < 12; i++) outgoing.add(1, KIB_100);
    expect(socket.isTerminated).toBe(false);
    outgoing.add(1, KIB_100);
    expect(socket.isTerminated).toBe(true);
  });
});
