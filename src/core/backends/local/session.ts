/**
 * One process's hold on the cluster: loads the state file, brings the clock up to date, and saves under the lock.
 *
 * Reading needs no lock, because the file is replaced in one step: time that passes in memory is played again, with the
 * same outcome, by whoever writes next. The lock is held from the first write to the commit. What runs inside containers
 * writes real files, so that a read which comes to such a run becomes a write.
 */
import type { ClockMode } from '../../reports/clock';
import type { Cluster } from '../../simulation/cluster';
import { Changes } from './changes';
import type { WallClock } from './clock';
import { StateFileError } from './errors';
import type { EventLog } from './event-log';
import type { HostPort } from './host';
import { type Loaded, newCluster, storedCluster } from './loaded';
import { LockFile } from './lock';
import { Player } from './player';
import type { SessionOptions, SessionStorage } from './session-options';
import { type FileIdentity, StateFile, sameFile } from './state-file';

export type { SessionOptions, SessionStorage } from './session-options';

export class Session {
  private readonly file: SessionStorage['file'];
  private readonly lock: SessionStorage['lock'];
  private readonly changes: Changes;
  private readonly player: Player;
  private loaded: Loaded | undefined;
  /** Grows whenever the engine is replaced by another. */
  epoch = 0;

  constructor(
    private readonly options: SessionOptions,
    /** Told of every engine that this session loads or makes. */
    private readonly onEngine: (engine: Cluster) => void = () => {},
  ) {
    const { host, lockTimeoutMs, statePath, storage } = options;
    this.file = storage?.file ?? new StateFile(statePath);
    this.lock = storage?.lock ?? new LockFile(`${statePath}.lock`, host, { timeoutMs: lockTimeoutMs });
    this.changes = new Changes(this.file, options);
    this.player = new Player(options, () => this.mustSave());
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

  /** Whether the lock is held: from the first write to the commit. */
  get locked(): boolean {
    return this.lock.held;
  }

  /** Whether an object changed, by whomever, or anything else that must not be lost, since the file was read or saved. */
  get unsaved(): boolean {
    const { engine, savedResourceVersion } = this.current();
    return this.changes.unsaved || engine.store.storage.resourceVersion !== savedResourceVersion;
  }

  /**
   * What an error that should not be means where the cluster was read from a file without a sum: that the file makes no sense in a way
   * that nobody looked for. Undefined where stsctl wrote the file itself.
   */
  blamed(error: unknown): StateFileError | undefined {
    if (!this.file.isEdited) return undefined;
    const why = error instanceof Error ? error.message : String(error);
    return this.file.damaged(`it was edited by hand, and what it holds can't be used (${why})`, error);
  }

  /** Notes that the engine holds what somebody asked for: it must not be lost, and can be undone. */
  touched(): void {
    this.changes.note(true);
  }

  /** Notes that the engine holds something that must not be lost, though nobody asked for it. */
  mustSave(): void {
    this.changes.note(false);
  }

  /** Saves what must not be lost, and frees the lock. Throws StateFileError; the session then starts from the file again. */
  async commit(): Promise<void> {
    const { changes, loaded } = this;
    const { runtime, undo } = this.options;
    if (loaded === undefined) return;
    loaded.engine.drain();
    if (loaded.engine.pendingRuns.length > 0 && this.lock.held) await this.player.answerRuns(loaded.engine);
    const isWorthIt = changes.isWorthSaving(loaded);
    try {
      if (changes.unsaved || isWorthIt) await runtime?.saving?.();
    } catch (error) {
      this.forget();
      throw error;
    }
    if (changes.unsaved) this.save(loaded);
    else if (isWorthIt) this.saveIfFree(loaded);
    await undo?.saved();
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
    this.replace(newCluster(this.options));
    this.options.runtime?.reset();
    this.changes.note(canBeUndone);
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
    const { clock, engine } = this.current();
    if (engine.clockMode === mode) return;
    engine.clockMode = mode;
    clock.change(engine.now, { rate: 1, paused: false });
    this.touched();
  }

  /** The kind of clock of the cluster that is loaded. */
  get clockMode(): ClockMode | undefined {
    return this.loaded?.engine.clockMode;
  }

  /** The file that what is loaded came from or was saved to last. */
  get identity(): FileIdentity | undefined {
    return this.loaded?.identity;
  }

  /** Where the cluster is kept. */
  get statePath(): string {
    return this.options.statePath;
  }

  /** How the wall clock passes: its rate, and whether it is paused. */
  get clock(): WallClock {
    return this.current().clock;
  }

  get host(): HostPort {
    return this.options.host;
  }

  /** Plays the next instant that is due, not after `until` (ms). False when there is none. The lock must be held. */
  step(until: number | undefined): Promise<boolean> {
    return this.player.step(this.current(), until);
  }

  /** Lets `ms` pass on the cluster's clock. */
  async advance(ms: number): Promise<void> {
    await this.playTo(this.current().engine.now + ms);
  }

  /** Plays until nothing more would change on its own, not beyond `limit` (ms since 1970). The lock must be held. */
  async settle(limit?: number): Promise<void> {
    await this.player.settle(this.current(), limit);
    this.touched();
  }

  /**
   * Plays to an instant (ms), which the wall clock then goes on from. The lock must be held. `asked`: as something that the
   * user wants, and can undo.
   */
  async playTo(to: number, asked = true): Promise<void> {
    await this.player.playTo(this.current(), to);
    this.changes.note(asked);
  }

  /** The instant to play to on a wall clock, ms. */
  wallNow(): number {
    return this.player.present(this.current());
  }

  /** Real time, ms, until the wall clock comes to an instant; at most `limit`. */
  msUntil(instant: number, limit: number): number {
    return this.player.msUntil(this.current(), instant, limit);
  }

  /** Whether files of pods or volumes differ from before they were touched; true where nobody kept that. */
  async filesChanged(): Promise<boolean> {
    return (await this.options.undo?.changed()) ?? true;
  }

  private async lockAndRefresh(): Promise<void> {
    if (this.file.identity() === undefined) this.file.prepareFolder();
    await this.lock.acquire();
    try {
      this.options.undo?.finish();
      this.refresh();
      if (this.lock.succeeded) this.sweep();
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  /** The holder of the lock before has died. */
  private sweep(): void {
    const { engine, identity } = this.current();
    this.options.undo?.sweep();
    if (identity) this.options.runtime?.sweep?.(engine.store);
  }

  private async catchUp(): Promise<Cluster> {
    for (;;) {
      const loaded = this.current();
      if (this.player.catchUp(loaded)) return loaded.engine;
      if (this.lock.held) await this.player.answerRuns(loaded.engine, this.wallNow());
      else await this.lockAndRefresh();
    }
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
      if (!this.loaded || known !== undefined) this.replace(newCluster(this.options));
      return;
    }
    this.replace(storedCluster(document, identity, this.file, this.options));
    this.applyOptions();
  }

  private replace(loaded: Loaded): void {
    const { runtime } = this.options;
    const { engine, log } = loaded;
    runtime?.discarded();
    engine.onEvent((event) => {
      log.push(event);
      runtime?.observe(event);
    });
    // A call that a fault refused has left its mark in the book of faults, and nowhere else.
    engine.onRefusal(() => {
      if (this.lock.held) this.mustSave();
    });
    this.onEngine(engine);
    this.loaded = loaded;
    this.changes.limitUndo(loaded);
    this.changes.clear();
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
    this.changes.clear();
  }

  private save(loaded: Loaded): void {
    try {
      this.lock.verify();
      this.changes.save(loaded);
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
    this.changes.clear();
    this.epoch++;
    this.lock.release();
  }
}
