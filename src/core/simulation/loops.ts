/**
 * Timers that fire for ever: holds after a crash, tries again, and polls, which look whether something has changed that nobody
 * tells of. A cluster in which nothing but these is to come has settled.
 */
import { LOOPS, POLL_TIMER, RETRIES } from './controllers';
import type { EventQueue, Timer } from './event-queue';

/** Polls of a settled cluster are skipped over when more than this is to be played. */
const SKIP_MS = 60_000;

const isRetry = ({ kind }: Timer): boolean => RETRIES.includes(kind);

export class Loops {
  private changed = 0;

  constructor(
    private readonly queue: EventQueue,
    /** The last timer that had been asked for when something last changed: polls asked for before must look once more. */
    private lastBefore: number,
  ) {}

  /** What is saved: the `seq` of the last timer that had been asked for when something last changed. */
  get changedAfter(): number {
    return this.lastBefore;
  }

  /** Something has changed: every poll that is asked for must look once more. */
  noteChange(): void {
    this.lastBefore = this.queue.lastSeq;
    this.changed += 1;
  }

  /** How often something has changed, since the cluster was loaded. */
  get changes(): number {
    return this.changed;
  }

  /** Whether none of the timers to come would change anything, but for tries that may go well by now. */
  areAll(): boolean {
    return !this.queue.some((timer) => !this.isLoop(timer));
  }

  /** What failed and will be tried again, the next try first. */
  retries(): readonly Timer[] {
    return this.queue.some(isRetry) ? this.queue.timers().filter(isRetry) : [];
  }

  /**
   * In a settled cluster every poll would find what the last one found: over a long time only the last one is made. Instants
   * are ms; `isSettled` is asked only where it matters.
   */
  skipPolls(now: number, until: number, isSettled: () => boolean): void {
    const next = this.queue.peek();
    if (!next || next.at > until || until - now < SKIP_MS) return;
    if (next.kind !== POLL_TIMER || !isSettled()) return;
    this.queue.postpone(POLL_TIMER, until);
  }

  /** A hold, a try again, or a poll that has looked since the last change and found nothing new. */
  private isLoop({ kind, seq }: Timer): boolean {
    return LOOPS.includes(kind) || (kind === POLL_TIMER && seq > this.lastBefore);
  }
}
