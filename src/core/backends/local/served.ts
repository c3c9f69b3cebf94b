/**
 * The local cluster for a server: one session that many clients' calls go through, one after the other, while time goes on
 * by itself. The state file stays the truth: whatever anybody was told is in it, and what others write to it is told.
 */

import type { ResourceInfo } from '../../api/resources';
import { ApiError } from '../../api/status';
import type { Backend } from '../../client/backend';
import type { Change, Selection, ServedBackend } from '../../client/served';
import type { Cluster } from '../../simulation/cluster';
import { History } from './history';
import { viewOf } from './index';
import { shown } from './owners';
import { PodRuntime } from './pods/runtime';
import { matcherFor } from './select';
import { Session, type SessionOptions } from './session';
import { openRecorder } from './undo';
import { Warnings } from './warnings';

export interface ServedOptions extends SessionOptions {
  /** On a virtual clock: how long clients that watch are given to react to an instant, ms of real time. */
  readonly paceMs?: number;
  /** On a virtual clock: how long nobody has asked for anything before time goes on while nobody watches, ms of real time. */
  readonly idleMs?: number;
  /** Told of a failure to save or to read the file while no client waits for an answer. */
  onTrouble?(error: unknown): void;
}

/** How often another process's writes are looked for, ms. */
const POLL_MS = 100;
/** How long whoever begins to watch is given to take in what there is: informers look every 100 ms. */
const FIRST_LOOK_MS = 150;
/** A busy server's virtual clock goes on all the same, after so many times the usual pause. */
const PATIENCE = 10;

type Listener = (changes: readonly Change[] | 'restarted') => void;

export function serveLocal(options: ServedOptions): ServedBackend & { start(): Promise<void> } {
  return new Served(options);
}

class Served implements ServedBackend {
  private readonly session: Session;
  private readonly runtime: PodRuntime;
  private readonly history = new History();
  private readonly listeners = new Set<Listener>();
  private engine: Cluster | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private restarted = false;
  private closed = false;
  private life: Promise<void> | undefined;
  private lastCall: number;
  private lastStep: number;
  /** When somebody began to watch. */
  private lastWatch = 0;
  private wake: () => void = () => {};

  constructor(private readonly options: ServedOptions) {
    // All that clients ask for while it serves is one command.
    const undo = openRecorder({ command: 'serve', ...options });
    this.runtime = new PodRuntime(options.statePath, undefined, undo);
    this.session = new Session({ ...options, runtime: this.runtime, undo }, (engine) => this.follow(engine));
    this.lastCall = options.host.now();
    this.lastStep = this.lastCall;
  }

  get oldestVersion(): number {
    return this.history.oldest;
  }

  get latestVersion(): number {
    return this.history.latest;
  }

  get now(): number {
    return this.engine?.now ?? 0;
  }

  changesAfter(resourceVersion: number): readonly Change[] | undefined {
    return this.history.after(resourceVersion)?.map((change) => this.asShown(change));
  }

  onChanges(listener: Listener): () => void {
    this.listeners.add(listener);
    this.lastWatch = this.options.host.now();
    this.wake();
    return () => this.listeners.delete(listener);
  }

  selects(resource: ResourceInfo, selection: Selection) {
    return matcherFor(resource, selection);
  }

  perform<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void): Promise<T> {
    return this.exclusively(async () => {
      try {
        for (;;) {
          await this.present();
          const outcome = await this.attempt(work, onWarning);
          const { epoch } = this.session;
          if (this.session.unsaved && !this.session.locked) {
            await this.session.write();
            // Another process was faster: what was answered is not what is there.
            if (this.session.epoch !== epoch) continue;
          }
          await this.save();
          if ('error' in outcome) throw outcome.error;
          return outcome.value;
        }
      } finally {
        this.lastCall = this.options.host.now();
        this.wake();
      }
    });
  }

  /** Loads the cluster, or makes it, and lets time go on. Throws StateFileError. */
  async start(): Promise<void> {
    await this.exclusively(async () => {
      await this.session.write();
      this.session.mustSave();
      await this.save();
    });
    this.life = this.live();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.life;
    await this.exclusively(async () => this.session.close());
  }

  /** One thing at a time, in the order of the calls. */
  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.queue.then(work);
    this.queue = run.catch(() => {});
    return run;
  }

  private async attempt<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void) {
    const warnings = new Warnings(onWarning);
    const stop = this.engine && warnings.listen(this.engine);
    try {
      return { value: await work(viewOf(this.session, warnings, this.runtime)) };
    } catch (error) {
      // A refusal changes nothing; anything else may have stopped half-way.
      if (error instanceof ApiError) return { error };
      this.abandon();
      throw error;
    } finally {
      stop?.();
    }
  }

  /** The cluster of this instant, derived objects included; locked when getting there changed anything. */
  private async present(): Promise<Cluster> {
    const engine = await this.session.read();
    engine.flush();
    if (!this.session.unsaved) return engine;
    const locked = await this.session.write();
    locked.flush();
    return locked;
  }

  private async save(): Promise<void> {
    try {
      if (this.session.unsaved) this.session.mustSave();
      await this.session.commit();
    } catch (error) {
      this.history.discard();
      throw error;
    }
    this.publish();
  }

  private publish(): void {
    if (this.restarted) {
      this.restarted = false;
      for (const listener of [...this.listeners]) listener('restarted');
    }
    const changes = this.history.publish();
    if (changes.length === 0) return;
    this.lastStep = this.options.host.now();
    const seen = changes.map((change) => this.asShown(change));
    for (const listener of [...this.listeners]) listener(seen);
  }

  private abandon(): void {
    this.session.close();
    this.history.discard();
  }

  private follow(engine: Cluster): void {
    if (!this.history.follow(engine)) this.restarted = true;
    this.engine = engine;
  }

  private asShown(change: Change): Change {
    const store = this.engine?.store;
    return store ? { ...change, object: shown(store, change.object) } : change;
  }

  /** Lets time pass until the server is closed. */
  private async live(): Promise<void> {
    while (!this.closed) {
      let pause = POLL_MS;
      try {
        pause = await this.exclusively(() => this.tick());
      } catch (error) {
        this.abandon();
        this.options.onTrouble?.(error);
        pause = 10 * POLL_MS;
      }
      if (this.closed) return;
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      await Promise.race([this.options.host.sleep(pause), woken]);
    }
  }

  /** Brings the cluster up to date. Returns how long nothing is to be done, ms. */
  private async tick(): Promise<number> {
    const engine = await this.present();
    if (engine.clockMode === 'virtual') return this.jump(engine);
    await this.save();
    const due = engine.nextDue();
    return due === undefined ? POLL_MS : this.session.msUntil(due, POLL_MS);
  }

  /** Plays the next instant of a virtual clock once clients have had their time. */
  private async jump(engine: Cluster): Promise<number> {
    const { paceMs = 20, idleMs = 200, host } = this.options;
    const quiet = this.listeners.size > 0 ? paceMs : idleMs;
    const now = host.now();
    const begun = this.lastWatch + Math.max(0, FIRST_LOOK_MS - quiet);
    const since = now - Math.max(this.lastStep, this.listeners.size > 0 ? begun : this.lastCall);
    const overdue = now - this.lastStep >= quiet * PATIENCE;
    if (engine.isSettled() || (since < quiet && !overdue)) {
      await this.save();
      return Math.max(1, Math.min(POLL_MS, quiet - since > 0 ? quiet - since : POLL_MS));
    }
    const locked = await this.session.write();
    await this.session.step(undefined);
    locked.flush();
    this.session.mustSave();
    await this.save();
    return 0;
  }
}
