/**
 * How fast nodes of a zone drive their pods away: one in ten seconds (the default of --node-eviction-rate), one in a hundred where
 * most of a large zone is down (--secondary-node-eviction-rate). As the token bucket of RateLimitedTimedQueue, which holds one.
 */
import type { ControllerContext } from '../../apiserver/controller';

const INTERVAL_MS = { go: 10_000, slow: 100_000 } as const;

const memoryKey = (zone: string): string => `node-lifecycle/zones/${zone}`;

export class EvictionRate {
  constructor(private readonly context: Pick<ControllerContext, 'memory' | 'now'>) {}

  /** Takes the zone's turn; where it is not free yet, when it will be, ms. */
  take(zone: string, pace: keyof typeof INTERVAL_MS): number | undefined {
    const { memory } = this.context;
    const now = this.context.now();
    const last = memory.get(memoryKey(zone)) as number | undefined;
    if (last !== undefined && now < last + INTERVAL_MS[pace]) return last + INTERVAL_MS[pace];
    memory.set(memoryKey(zone), now);
    return undefined;
  }

  /** Forgets the zone's last turn once nobody there is down. */
  rest(zone: string, isWell: () => boolean): void {
    if (this.context.memory.has(memoryKey(zone)) && isWell()) this.context.memory.delete(memoryKey(zone));
  }
}
