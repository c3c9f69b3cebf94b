/**
 * One process's hold on the cluster: loads the state file, brings the clock up to date, and saves under the lock.
 *
 * Reading needs no lock, because the file is replaced in one step: time that passes in memory is played again, with the
 * same outcome, by whoever writes next. The lock is held from the first write to the commit. What runs inside containers
 * writes real files, so that a read which comes to such a run becomes a write.
 */
import { type ClockMode, Cluster, type ClusterState, SETTLE_LIMIT_MS } from '../../simulation/cluster';
import type { JsonObject } from './codec';
import type { ContainerRuntime } from './container-runtime';
import { CrashLoops } from './crash-loops';
import { StateFileError } from './errors';
import { EventLog } from './event-log';
import type { HostPort } from './host';
import { LockFile } from './lock';
import { type FileIdentity, StateFile } from './state-file';

export interface SessionOptions {
  readonly statePath: string;
  readonly host: HostPort;
  /** Switches the cluster to this clock. */
  readonly clock?: ClockMode;
  readonly gates?: Readonly<Record<string, boolean>>;
  /** Of a new cluster. */
  readonly seed?: number;
  /** How long to wait for another process, ms. */
  readonly lockTimeoutMs?: number;
  /** Runs what containers run; without it they are healthy and run nothing. */
  readonly runtime?: ContainerRuntime;
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
  /** Wall clock: the cluster's time less the host's, ms. */
  offset: number;
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
    if (!this.lock.held) this.refresh();
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

  /** Notes that the engine holds something that must not be lost. */
  touched(): void {
    this.dirty = true;
  }

  /** Saves what must not be lost, and frees the lock. Throws StateFileError; the session then starts from the file again. */
  async commit(): Promise<void> {
    const { loaded } = this;
    if (loaded === undefined) return;
    loaded.engine.drain();
    if (loaded.engine.pendingRuns.length > 0 && this.lock.held) await this.answerRuns(loaded.engine);
    const played = loaded.engine.version - loaded.savedVersion;
    if (this.dirty) this.save(loaded);
    else if (loaded.savedVersion < 0 || played > WORTH_SAVING) this.saveIfFree(loaded);
    this.lock.release();
  }

  close(): void {
    this.forget();
  }

  /** Puts a new cluster in place of whatever is there, a damaged file included. */
  async reset(): Promise<void> {
    if (!this.lock.held) {
      this.file.prepareFolder();
      await this.lock.acquire();
    }
    this.replace(this.create());
    this.options.runtime?.reset();
    this.dirty = true;
  }

  setClock(mode: ClockMode): void {
    const loaded = this.current();
    if (loaded.engine.clockMode === mode) return;
    loaded.engine.clockMode = mode;
    loaded.offset = loaded.engine.now - this.options.host.now();
    this.dirty = true;
  }

  /** Lets `ms` pass on the cluster's clock. */
  async advance(ms: number): Promise<void> {
    await this.playTo(this.current().engine.now + ms);
  }

  async settle(): Promise<void> {
    const { engine } = this.current();
    const limit = engine.now + SETTLE_LIMIT_MS;
    do engine.settle(limit);
    while (await this.answerRuns(engine));
    await this.playTo(engine.now);
  }

  /** The instant to play to on a wall clock, ms. */
  wallNow(): number {
    return this.options.host.now() + this.current().offset;
  }

  get host(): HostPort {
    return this.options.host;
  }

  /** Plays to an instant (ms), which the wall clock then goes on from. The lock must be held. */
  async playTo(to: number): Promise<void> {
    const loaded = this.current();
    do loaded.engine.advanceTo(to);
    while (await this.answerRuns(loaded.engine, to));
    loaded.offset = to - this.options.host.now();
    this.dirty = true;
  }

  private async lockAndRefresh(): Promise<void> {
    if (this.file.identity() === undefined) this.file.prepareFolder();
    await this.lock.acquire();
    try {
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
    const offset = typeof local === 'object' && local !== null && 'offset' in local ? Number(local.offset) : 0;
    const engine = this.restore(state);
    this.replace({
      engine,
      log: new EventLog(0),
      offset,
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
    const { clock = 'wall', gates, host, runtime, seed } = this.options;
    const now = clock === 'virtual' ? VIRTUAL_START : host.now();
    const engine = Cluster.create({
      now,
      clock,
      seed: seed ?? (clock === 'virtual' ? 0 : now % 2 ** 31),
      ...(gates && { gates }),
      ...(runtime && { runtime }),
    });
    return { engine, log: new EventLog(0), offset: 0, identity: undefined, savedVersion: -1, savedResourceVersion: -1 };
  }

  private replace(loaded: Loaded): void {
    const log = new EventLog(loaded.engine.store.storage.resourceVersion);
    const { runtime } = this.options;
    runtime?.discarded();
    loaded.engine.onEvent((event) => {
      log.push(event);
      runtime?.observe(event);
    });
    this.onEngine(loaded.engine);
    this.loaded = { ...loaded, log };
    this.dirty = false;
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
  }

  private async catchUp(): Promise<Cluster> {
    for (;;) {
      const { engine } = this.current();
      if (engine.clockMode === 'wall') engine.advanceTo(Math.max(engine.now, this.wallNow()));
      else engine.drain();
      if (engine.pendingRuns.length === 0) return engine;
      if (this.lock.held) await this.answerRuns(engine, this.wallNow());
      else await this.lockAndRefresh();
    }
  }

  private save(loaded: Loaded): void {
    try {
      this.lock.verify();
      const local = { offset: loaded.offset };
      this.file.save({ local, ...loaded.engine.snapshot() }, { keepPrevious: loaded.identity !== undefined });
      loaded.identity = this.file.identity();
      loaded.savedVersion = loaded.engine.version;
      loaded.savedResourceVersion = loaded.engine.store.storage.resourceVersion;
      this.dirty = false;
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
      if (sameFile(this.file.identity(), loaded.identity)) this.save(loaded);
    } catch (error) {
      if (!(error instanceof StateFileError)) throw error;
    }
  }

  private forget(): void {
    this.loaded = undefined;
    this.dirty = false;
    this.epoch++;
    this.lock.release();
  }
}

const sameFile = (a: FileIdentity | undefined, b: FileIdentity | undefined): boolean =>
  a?.ino === b?.ino && a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;

function isClusterState(state: JsonObject): state is JsonObject & ClusterState {
  const { clock, config, entropy, counters, objects, customResources, timers, timeline } = state;
  const records = [clock, config, entropy, counters].every((value) => typeof value === 'object' && value !== null);
  return records && [objects, customResources, timers, timeline].every(Array.isArray);
}
