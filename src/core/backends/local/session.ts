/**
 * One process's hold on the cluster: loads the state file, brings the clock up to date, and saves under the lock.
 *
 * Reading needs no lock, because the file is replaced in one step: time that passes in memory is played again, with the
 * same outcome, by whoever writes next. The lock is held from the first write to the commit.
 */
import { type ClockMode, Cluster, type ClusterState } from '../../simulation/cluster';
import type { JsonObject } from './codec';
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
}

export class Session {
  private readonly file: StateFile;
  private readonly lock: LockFile;
  private loaded: Loaded | undefined;
  /** Changes that are more than the passing of time. */
  private dirty = false;
  /** Grows whenever the engine is replaced by another. */
  epoch = 0;

  constructor(
    private readonly options: SessionOptions,
    /** Told of every engine that this session loads or makes. */
    private readonly onEngine: (engine: Cluster) => void = () => {},
  ) {
    this.file = new StateFile(options.statePath);
    this.lock = new LockFile(`${options.statePath}.lock`, options.host, { timeoutMs: options.lockTimeoutMs });
  }

  get log(): EventLog {
    return this.current().log;
  }

  /** The cluster at the present instant, for reading. */
  read(): Cluster {
    if (!this.lock.held) this.refresh();
    return this.catchUp();
  }

  /** The cluster at the present instant, for writing: locked until the next commit. */
  async write(): Promise<Cluster> {
    if (!this.lock.held) {
      if (this.file.identity() === undefined) this.file.prepareFolder();
      await this.lock.acquire();
      try {
        this.refresh();
      } catch (error) {
        this.lock.release();
        throw error;
      }
    }
    this.lock.heartbeat();
    return this.catchUp();
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
  advance(ms: number): void {
    const loaded = this.current();
    this.played(loaded.engine.now + ms);
  }

  settle(): void {
    const { engine } = this.current();
    engine.settle();
    this.played(engine.now);
  }

  /** The instant to play to on a wall clock, ms. */
  wallNow(): number {
    return this.options.host.now() + this.current().offset;
  }

  get host(): HostPort {
    return this.options.host;
  }

  private played(to: number): void {
    const loaded = this.current();
    loaded.engine.advanceTo(to);
    loaded.offset = to - this.options.host.now();
    this.dirty = true;
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
    this.replace({ engine, log: new EventLog(0), offset, identity, savedVersion: engine.version });
    this.applyOptions();
  }

  private restore(state: JsonObject): Cluster {
    if (!isClusterState(state)) throw this.file.damaged('it holds no cluster');
    try {
      return Cluster.restore(state);
    } catch (error) {
      throw this.file.damaged(error instanceof Error ? error.message : String(error), error);
    }
  }

  private create(): Loaded {
    const { clock = 'wall', gates, host, seed } = this.options;
    const now = clock === 'virtual' ? VIRTUAL_START : host.now();
    const engine = Cluster.create({
      now,
      clock,
      seed: seed ?? (clock === 'virtual' ? 0 : now % 2 ** 31),
      ...(gates && { gates }),
    });
    return { engine, log: new EventLog(0), offset: 0, identity: undefined, savedVersion: -1 };
  }

  private replace(loaded: Loaded): void {
    const log = new EventLog(loaded.engine.store.storage.resourceVersion);
    loaded.engine.onEvent((event) => log.push(event));
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

  private catchUp(): Cluster {
    const { engine } = this.current();
    if (engine.clockMode === 'wall') engine.advanceTo(Math.max(engine.now, this.wallNow()));
    else engine.drain();
    return engine;
  }

  private save(loaded: Loaded): void {
    try {
      this.lock.verify();
      const local = { offset: loaded.offset };
      this.file.save({ local, ...loaded.engine.snapshot() }, { keepPrevious: loaded.identity !== undefined });
      loaded.identity = this.file.identity();
      loaded.savedVersion = loaded.engine.version;
      this.dirty = false;
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
