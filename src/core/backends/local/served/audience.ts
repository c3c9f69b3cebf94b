/** Who is told of changes, once they are durable: from the history, which outlives a server where the state file stayed the same. */
import type { Change } from '../../../client/served';
import type { Cluster } from '../../../simulation/cluster';
import { History, type Recent } from '../history';
import { type KeptHistory, keepHistory, takeHistory } from '../kept-history';
import { shown } from '../owners';
import { StateFile, sameFile } from '../state-file';

export type Listener = (changes: readonly Change[] | 'restarted') => void;

/** How many changes outlive a server. */
const KEPT_CHANGES = 5_000;

export class Audience {
  private readonly history = new History();
  /** Who is told, and whether he is behind. */
  private readonly listeners = new Map<Listener, () => boolean>();
  private engine: Cluster | undefined;
  private kept: KeptHistory | undefined;
  private restarted = false;

  constructor(private readonly statePath: string) {}

  get oldest(): number {
    return this.history.oldest;
  }

  get latest(): number {
    return this.history.latest;
  }

  get isEmpty(): boolean {
    return this.listeners.size === 0;
  }

  /** Whether somebody has yet to read what he was told. */
  get isBehind(): boolean {
    return [...this.listeners.values()].some((behind) => behind());
  }

  after(resourceVersion: number): readonly Change[] | undefined {
    return this.history.after(resourceVersion)?.map((change) => this.asShown(change));
  }

  /** Returns how to stop. */
  add(listener: Listener, behind: () => boolean): () => void {
    this.listeners.set(listener, behind);
    return () => this.listeners.delete(listener);
  }

  /** Takes what a server before this one has left. */
  take(): void {
    this.kept = takeHistory(this.statePath);
  }

  /** Leaves what was told to the next server. */
  keep(identity: KeptHistory['identity']): void {
    keepHistory(this.statePath, identity, this.history.recent(KEPT_CHANGES));
  }

  /** From now on the changes of this cluster are told. */
  follow(engine: Cluster): void {
    if (!this.history.follow(engine, this.keptFor(engine))) this.restarted = true;
    this.engine = engine;
  }

  /** What happened since the last time was not saved, and is not told. */
  discard(): void {
    this.history.discard();
  }

  /** Tells what happened since the last time, which is saved now. False when there was nothing to tell. */
  publish(): boolean {
    if (this.restarted) {
      this.restarted = false;
      for (const listener of [...this.listeners.keys()]) listener('restarted');
    }
    const changes = this.history.publish(this.engine?.store.storage.resourceVersion ?? 0);
    if (changes.length === 0) return false;
    const seen = changes.map((change) => this.asShown(change));
    for (const listener of [...this.listeners.keys()]) listener(seen);
    return true;
  }

  /** What the server before has told of the cluster as it is now. The lock is held. */
  private keptFor({ store }: Cluster): Recent | undefined {
    const { kept } = this;
    this.kept = undefined;
    const now = kept && new StateFile(this.statePath).identity();
    return now && sameFile(now, kept.identity) ? kept.recent((object) => store.resourceOf(object)) : undefined;
  }

  private asShown(change: Change): Change {
    const store = this.engine?.store;
    return store ? { ...change, object: shown(store, change.object) } : change;
  }
}
