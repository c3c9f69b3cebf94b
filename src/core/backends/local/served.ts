/**
 * The local cluster for a server: one session that many clients' calls go through, one after the other, while time goes on
 * by itself. The state file stays the truth: whatever anybody was told is in it, and what others write to it is told.
 */

import type { ResourceInfo } from '../../api/resources';
import { bind } from '../../apiserver/binding';
import type { Backend } from '../../client/backend';
import type { AttachOptions, ContainerBackend, LogOptions } from '../../client/container-backend';
import { isExpected } from '../../client/errors';
import type { BindingTarget, Change, Selection, ServedBackend } from '../../client/served';
import type { Cluster } from '../../simulation/cluster';
import { Batch } from './batch';
import { LocalContainers } from './containers';
import { connectTo } from './forward';
import { History, type Recent } from './history';
import { viewOf } from './index';
import { type KeptHistory, keepHistory, takeHistory } from './kept-history';
import { shown } from './owners';
import { PodRuntime } from './pods/runtime';
import { matcherFor } from './select';
import { Session, type SessionOptions } from './session';
import { StateFile, sameFile } from './state-file';
import { openRecorder } from './undo';
import { Warnings } from './warnings';

export interface ServedOptions extends SessionOptions {
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

/** How often another process's writes are looked for, ms. */
const POLL_MS = 100;
/** How long whoever begins to watch is given to take in what there is: informers look every 100 ms. */
const FIRST_LOOK_MS = 150;
/** How often somebody who follows a log looks for more on a virtual clock, ms. */
const FOLLOW_MS = 20;
/** How many changes outlive a server. */
const KEPT_CHANGES = 5_000;
/** Instants of a virtual clock that follow each other faster than this are saved together, ms of real time. */
const SHARED_MS = 10;
/** How long a virtual clock waits for clients that are slow to read what they were told, ms. */
const BEHIND_MS = 2_000;
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
  /** Who is told, and whether he is behind. */
  private readonly listeners = new Map<Listener, () => boolean>();
  private engine: Cluster | undefined;
  private kept: KeptHistory | undefined;
  private queue: Promise<void> = Promise.resolve();
  private readonly batch = new Batch({
    now: () => this.options.host.now(),
    present: () => this.present(),
    epoch: () => this.session.epoch,
    save: () => this.save(),
    exclusively: (work) => this.exclusively(work),
  });
  private restarted = false;
  private closed = false;
  private life: Promise<void> | undefined;
  private lastCall: number;
  private lastStep: number;
  /** Whoever follows a log, and when its next known line was printed (ms). */
  private readonly following = new Set<{ next?: number | undefined }>();
  /** When somebody began to watch. */
  private lastWatch = 0;
  private wake: () => void = () => {};

  constructor(private readonly options: ServedOptions) {
    // All that clients ask for while it serves is one command.
    const undo = openRecorder({ command: 'serve', ...options });
    this.runtime = new PodRuntime(options.statePath, undefined, undo);
    this.session = new Session({ ...options, runtime: this.runtime, undo }, (engine) => this.begin(engine));
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

  onChanges(listener: Listener, behind: () => boolean = () => false): () => void {
    this.listeners.set(listener, behind);
    this.lastWatch = this.options.host.now();
    this.wake();
    return () => this.listeners.delete(listener);
  }

  selects(resource: ResourceInfo, selection: Selection) {
    return matcherFor(resource, selection);
  }

  perform<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.batch.add({
        run: async () => {
          try {
            const outcome = await this.attempt(work, onWarning);
            if ('error' in outcome) return { answer: () => reject(outcome.error), isFinal: false };
            return { answer: () => resolve(outcome.value), isFinal: false };
          } catch (error) {
            return { answer: () => reject(error), isFinal: true };
          }
        },
        fail: reject,
      });
    }).finally(() => {
      this.lastCall = this.options.host.now();
      this.wake();
    });
  }

  /** Each step is a turn of its own: nobody waits for what somebody else has not typed yet. */
  readonly containers: Pick<ContainerBackend, 'exec' | 'attach' | 'logs' | 'forward'> = {
    exec: (namespace, pod, options) => this.converse(options, (own) => this.podsOf().exec(namespace, pod, own)),
    attach: async (namespace, pod, options) => {
      const { container } = options;
      const reads = await this.perform(() => this.podsOf().reads(namespace, pod, container));
      if (reads) return this.converse(options, (own) => this.podsOf().attach(namespace, pod, own));
      const lines = this.follow(namespace, pod, { container, follow: true, tailLines: 0 });
      const text = new TextEncoder();
      void options.over?.then(lines.stop);
      for await (const line of lines.read) options.stdout(text.encode(line));
    },
    forward: (namespace, pod, port, ears) =>
      connectTo(port, ears, (work) => this.perform(() => this.podsOf().atPort(namespace, pod, port, work))),
    logs: (namespace, pod, options) => {
      const { read, stop } = this.follow(namespace, pod, options);
      const lines = read[Symbol.asyncIterator]();
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => lines.next(),
          return: async () => {
            stop();
            return { done: true, value: undefined };
          },
        }),
      };
    },
  };

  bind(namespace: string, pod: string, target: BindingTarget): Promise<void> {
    return this.perform(async () => {
      const engine = target.dryRun ? await this.session.read() : await this.session.write();
      bind(engine.store, namespace, pod, target, engine.now);
      if (!target.dryRun) this.session.touched();
    });
  }

  private podsOf(): LocalContainers {
    return new LocalContainers(this.session, this.runtime);
  }

  /** What a container prints, a turn a look; time passes by itself meanwhile. */
  private follow(namespace: string, pod: string, options: LogOptions) {
    const { host } = this.options;
    const follower: { next?: number | undefined } = {};
    const turns = { take: <T>(work: () => Promise<T>) => this.perform(work) };
    const rest = async (next: number | undefined): Promise<'wait' | 'nothing'> => {
      follower.next = next;
      this.wake();
      await host.sleep(this.session.clockMode === 'virtual' ? FOLLOW_MS : POLL_MS);
      return this.closed || !this.following.has(follower) ? 'nothing' : 'wait';
    };
    const containers = new LocalContainers(this.session, this.runtime, { turns, rest });
    const { following } = this;
    if (options.follow) following.add(follower);
    const stop = (): void => void following.delete(follower);
    async function* read(): AsyncIterable<string> {
      try {
        yield* containers.logs(namespace, pod, options);
      } finally {
        stop();
      }
    }
    return { read: read(), stop };
  }

  /**
   * What somebody does in a container: others have their turn whenever it waits for input. What it prints is shown once
   * what it did is saved.
   */
  private async converse<T, O extends AttachOptions>(options: O, work: (options: O) => Promise<T>): Promise<T> {
    const heard: (() => void)[] = [];
    let done = await this.turn();
    const show = async (): Promise<void> => {
      await this.save();
      for (const say of heard.splice(0)) say();
    };
    const apart = async <R>(wait: () => Promise<R>): Promise<R> => {
      await show();
      done();
      try {
        return await wait();
      } finally {
        done = await this.turn();
        await this.present();
      }
    };
    const { input } = options;
    const own: O = {
      ...options,
      stdout: (bytes) => heard.push(() => options.stdout(bytes)),
      stderr: (bytes) => heard.push(() => options.stderr(bytes)),
      ...(input?.kind === 'typed' && {
        input: { ...input, readLine: (prompt: string) => apart(() => input.readLine(prompt)) },
      }),
    };
    try {
      await this.present();
      const outcome = await this.attempt(() => work(own));
      await show();
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    } finally {
      this.lastCall = this.options.host.now();
      done();
      this.wake();
    }
  }

  /** Loads the cluster, or makes it, and lets time go on. Throws StateFileError. */
  async start(): Promise<void> {
    await this.exclusively(async () => {
      this.kept = takeHistory(this.options.statePath);
      await this.session.write();
      this.session.mustSave();
      await this.save();
    });
    this.life = this.live();
  }

  async halt(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.life;
    await this.exclusively(async () => {});
  }

  async close(): Promise<void> {
    await this.halt();
    await this.exclusively(async () => {
      const { identity } = this.session;
      if (identity) keepHistory(this.options.statePath, identity, this.history.recent(KEPT_CHANGES));
      this.session.close();
    });
  }

  /** One thing at a time, in the order of the calls. */
  private async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = await this.turn();
    try {
      return await work();
    } finally {
      done();
    }
  }

  /** Waits until it is one's turn. Returns how to end it. */
  private async turn(): Promise<() => void> {
    const before = this.queue;
    let done = (): void => {};
    this.queue = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }

  private get watched(): boolean {
    return this.listeners.size > 0 || this.following.size > 0;
  }

  private async attempt<T>(work: (backend: Backend) => Promise<T>, onWarning?: (text: string) => void) {
    const warnings = new Warnings(onWarning);
    const stop = this.engine && warnings.listen(this.engine);
    try {
      return { value: await work(viewOf(this.session, warnings, this.runtime)) };
    } catch (error) {
      // A refusal is an answer; anything else may have stopped half-way.
      if (isExpected(error)) return { error };
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
      for (const listener of [...this.listeners.keys()]) listener('restarted');
    }
    const changes = this.history.publish(this.engine?.store.storage.resourceVersion ?? 0);
    if (changes.length === 0) return;
    this.lastStep = this.options.host.now();
    const seen = changes.map((change) => this.asShown(change));
    for (const listener of [...this.listeners.keys()]) listener(seen);
  }

  private abandon(): void {
    this.session.close();
    this.history.discard();
  }

  private begin(engine: Cluster): void {
    if (!this.history.follow(engine, this.keptFor(engine))) this.restarted = true;
    this.engine = engine;
  }

  /** What the server before has told of the cluster as it is now. The lock is held. */
  private keptFor({ store }: Cluster): Recent | undefined {
    const { kept } = this;
    this.kept = undefined;
    const now = kept && new StateFile(this.options.statePath).identity();
    return now && sameFile(now, kept.identity) ? kept.recent((object) => store.resourceOf(object)) : undefined;
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
    const quiet = this.watched ? paceMs : idleMs;
    const now = host.now();
    const begun = this.lastWatch + Math.max(0, FIRST_LOOK_MS - quiet);
    const since = now - Math.max(this.lastStep, this.watched ? begun : this.lastCall);
    const isBehind = [...this.listeners.values()].some((behind) => behind());
    const overdue = now - this.lastStep >= (isBehind ? BEHIND_MS : quiet * PATIENCE);
    const printed = this.nextLine(engine);
    if ((engine.isSettled() && printed === undefined) || ((since < quiet || isBehind) && !overdue)) {
      await this.save();
      return Math.max(1, Math.min(POLL_MS, quiet - since > 0 ? quiet - since : POLL_MS));
    }
    const locked = await this.session.write();
    for (let rest = Math.min(SHARED_MS, Math.max(1, Math.floor(SHARED_MS / quiet))); rest > 0; rest--) {
      if (!(await this.playNext(locked))) break;
      locked.flush();
    }
    this.session.mustSave();
    await this.save();
    return 0;
  }

  /** False when nothing more would happen by itself. */
  private async playNext(engine: Cluster): Promise<boolean> {
    const printed = this.nextLine(engine);
    if (engine.isSettled() && printed === undefined) return false;
    const due = engine.nextDue();
    if (printed === undefined || (due !== undefined && due <= printed)) return this.session.step(undefined);
    await this.session.playTo(printed, false);
    this.lastStep = this.options.host.now();
    return true;
  }

  /** When the next line was printed that somebody waits for, ms. */
  private nextLine(engine: Cluster): number | undefined {
    const instants = [...this.following].flatMap(({ next }) => (next !== undefined && next > engine.now ? [next] : []));
    return instants.length > 0 ? Math.min(...instants) : undefined;
  }
}
