/**
 * One process's hold on the cluster: loads the state file, brings the clock up to date, and saves under the lock.
 *
 * Reading needs no lock, because the file is replaced in one step: time that passes in memory is played again, with the
 * same outcome, by whoever writes next. The lock is held from the first write to the commit. What runs inside containers
 * writes real files, so that a read which comes to such a run becomes a write.
 */
import { type ClockMode, Cluster, type ClusterState, SETTLE_LIMIT_MS } from '../../simulation/cluster';
import { WallClock } from './clock';
import type { JsonObject } from './codec';
import type { ContainerRuntime } from './container-runtime';
import { CrashLoops } from './crash-loops';
import { StateFileError } from './errors';
import { EventLog } from './event-log';
import type { HostPort } from './host';
import { LockFile } from './lock';
import { type FileIdentity, StateFile } from './state-file';
import { DEFAULT_BUDGET, type UndoPort } from './undo/port';

export interface SessionOptions {
  readonly statePath: string;
  readonly host: HostPort;
  /** Switches the cluster to this clock. */
  readonly clock?: ClockMode;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Of a new cluster. */
  readonly seed?: number;
  /** When a new cluster begins, ms since 1970; else now, or on a virtual clock always the same. */
  readonly start?: number;
  /** How long to wait for another process, ms. */
  readonly lockTimeoutMs?: number;
  /** Told, once, that something is waited for while the wall clock is paused. */
  onPausedWait?(): void;
  /** Runs what containers run; without it they are healthy and run nothing. */
  readonly runtime?: ContainerRuntime;
  /** Keeps what was before each command. */
  readonly undo?: UndoPort;
  /** Where the cluster is kept, and how others are kept from it; the state file and its lock unless given. */
  readonly storage?: SessionStorage;
}

/** What a session needs of the place where the cluster is kept: StateFile and LockFile are the real one. */
export interface SessionStorage {
  readonly file: Pick<StateFile, 'identity' | 'load' | 'save' | 'prepareFolder' | 'damaged'>;
  readonly lock: Pick<LockFile, 'held' | 'acquire' | 'tryAcquire' | 'release' | 'heartbeat' | 'verify'>;
}

/** When a new virtual cluster begins. */
const VIRTUAL_START = Date.UTC(2026, 0, 1);
/** Time played in memory only is saved by a commit once it came to this many changes. */
const WORTH_SAVING = 500;

interface Loaded {
  readonly engine: Cluster;
  readonly log: EventLog;
  readonly clock: WallClock;
  /** The cluster's time when this was loaded, ms. */
  readonly begun: number;
  /** The file that this came from or was saved to; undefined for a new cluster. */
  identity: FileIdentity | undefined;
  /** The engine's version as saved; -1 for a new cluster. */
  savedVersion: number;
  /** The last resource version that is saved; -1 for a new cluster. */
  savedResourceVersion: number;
}

export class Session {
  private readonly file: SessionStorage['file'];
  private readonly lock: SessionStorage['lock'];
  private loaded: Loaded | undefined;
  /** Changes that are more than the passing of time. */
  private dirty = false;
  /** Whether the user asked for a change that is not saved yet. */
  private asked = false;
  private readonly loops = new CrashLoops();
  /** Grows whenever the engine is replaced by another. */
  epoch = 0;

  constructor(
    private readonly options: SessionOptions,
    /** Told of every engine that this session loads or makes. */
    private readonly onEngine: (engine: Cluster) => void = () => {},
  ) {
    this.file = options.storage?.file ?? new StateFile(options.statePath);
    this.lock =
      options.storage?.lock ??
      new LockFile(`${options.statePath}.lock`, options.host, { timeoutMs: options.lockTimeoutMs });
  }

  get log(): EventLog {
    return this.current().log;
  }

  /** The cluster at the present instant, for reading. */
  async read(): Promise<Cluster> {
    if (!this.lock.held) await this.look();
    return this.catchUp();
  }

  /** The cluster at the present instant, for writing: locked until the next commit. */
  async write(): Promise<Cluster> {
    if (!this.lock.held) await this.lockAndRefresh();
    this.lock.heartbeat();
    return this.catchUp();
  }

  /** Plays the next instant that is due, not after `until` (ms). False when there is none. The lock must be held. */
  async step(until: number | undefined): Promise<boolean> {
    const { engine } = this.current();
    const moved = engine.step(until);
    return (await this.answerRuns(engine)) || moved;
  }

  /** Whether the lock is held: from the first write to the commit. */
  get locked(): boolean {
    return this.lock.held;
  }

  /** Whether an object changed, by whomever, or anything else that must not be lost, since the file was read or saved. */
  get unsaved(): boolean {
    const loaded = this.current();
    return this.dirty || loaded.engine.store.storage.resourceVersion !== loaded.savedResourceVersion;
  }

  /** Notes that the engine holds what somebody asked for: it must not be lost, and can be undone. */
  touched(): void {
    this.dirty = true;
    this.asked = true;
  }

  /** Notes that the engine holds something that must not be lost, though nobody asked for it. */
  mustSave(): void {
    this.dirty = true;
  }

  /** Saves what must not be lost, and frees the lock. Throws StateFileError; the session then starts from the file again. */
  async commit(): Promise<void> {
    const { loaded } = this;
    if (loaded === undefined) return;
    loaded.engine.drain();
    if (loaded.engine.pendingRuns.length > 0 && this.lock.held) await this.answerRuns(loaded.engine);
    const played = loaded.engine.version - loaded.savedVersion;
    const isWorthIt = loaded.savedVersion < 0 || played > WORTH_SAVING || loaded.clock.corrected;
    if (this.dirty || isWorthIt) await this.options.runtime?.saving?.();
    if (this.dirty) this.save(loaded);
    else if (isWorthIt) this.saveIfFree(loaded);
    await this.options.undo?.saved();
    this.lock.release();
  }

  /** Saves the cluster as it is at this instant, where that is not in the file. */
  async saveNow(): Promise<void> {
    const engine = await this.write();
    const { identity, savedVersion } = this.current();
    if (identity === undefined || engine.version !== savedVersion) this.mustSave();
    await this.commit();
  }

  close(): void {
    this.forget();
  }

  /** Puts a new cluster in place of whatever is there, a damaged file included. */
  async reset(): Promise<void> {
    if (!this.lock.held) {
      this.file.prepareFolder();
      await this.lock.acquire();
      this.options.undo?.finish();
    }
    const canBeUndone = this.canBeRead();
    this.replace(this.create());
    this.options.runtime?.reset();
    this.dirty = true;
    this.asked = canBeUndone;
  }

  /**
   * Does work with the lock held and nothing loaded, for what replaces the file itself; the session then starts from the
   * file again. Throws StateFileError.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.forget();
    this.file.prepareFolder();
    await this.lock.acquire();
    try {
      this.options.undo?.finish();
      return await work();
    } finally {
      this.forget();
    }
  }

  setClock(mode: ClockMode): void {
    const loaded = this.current();
    if (loaded.engine.clockMode === mode) return;
    loaded.engine.clockMode = mode;
    loaded.clock.change(loaded.engine.now, { rate: 1, paused: false });
    this.touched();
  }

  /** The kind of clock of the cluster that is loaded. */
  get clockMode(): ClockMode | undefined {
    return this.loaded?.engine.clockMode;
  }

  /** Where the cluster is kept. */
  get statePath(): string {
    return this.options.statePath;
  }

  /** How the wall clock passes: its rate, and whether it is paused. */
  get clock(): WallClock {
    return this.current().clock;
  }

  /** Lets `ms` pass on the cluster's clock. */
  async advance(ms: number): Promise<void> {
    await this.playTo(this.current().engine.now + ms);
  }

  /** Plays until nothing more would change on its own, not beyond `limit` (ms since 1970). The lock must be held. */
  async settle(limit = this.current().engine.now + SETTLE_LIMIT_MS): Promise<void> {
    const { engine } = this.current();
    do engine.settle(limit);
    while (await this.answerRuns(engine));
    await this.playTo(engine.now);
  }

  /** The instant to play to on a wall clock, ms. */
  wallNow(): number {
    const { clock, engine } = this.current();
    return clock.present(engine.now);
  }

  get host(): HostPort {
    return this.options.host;
  }

  /** Real time, ms, until the wall clock comes to an instant; at most `limit`. */
  msUntil(instant: number, limit: number): number {
    const { clock, engine } = this.current();
    if (clock.paused && !this.pausedWait) {
      this.pausedWait = true;
      this.options.onPausedWait?.();
    }
    return Math.max(1, Math.min(limit, clock.msUntil(instant, engine.now)));
  }
  private pausedWait = false;

  /** Whether files of pods or volumes differ from before they were touched; true where nobody kept that. */
  async filesChanged(): Promise<boolean> {
    return (await this.options.undo?.changed()) ?? true;
  }

  /**
   * Plays to an instant (ms), which the wall clock then goes on from. The lock must be held. `asked`: as something that the
   * user wants, and can undo.
   */
  async playTo(to: number, asked = true): Promise<void> {
    const loaded = this.current();
    do loaded.engine.advanceTo(to);
    while (await this.answerRuns(loaded.engine, to));
    loaded.clock.goOnFrom(to);
    if (asked) this.touched();
    else this.mustSave();
  }

  private async lockAndRefresh(): Promise<void> {
    if (this.file.identity() === undefined) this.file.prepareFolder();
    await this.lock.acquire();
    try {
      this.options.undo?.finish();
      this.refresh();
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  /**
   * Executes what containers are to run at this instant, until nothing more is asked for; time then goes on at least to
   * `until` (ms). False when nothing was asked for.
   */
  private async answerRuns(engine: Cluster, until?: number): Promise<boolean> {
    const { runtime } = this.options;
    let answered = false;
    for (let run = engine.pendingRuns[0]; run && runtime; run = engine.pendingRuns[0]) {
      let outcome = this.loops.answer(run, engine.now, until);
      if (!outcome) {
        outcome = await runtime.execute(run, engine);
        this.loops.learn(run, engine.now, outcome);
      }
      engine.completeRun(run, outcome);
      this.dirty = true;
      answered = true;
    }
    return answered;
  }

  private current(): Loaded {
    if (this.loaded === undefined) throw new Error('the session holds no cluster');
    return this.loaded;
  }

  /** A file whose replacement was interrupted is not looked at before that is finished. */
  private async look(): Promise<void> {
    if (this.options.undo?.interrupted) await this.lockAndRefresh();
    else this.refresh();
  }

  private canBeRead(): boolean {
    try {
      this.file.load();
      return true;
    } catch (error) {
      if (error instanceof StateFileError) return false;
      throw error;
    }
  }

  /** Loads the file unless what is loaded came from this very version of it. */
  private refresh(): void {
    const identity = this.file.identity();
    const known = this.loaded?.identity;
    if (this.loaded && sameFile(identity, known)) return;
    const document = this.file.load();
    if (document === undefined) {
      if (!this.loaded || known !== undefined) this.replace(this.create());
      return;
    }
    const { local, ...state } = document;
    const engine = this.restore(state);
    const clock = WallClock.restore(this.options.host, local);
    this.replace({
      engine,
      log: new EventLog(0),
      clock,
      begun: engine.clockMode === 'wall' ? clock.present(engine.now) : engine.now,
      identity,
      savedVersion: engine.version,
      savedResourceVersion: engine.store.storage.resourceVersion,
    });
    this.applyOptions();
  }

  private restore(state: JsonObject): Cluster {
    if (!isClusterState(state)) throw this.file.damaged('it holds no cluster');
    try {
      return Cluster.restore(state, this.options.runtime);
    } catch (error) {
      throw this.file.damaged(error instanceof Error ? error.message : String(error), error);
    }
  }

  private create(): Loaded {
    const { clock = 'wall', gates, host, runtime, seed, start } = this.options;
    const now = start ?? (clock === 'virtual' ? VIRTUAL_START : host.now());
    const engine = Cluster.create({
      now,
      clock,
      seed: seed ?? (clock === 'virtual' ? 0 : now % 2 ** 31),
      ...(gates && { gates }),
      ...(runtime && { runtime }),
    });
    return {
      engine,
      log: new EventLog(0),
      clock: new WallClock(host),
      begun: engine.now,
      identity: undefined,
      savedVersion: -1,
      savedResourceVersion: -1,
    };
  }

  private replace(loaded: Loaded): void {
    const log = new EventLog(loaded.engine.store.storage.resourceVersion);
    const { runtime } = this.options;
    runtime?.discarded();
    loaded.engine.onEvent((event) => {
      log.push(event);
      runtime?.observe(event);
    });
    // A call that a fault refused has left its mark in the book of faults, and nowhere else.
    loaded.engine.onRefusal(() => {
      if (this.lock.held) this.dirty = true;
    });
    this.onEngine(loaded.engine);
    this.loaded = { ...loaded, log };
    this.options.undo?.limit(loaded.engine.config.undo ?? DEFAULT_BUDGET);
    this.dirty = false;
    this.asked = false;
    this.epoch++;
  }

  /** A clock or gates asked for by the environment or a flag; saved with the next commit that has something to save. */
  private applyOptions(): void {
    const { clock, gates } = this.options;
    const { engine } = this.current();
    if (clock !== undefined) this.setClock(clock);
    if (gates && Object.entries(gates).some(([name, on]) => engine.config.gates[name] !== on)) {
      engine.configure({ gates: { ...engine.config.gates, ...gates } });
    }
    this.dirty = false;
    this.asked = false;
  }

  private async catchUp(): Promise<Cluster> {
    for (;;) {
      const { engine } = this.current();
      if (engine.clockMode === 'wall') engine.advanceTo(this.wallNow());
      else engine.drain();
      if (engine.pendingRuns.length === 0) return engine;
      if (this.lock.held) await this.answerRuns(engine, this.wallNow());
      else await this.lockAndRefresh();
    }
  }

  private save(loaded: Loaded): void {
    try {
      this.lock.verify();
      const local = loaded.clock.save();
      const { undo } = this.options;
      const { asked } = this;
      undo?.limit(loaded.engine.config.undo ?? DEFAULT_BUDGET);
      this.file.save(
        { local, ...loaded.engine.snapshot() },
        {
          keepPrevious: loaded.identity !== undefined,
          ...(undo && { replacing: (paths) => undo.saving({ ...paths, asked, now: loaded.begun }) }),
        },
      );
      loaded.identity = this.file.identity();
      loaded.savedVersion = loaded.engine.version;
      loaded.savedResourceVersion = loaded.engine.store.storage.resourceVersion;
      loaded.clock.corrected = false;
      this.dirty = false;
      this.asked = false;
      this.options.runtime?.saved();
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Saves the passing of time when nobody is in the way; nothing is lost when it does not come to it. */
  private saveIfFree(loaded: Loaded): void {
    try {
      if (loaded.identity === undefined) this.file.prepareFolder();
      if (!this.lock.held && this.lock.tryAcquire() !== undefined) return;
      if (this.options.undo?.interrupted) return;
      if (sameFile(this.file.identity(), loaded.identity)) this.save(loaded);
    } catch (error) {
      if (!(error instanceof StateFileError)) throw error;
    }
  }

  private forget(): void {
    this.loaded = undefined;
    this.dirty = false;
    this.asked = false;
    this.epoch++;
    this.lock.release();
  }
}

const sameFile = (a: FileIdentity | undefined, b: FileIdentity | undefined): boolean =>
  a?.ino === b?.ino && a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;

export function isClusterState(state: JsonObject): state is JsonObject & ClusterState {
  const { clock, config, entropy, counters, objects, customResources, timers, timeline } = state;
  const records = [clock, config, entropy, counters].every((value) => typeof value === 'object' && value !== null);
  return records && [objects, customResources, timers, timeline].every(Array.isArray);
}
