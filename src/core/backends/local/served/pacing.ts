/**
 * How time goes on by itself while a cluster is served: on a wall clock as it does outside, on a virtual one from instant to
 * instant, as fast as clients take in what they are told.
 */
import type { Cluster } from '../../../simulation/cluster';
import type { Session } from '../session';
import type { Audience } from './audience';

export interface Pace {
  /**
   * On a virtual clock: how long clients that watch are given to react to an instant, ms of real time. With less than a save
   * takes, several instants share one.
   */
  readonly paceMs?: number;
  /** On a virtual clock: how long nobody has asked for anything before time goes on while nobody watches, ms of real time. */
  readonly idleMs?: number;
  /** Told of a failure to save or to read the file while no client waits for an answer. */
  onTrouble?(error: unknown): void;
}

interface Port {
  readonly host: { now(): number; sleep(ms: number): Promise<void> };
  readonly session: Session;
  readonly audience: Audience;
  /** Brings the cluster up to date. */
  present(): Promise<Cluster>;
  save(): Promise<void>;
  abandon(): void;
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** Somebody who follows a log; `next` is when its next known line was printed, ms. */
export interface Follower {
  next?: number | undefined;
}

/** How often another process's writes are looked for, ms. */
export const POLL_MS = 100;
/** How long whoever begins to watch is given to take in what there is: informers look every 100 ms. */
const FIRST_LOOK_MS = 150;
/** Instants of a virtual clock that follow each other faster than this are saved together, ms of real time. */
const SHARED_MS = 10;
/** How long a virtual clock waits for clients that are slow to read what they were told, ms. */
const BEHIND_MS = 2_000;
/** A busy server's virtual clock goes on all the same, after so many times the usual pause. */
const PATIENCE = 10;

export class Pacing {
  readonly following = new Set<Follower>();
  private life: Promise<void> | undefined;
  private isOver = false;
  private lastCall: number;
  private lastStep: number;
  /** When somebody began to watch. */
  private lastWatch = 0;
  private rouse: () => void = () => {};

  constructor(
    private readonly port: Port,
    private readonly pace: Pace,
  ) {
    this.lastCall = port.host.now();
    this.lastStep = this.lastCall;
  }

  start(): void {
    this.life = this.live();
  }

  /** Resolves when time stands still. */
  async stop(): Promise<void> {
    this.isOver = true;
    this.rouse();
    await this.life;
  }

  get isStopped(): boolean {
    return this.isOver;
  }

  /** A client's call has ended. */
  called(): void {
    this.lastCall = this.port.host.now();
    this.rouse();
  }

  /** Somebody begins to watch. */
  watched(): void {
    this.lastWatch = this.port.host.now();
    this.rouse();
  }

  /** Somebody who follows a log waits for its next line. */
  awaited(): void {
    this.rouse();
  }

  /** Something happened that somebody was told of. */
  stepped(): void {
    this.lastStep = this.port.host.now();
  }

  private get isWatched(): boolean {
    return !this.port.audience.isEmpty || this.following.size > 0;
  }

  private async live(): Promise<void> {
    while (!this.isOver) {
      let pause = POLL_MS;
      try {
        pause = await this.port.exclusively(() => this.tick());
      } catch (error) {
        this.port.abandon();
        this.pace.onTrouble?.(error);
        pause = 10 * POLL_MS;
      }
      if (this.isOver) return;
      const woken = new Promise<void>((resolve) => {
        this.rouse = resolve;
      });
      await Promise.race([this.port.host.sleep(pause), woken]);
    }
  }

  /** Brings the cluster up to date. Returns how long nothing is to be done, ms. */
  private async tick(): Promise<number> {
    const engine = await this.port.present();
    if (engine.clockMode === 'virtual') return this.jump(engine);
    await this.port.save();
    const due = engine.nextDue();
    return due === undefined ? POLL_MS : this.port.session.msUntil(due, POLL_MS);
  }

  /** Plays the next instant of a virtual clock once clients have had their time. */
  private async jump(engine: Cluster): Promise<number> {
    const { paceMs = 20, idleMs = 200 } = this.pace;
    const { host, audience, session } = this.port;
    const quiet = this.isWatched ? paceMs : idleMs;
    const now = host.now();
    const begun = this.lastWatch + Math.max(0, FIRST_LOOK_MS - quiet);
    const since = now - Math.max(this.lastStep, this.isWatched ? begun : this.lastCall);
    const { isBehind } = audience;
    const overdue = now - this.lastStep >= (isBehind ? BEHIND_MS : quiet * PATIENCE);
    const printed = this.nextLine(engine);
    if ((engine.isSettled() && printed === undefined) || ((since < quiet || isBehind) && !overdue)) {
      await this.port.save();
      return Math.max(1, Math.min(POLL_MS, quiet - since > 0 ? quiet - since : POLL_MS));
    }
    const locked = await session.write();
    for (let rest = Math.min(SHARED_MS, Math.max(1, Math.floor(SHARED_MS / quiet))); rest > 0; rest--) {
      if (!(await this.playNext(locked))) break;
      locked.flush();
    }
    session.mustSave();
    await this.port.save();
    return 0;
  }

  /** False when nothing more would happen by itself. */
  private async playNext(engine: Cluster): Promise<boolean> {
    const { session } = this.port;
    const printed = this.nextLine(engine);
    if (engine.isSettled() && printed === undefined) return false;
    const due = engine.nextDue();
    if (printed === undefined || (due !== undefined && due <= printed)) return session.step(undefined);
    await session.playTo(printed, false);
    this.stepped();
    return true;
  }

  /** When the next line was printed that somebody waits for, ms. */
  private nextLine(engine: Cluster): number | undefined {
    const instants = [...this.following].flatMap(({ next }) => (next !== undefined && next > engine.now ? [next] : []));
    return instants.length > 0 ? Math.min(...instants) : undefined;
  }
}
