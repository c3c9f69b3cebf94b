/** The time inside a run, and the reasons for which a run stops before its command has ended. */

export enum StopReason {
  /** It serves, or waits for ever. */
  RunsOn = 'RunsOn',
  /** It waits for somebody else. */
  Waits = 'Waits',
  /** It took longer than it may. */
  TimedOut = 'TimedOut',
  /** It wants to read what nobody has typed yet. */
  Asks = 'Asks',
  /** It came to a sleep, and no more was asked for. */
  Slept = 'Slept',
}

/** Thrown through a program that will not return. */
export class StopSignal extends Error {
  override readonly name = 'StopSignal';
}

export interface ClockRules {
  readonly now: number;
  readonly timeoutMs?: number;
  readonly daemon: boolean;
  readonly untilSleep?: boolean;
  onOutput?(stream: 'stdout' | 'stderr', bytes: Uint8Array, at: number): void;
}

/** A command that sleeps more often than this, or longer, is taken to go on for ever. */
const MAX_SLEEPS = 100;
const MAX_ASLEEP_MS = 600_000;

export class Clock {
  elapsedMs = 0;
  slept = false;
  stopped: StopReason | undefined;
  private sleeps = 0;
  private lonely = false;
  private readonly controller = new AbortController();

  constructor(private readonly rules: ClockRules) {}

  get now(): number {
    return this.rules.now + this.elapsedMs;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  async sleep(ms: number): Promise<void> {
    const { daemon, timeoutMs, untilSleep } = this.rules;
    this.slept = true;
    this.sleeps++;
    this.elapsedMs += Math.max(0, ms);
    if (timeoutMs !== undefined && this.elapsedMs > timeoutMs) {
      this.elapsedMs = timeoutMs;
      this.stop(StopReason.TimedOut);
    } else if (daemon && this.lonely) this.stop(StopReason.Waits);
    else if (daemon && untilSleep) this.stop(StopReason.Slept);
    else if (this.sleeps > MAX_SLEEPS || this.elapsedMs > MAX_ASLEEP_MS)
      this.stop(daemon ? StopReason.RunsOn : StopReason.TimedOut);
    this.lonely = false;
  }

  /** Waits for a line that is still to be typed: the run ends here, to begin again with it. */
  ask(): never {
    this.stop(StopReason.Asks);
    throw new StopSignal('the program waits for a line');
  }

  networkFailed(): void {
    this.lonely = true;
  }

  runOn(): never {
    this.stop(this.rules.daemon ? StopReason.RunsOn : StopReason.TimedOut);
    throw new StopSignal('the program runs on');
  }

  /** What is printed after the run has stopped was never printed. */
  heard(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    if (this.stopped === undefined && bytes.length > 0) this.rules.onOutput?.(stream, bytes, this.now);
  }

  private stop(reason: StopReason): void {
    this.stopped ??= reason;
    this.controller.abort();
  }
}
