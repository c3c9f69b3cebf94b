/**
 * The history that watches of a server are fed from: what clients were told, in the order of resource versions, across
 * reloads of the state file. A reload is told as the differences it made.
 */
import type { Change } from '../../client/served';
import type { Cluster } from '../../simulation/cluster';

/** How many changes are kept for watches that resume; older versions are answered with 410 Gone. */
const KEEP = 20_000;

export class History {
  private changes: Change[] = [];
  private pending: Change[] = [];
  /** What clients know, by uid. */
  private readonly known = new Map<string, Change>();
  private start = -1;
  private end = -1;

  /** The versions after this one can be asked for. */
  get oldest(): number {
    return this.start;
  }

  get latest(): number {
    return this.end;
  }

  /**
   * Follows another cluster from here on: the file was read anew. What was pending of the one before never happened. False
   * when it does not continue what clients were told, so that they have to begin anew.
   */
  follow(engine: Cluster): boolean {
    const differences = this.start < 0 ? undefined : this.differences(engine);
    const continues = differences !== undefined || this.start < 0;
    if (!differences) this.begin(engine);
    this.pending = differences ?? [];
    engine.store.onEvent((event) => this.pending.push(event));
    return continues;
  }

  /** Forgets what happened since the last `publish`: it was not saved. */
  discard(): void {
    this.pending = [];
  }

  /**
   * Makes what happened since the last call part of the history, and returns it. `version` is where the cluster stands: a
   * version may be used up by what nobody is told of.
   */
  publish(version: number): readonly Change[] {
    const told = this.pending;
    this.end = Math.max(this.end, version);
    if (told.length === 0) return told;
    this.pending = [];
    for (const change of told) {
      this.changes.push(change);
      if (change.type === 'DELETED') this.known.delete(change.object.metadata.uid);
      else this.known.set(change.object.metadata.uid, change);
    }
    if (this.changes.length > 2 * KEEP) {
      const dropped = this.changes.length - KEEP;
      this.start = this.changes[dropped - 1]!.resourceVersion;
      this.changes = this.changes.slice(dropped);
    }
    return told;
  }

  after(resourceVersion: number): readonly Change[] | undefined {
    if (resourceVersion < this.start) return undefined;
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.changes[middle]!.resourceVersion <= resourceVersion) low = middle + 1;
      else high = middle;
    }
    return this.changes.slice(low);
  }

  /**
   * What changed between what clients know and a cluster that was read from the file; undefined when it is another cluster,
   * or an older state of this one. When an object went nobody knows, and its name may have been taken since: so it goes
   * before anything comes, at the version after the last.
   */
  private differences(engine: Cluster): Change[] | undefined {
    const version = engine.store.storage.resourceVersion;
    const changed: Change[] = [];
    const alive = new Set<string>();
    for (const change of present(engine)) {
      const { uid, resourceVersion } = change.object.metadata;
      alive.add(uid);
      const before = this.known.get(uid);
      if (before?.object.metadata.resourceVersion === resourceVersion) continue;
      if (change.resourceVersion <= this.end) return undefined;
      changed.push(before ? { ...change, type: 'MODIFIED', old: before.object } : change);
    }
    changed.sort((a, b) => a.resourceVersion - b.resourceVersion);
    const gone: Change[] = [];
    for (const [uid, { object, resource }] of this.known) {
      if (!alive.has(uid)) gone.push({ type: 'DELETED', resource, object, old: object, resourceVersion: this.end + 1 });
    }
    return version < this.end || (gone.length > 0 && version === this.end) ? undefined : [...gone, ...changed];
  }

  private begin(engine: Cluster): void {
    this.changes = [];
    this.known.clear();
    for (const change of present(engine)) this.known.set(change.object.metadata.uid, change);
    this.start = engine.store.storage.resourceVersion;
    this.end = this.start;
  }
}

function* present(engine: Cluster): Iterable<Change> {
  const { store } = engine;
  for (const object of store.storage.all()) {
    const resource = store.resourceOf(object);
    if (resource) yield { type: 'ADDED', resource, object, resourceVersion: Number(object.metadata.resourceVersion) };
  }
}
