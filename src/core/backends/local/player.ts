/** Lets time pass in a loaded cluster, and executes what its containers run meanwhile. */
import { type Cluster, SETTLE_LIMIT_MS } from '../../simulation/cluster';
import type { ContainerRuntime } from './container-runtime';
import { CrashLoops } from './crash-loops';
import type { Loaded } from './loaded';

export interface PlayerOptions {
  readonly runtime?: ContainerRuntime;
  /** Told, once, that something is waited for while the wall clock is paused. */
  onPausedWait?(): void;
}

export class Player {
  private readonly loops = new CrashLoops();
  private pausedWait = false;

  constructor(
    private readonly options: PlayerOptions,
    /** Told that something was run: it wrote files, and must not happen again. */
    private readonly onRun: () => void,
  ) {}

  /** Plays the next instant that is due, not after `until` (ms). False when there is none. */
  async step({ engine }: Loaded, until: number | undefined): Promise<boolean> {
    const moved = engine.step(until);
    return (await this.answerRuns(engine)) || moved;
  }

  /** Plays until nothing more would change on its own, not beyond `limit` (ms since 1970). */
  async settle(loaded: Loaded, limit = loaded.engine.now + SETTLE_LIMIT_MS): Promise<void> {
    const { engine } = loaded;
    do engine.settle(limit);
    while (await this.answerRuns(engine));
    await this.playTo(loaded, engine.now);
  }

  /** Plays to an instant (ms), which the wall clock then goes on from. */
  async playTo({ clock, engine }: Loaded, to: number): Promise<void> {
    do engine.advanceTo(to);
    while (await this.answerRuns(engine, to));
    clock.goOnFrom(to);
  }

  /** Brings a wall clock's time up to date. False where something is to be run first. */
  catchUp(loaded: Loaded): boolean {
    const { engine } = loaded;
    if (engine.clockMode === 'wall') engine.advanceTo(this.present(loaded));
    else engine.drain();
    return engine.pendingRuns.length === 0;
  }

  /** The instant to play to on a wall clock, ms. */
  present({ clock, engine }: Loaded): number {
    return clock.present(engine.now);
  }

  /** Real time, ms, until the wall clock comes to an instant; at most `limit`. */
  msUntil({ clock, engine }: Loaded, instant: number, limit: number): number {
    if (clock.paused && !this.pausedWait) {
      this.pausedWait = true;
      this.options.onPausedWait?.();
    }
    return Math.max(1, Math.min(limit, clock.msUntil(instant, engine.now)));
  }

  /**
   * Executes what containers are to run at this instant, until nothing more is asked for; time then goes on at least to
   * `until` (ms). False when nothing was asked for.
   */
  async answerRuns(engine: Cluster, until?: number): Promise<boolean> {
    const { runtime } = this.options;
    let answered = false;
    for (let run = engine.pendingRuns[0]; run && runtime; run = engine.pendingRuns[0]) {
      let outcome = this.loops.answer(run, engine.now, until);
      if (!outcome) {
        outcome = await runtime.execute(run, engine);
        this.loops.learn(run, engine.now, outcome);
      }
      engine.completeRun(run, outcome);
      this.onRun();
      answered = true;
    }
    return answered;
  }
}
