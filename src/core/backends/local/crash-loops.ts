/**
 * A container that has crashed for hours in the same way is not really run each time when days are made up for at once: most
 * of its runs are answered as the last ones were. Restart counts and times come out as if all had been played.
 */
import type { ContainerRun, RunOutcome } from '../../apiserver/container-runtime';
import { deepEqual } from '../../meta/equal';

/** From this restart on the hold between two lives does not grow any more. */
const STEADY_RESTARTS = 7;
/**
 * The end of what is made up for is really run, ms: files, logs and the last state are those of real runs. Of all that they leave,
 * the last two lives are kept, which are at most five minutes apart.
 */
const REAL_MS = 1_200_000;
/** An answer is checked by a real run after so long, ms. */
const TRUSTED_MS = 86_400_000;

interface Known {
  readonly outcome: RunOutcome;
  /** When it was last really so, ms. */
  readonly at: number;
  /** How often in a row. */
  readonly times: number;
}

export class CrashLoops {
  private readonly known = new Map<string, Known>();

  /** The answer that a run would give again, where time is played on to `until` (ms); undefined where it is to be run. */
  answer(run: ContainerRun, now: number, until: number | undefined): RunOutcome | undefined {
    if (until === undefined || until - now < REAL_MS || run.ref.restart < STEADY_RESTARTS) return undefined;
    const known = this.known.get(keyOf(run));
    return known && known.times > 1 && now - known.at < TRUSTED_MS ? known.outcome : undefined;
  }

  /** Notes what a real run came to. */
  learn(run: ContainerRun, now: number, outcome: RunOutcome): void {
    if (run.ref.restart < STEADY_RESTARTS - 2) return;
    const key = keyOf(run);
    const before = this.known.get(key);
    const times = before && deepEqual(before.outcome, outcome) ? before.times + 1 : 1;
    this.known.set(key, { outcome, at: now, times });
  }
}

/** The same run of another life has the same key. */
function keyOf({ ref, purpose }: ContainerRun): string {
  const what = purpose.kind === 'probe' ? purpose.probe : purpose.kind === 'hook' ? purpose.hook : 'start';
  return `${ref.uid}/${ref.container}/${what}`;
}
