/**
 * The machine as commands see it that are recorded or replayed: they are told what time it is, and sleeping moves that time.
 * How long they take themselves doesn't count, and in a replay sleeping takes no time either: both see the same instants.
 */
import type { HostPort } from '../src/core/backends/local/host';

/** Tells a command what the machine's clock says, ms since 1970. */
export const REPLAY_TIME = 'STSCTL_REPLAY_TIME';

/** Tells a command when somebody stopped it, ms since 1970 and the signal. */
export const REPLAY_STOP = 'STSCTL_REPLAY_STOP';

/** What a sleep takes at most, ms: whoever waits for another process must leave it some time. */
const SLEEP_MS = 2;

/** More than it takes until a signal arrives, ms. */
const STOPPING_MS = 60_000;

/** The host itself where nothing is replayed. */
export function replayedHost(host: HostPort, time: string | undefined, stop: string | undefined): HostPort {
  if (time === undefined || !/^\d{1,15}$/.test(time)) return host;
  let now = Number(time);
  const [, instant, signal] = /^(\d{1,15}) (SIGINT|SIGTERM)$/.exec(stop ?? '') ?? [];
  const end = instant === undefined ? Number.POSITIVE_INFINITY : Number(instant);
  return {
    ...host,
    now: () => now,
    sleep: async (ms) => {
      if (now + ms >= end) {
        now = Math.max(now, end);
        process.kill(process.pid, signal);
        return host.sleep(STOPPING_MS);
      }
      now += ms;
      await host.sleep(Math.min(ms, SLEEP_MS));
    },
  };
}

/** How far its time may fall behind the machine's, ms: what it writes must not look old to others. */
const LAG_MS = 5_000;

/** The host of a command that is recorded: `at` is when it was typed, ms since 1970. */
export function steppedHost(host: HostPort, at: number): HostPort {
  let now = at;
  return {
    ...host,
    now: () => now,
    sleep: async (ms) => {
      await host.sleep(ms);
      now = Math.max(now + ms, host.now() - LAG_MS);
    },
  };
}
