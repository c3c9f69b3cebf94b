/** How long somebody waits for a lock, and how often he looks for it meanwhile. */

/** While others take the lock in turn it is worth waiting so many times as long. */
const PATIENCE = 10;
/** The longest pauses, ms, of who has waited for so long, ms: the longer, the shorter. */
const PAUSES: readonly (readonly [waited: number, pause: number])[] = [
  [20_000, 3],
  [10_000, 6],
  [5_000, 12],
  [2_000, 25],
  [0, 45],
];

export class Turn {
  /** ms, all in all */
  waited = 0;
  /** ms, for one holder */
  private idle = 0;
  private holder = '';
  private pause: number;

  /** `spread` is any number: it keeps those who came together from looking together. */
  constructor(
    private readonly timeoutMs: number,
    private readonly spread: number,
  ) {
    this.pause = 1 + (spread % 4);
  }

  /** Whether it is not worth waiting for this holder any longer. */
  isOver(holder: string): boolean {
    if (holder !== this.holder) this.idle = 0;
    this.holder = holder;
    return this.idle >= this.timeoutMs || this.waited >= this.timeoutMs * PATIENCE;
  }

  /** How long to sleep now, ms; it counts as waited. */
  next(): number {
    const longest = PAUSES.find(([waited]) => this.waited >= waited)?.[1] ?? 1;
    const pause = Math.min(this.pause, longest + (this.spread % longest) / 2);
    this.pause *= 1.6;
    this.waited += pause;
    this.idle += pause;
    return pause;
  }
}
