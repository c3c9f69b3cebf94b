/**
 * How the cluster's wall clock follows the machine's: at a rate, from an instant on, or not at all while it is paused. Time
 * never goes back: where the machine's clock does, the cluster's goes on from where it is.
 */
import type { HostPort } from './host';

/** As it is saved: the cluster's time is the machine's times `rate` plus `offset`, ms. The usual rate, 1, is left out. */
export interface SavedClock {
  readonly offset: number;
  readonly rate?: number;
  readonly paused?: true;
}

/** A machine's clock that is so much behind, ms, has been set back; less is the difference between two machines. */
const SET_BACK_MS = 1000;

export class WallClock {
  private offset = 0;
  private speed = 1;
  private stopped = false;
  /** Time is being played: until that is over, none passes by itself. */
  private held = false;
  /** The machine's clock was set back, and what that means for the offset is not saved yet. */
  corrected = false;

  constructor(private readonly host: Pick<HostPort, 'now'>) {}

  /** The clock that was saved as `local` of a state file; anything else in it is left alone. */
  static restore(host: Pick<HostPort, 'now'>, local: unknown): WallClock {
    const clock = new WallClock(host);
    if (typeof local !== 'object' || local === null) return clock;
    if ('offset' in local) clock.offset = Number(local.offset);
    if ('rate' in local && typeof local.rate === 'number' && local.rate > 0) clock.speed = local.rate;
    clock.stopped = 'paused' in local && local.paused === true;
    return clock;
  }

  save() {
    return {
      offset: this.offset,
      ...(this.speed !== 1 && { rate: this.speed }),
      ...(this.stopped && { paused: true }),
    } satisfies SavedClock;
  }

  /** How many ms pass for the cluster in one of the machine's. */
  get rate(): number {
    return this.speed;
  }

  get paused(): boolean {
    return this.stopped;
  }

  /** The instant to play to, ms, for a cluster that has come to `now`: never before that. */
  present(now: number): number {
    if (this.stopped || this.held) return now;
    const wall = this.wall();
    if (wall < now - SET_BACK_MS) {
      this.goOnFrom(now);
      this.corrected = true;
    }
    return Math.max(now, wall);
  }

  /** Real time, ms, until a cluster that has come to `now` reaches `instant`; Infinity while the clock is paused. */
  msUntil(instant: number, now: number): number {
    return this.stopped ? Number.POSITIVE_INFINITY : (instant - this.present(now)) / this.speed;
  }

  /** From here the cluster's time goes on from `now`, ms. */
  goOnFrom(now: number): void {
    this.offset = now - this.host.now() * this.speed;
  }

  /** Changes the rate or pauses; `now` is the cluster's present instant. */
  change(now: number, { rate, paused }: { readonly rate?: number; readonly paused?: boolean }): void {
    this.speed = rate ?? this.speed;
    this.stopped = paused ?? this.stopped;
    this.goOnFrom(now);
  }

  /** Keeps time from passing by itself while `play` moves it. */
  async holding<T>(play: () => Promise<T>): Promise<T> {
    this.held = true;
    try {
      return await play();
    } finally {
      this.held = false;
    }
  }

  private wall(): number {
    const instant = this.host.now() * this.speed + this.offset;
    return this.speed === 1 ? instant : Math.floor(instant);
  }
}
