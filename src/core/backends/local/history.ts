/**
 * The history that watches of a server are fed from: what clients were told, in the order of resource versions, across
 * reloads of the state file. A reload is told as the differences it made.
 */
import { resourceKey } from '../../api/resources';
import type { Change } from '../../client/served';
import type { Cluster } from '../../simulation/cluster';

/** How many changes are kept for watches that resume; older versions are answered with 410 Gone. */
const KEEP = 20_000;

/** The last changes, and the version that they begin after. */
export interface Recent {
  readonly start: number;
  readonly changes: readonly Change[];
}

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
   * when it does not continue what clients were told, so that they have to begin anew. `before` is what they were told of the
   * first cluster as it is now, before this history began.
   */
  follow(engine: Cluster, before?: Recent): boolean {
    const differences = this.start < 0 ? undefined : this.differences(engine);
    const continues = differences !== undefined || this.start < 0;
    if (!differences) this.begin(engine, this.start < 0 ? before : undefined);
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

  /** The last changes that clients were told of, at most so many. */
  recent(most: number): Recent {
    const dropped = Math.max(0, this.changes.length - most);
    const start = dropped > 0 ? this.changes[dropped - 1]!.resourceVersion : this.start;
    return { start, changes: this.changes.slice(dropped) };
  }

  /**
   * What changed between what clients know and a cluster that was read from the file; undefined when it is another cluster,
   * or an older state of this one. Each object that went takes a version that none has: a client that was cut off between two
   * of them can go on from the first.
   */
  private differences(engine: Cluster): Change[] | undefined {
    const version = engine.store.storage.resourceVersion;
    if (version < this.end) return undefined;
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
    const lost = [...this.known].flatMap(([uid, change]) => (alive.has(uid) ? [] : [change]));
    const gone = lost.length > 0 ? departures(lost, changed, this.end + 1, version) : [];
    return gone && [...gone, ...changed].sort((a, b) => a.resourceVersion - b.resourceVersion);
  }

  private begin(engine: Cluster, before?: Recent): void {
    this.known.clear();
    for (const change of present(engine)) this.known.set(change.object.metadata.uid, change);
    this.end = engine.store.storage.resourceVersion;
    this.changes = [...(before?.changes ?? [])];
    this.start = before?.start ?? this.end;
  }
}

const nameOf = ({ resource, object: { metadata } }: Change): string =>
  JSON.stringify([resourceKey(resource), metadata.namespace, metadata.name]);

/**
 * The ends of objects that nobody saw go, between two versions. When each went is not known, but whose name was taken since
 * went before that. Undefined where there is no room for that.
 */
function departures(
  lost: readonly Change[],
  changed: readonly Change[],
  first: number,
  last: number,
): Change[] | undefined {
  const taken = new Set(changed.map(({ resourceVersion }) => resourceVersion));
  const heirs = new Map<string, number>(
    changed.filter(({ type }) => type === 'ADDED').map((one) => [nameOf(one), one.resourceVersion]),
  );
  const ends = lost
    .map((change) => ({ change, before: heirs.get(nameOf(change)) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => (a.before === b.before ? 0 : a.before - b.before));
  const gone: Change[] = [];
  let version = first;
  for (const { change, before } of ends) {
    while (taken.has(version)) version++;
    if (version > last || version >= before) return undefined;
    const { resource, object } = change;
    gone.push({ type: 'DELETED', resource, object, old: object, resourceVersion: version++ });
  }
  return gone;
}

function* present(engine: Cluster): Iterable<Change> {
  const { store } = engine;
  for (const object of store.storage.all()) {
    const resource = store.resourceOf(object);
    if (resource) yield { type: 'ADDED', resource, object, resourceVersion: Number(object.metadata.resourceVersion) };
  }
}
