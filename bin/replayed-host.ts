/** The machine as a replayed command sees it: it is told what time it is, and sleeping moves that time instead of taking any. */
import type { HostPort } from '../src/core/backends/local/host';

/** Tells a command what the machine's clock says, ms since 1970. */
export const REPLAY_TIME = 'STSCTL_REPLAY_TIME';

/** What a sleep takes at most, ms: whoever waits for another process must leave it some time. */
const SLEEP_MS = 2;

/** The host itself where nothing is replayed. */
export function replayedHost(host: HostPort, time: string | undefined): HostPort {
  if (time === undefined || !/^\d{1,15}$/.test(time)) return host;
  let now = Number(time);
  return {
    ...host,
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      await host.sleep(Math.min(ms, SLEEP_MS));
    },
  };
}
