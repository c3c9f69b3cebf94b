/** A client's connection that reads only when told to, and timers that run out only when told to. */
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

/** What a server writes to; `isFull` makes it wait until `drain`. */
export function fakeResponse() {
  const response = Object.assign(new EventEmitter(), {
    sent: [] as string[],
    isFull: false,
    isEnded: false,
    destroyed: false,
    write(text: string) {
      response.sent.push(text);
      return !response.isFull;
    },
    end() {
      response.isEnded = true;
    },
    destroy() {
      response.destroyed = true;
      response.emit('close');
    },
  });
  const drain = (): void => {
    response.isFull = false;
    response.emit('drain');
  };
  return { response, drain, asResponse: response as unknown as ServerResponse };
}

/** A server's timers: `timers` are those that are set, `timesOut` lets all of them run out. */
export function fakeTimers() {
  const timers = new Set<() => void>();
  const after = (_: number, run: () => void) => {
    timers.add(run);
    return () => void timers.delete(run);
  };
  const timesOut = (): void => {
    for (const run of [...timers]) run();
  };
  return { host: { after }, timers, timesOut };
}
