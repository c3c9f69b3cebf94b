/**
 * Tries that failed so often that nothing is expected of the next one: whether it would go well by now. Nobody tells a
 * controller that a quota was raised or a class made; so it is tried, in a copy of the cluster.
 */
import type { Timer } from './event-queue';

/** A copy of the cluster, in which something can be tried. */
export interface Trial {
  /** Plays one timer at its own instant, and nothing before it. Whether it changed anything but Events. */
  wouldChange(timer: Timer): boolean;
}

export class Retries {
  /** What was found, and how many changes there had been. */
  private found: { readonly changes: number; readonly hopeful: boolean } | undefined;

  /** `trial` makes a copy of the cluster as it is; `changes` grows with every change of anything that a try may depend on. */
  constructor(
    private readonly trial: () => Trial,
    private readonly changes: () => number,
  ) {}

  /** Whether one of the tries that are to come would change something. Costs a copy, once for each state of the cluster. */
  wouldAnyChange(tries: readonly Timer[]): boolean {
    if (tries.length === 0) return false;
    const changes = this.changes();
    if (this.found?.changes !== changes) {
      const copy = this.trial();
      this.found = { changes, hopeful: tries.some((timer) => copy.wouldChange(timer)) };
    }
    return this.found.hopeful;
  }
}
