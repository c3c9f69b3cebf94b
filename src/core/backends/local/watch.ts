/**
 * Watching the local cluster. Virtual clock: time jumps from one due instant to the next until nothing further would
 * change. Wall clock: sleep until something is due or another process may have written, look again.
 */
import { shownIn, storedAs } from '../../api/other-versions';
import type { ResourceInfo } from '../../api/resources';
import { resourceKey } from '../../api/resources';
import type { KubeObject } from '../../api/types';
import { tableFor } from '../../apiserver/tables';
import type { StoreEvent } from '../../apiserver/watch';
import type { WatchEvent, WatchOptions } from '../../client/backend';
import type { Cluster } from '../../simulation/cluster';
import type { EventLog } from './event-log';
import { shown } from './owners';
import { type Matcher, matcherFor } from './select';
import type { Session } from './session';

/** How often another process's writes are looked for, ms. */
const POLL_MS = 200;

/** Kinds that are brought up to date only when somebody looks: that costs a look at all pods. */
const DERIVED: ReadonlySet<string> = new Set([
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'poddisruptionbudgets.policy',
]);

export const isDerived = (resource: ResourceInfo): boolean => DERIVED.has(resourceKey(resource));

/** Reads the events of one watch, also across a reload of the cluster. */
class Watcher {
  private readonly key: string;
  private readonly selects: Matcher;
  /** What the consumer knows, by `namespace/name`. */
  private readonly known = new Map<string, KubeObject>();
  private epoch = -1;
  private log: EventLog | undefined;
  private position = 0;

  constructor(
    private readonly session: Session,
    private readonly resource: ResourceInfo,
    private readonly namespace: string | undefined,
    private readonly options: WatchOptions,
  ) {
    this.key = resourceKey(storedAs(resource));
    const selects = matcherFor(resource, options);
    const { name } = options;
    this.selects = name === undefined ? selects : (object) => object.metadata.name === name && selects(object);
  }

  get derived(): boolean {
    return isDerived(this.resource);
  }

  /** Takes the present state as known, and goes on after the version that the consumer has seen. */
  begin(engine: Cluster): WatchEvent[] {
    const { resourceVersion } = this.options;
    const since = resourceVersion ? Number(resourceVersion) : engine.store.storage.resourceVersion;
    const position = this.session.log.after(since);
    this.attach();
    for (const object of this.present(engine)) this.known.set(keyOf(object), object);
    if (position !== undefined) {
      this.position = position;
      return [];
    }
    // The version is older than this process: what is newer than it has changed since, how often is not known.
    const newer = [...this.known.values()].filter((object) => Number(object.metadata.resourceVersion) > since);
    return newer.map((object) => this.event('MODIFIED', object, engine));
  }

  /** What happened since the last call. */
  *poll(engine: Cluster): Iterable<WatchEvent> {
    if (this.epoch !== this.session.epoch) {
      this.attach();
      yield* this.compare(engine);
      return;
    }
    for (let event = this.log?.at(this.position); event; event = this.log?.at(this.position)) {
      this.position++;
      const seen = this.translate(event, engine);
      if (seen) yield seen;
    }
  }

  detach(): void {
    this.log?.detach();
    this.log = undefined;
  }

  private attach(): void {
    this.detach();
    this.epoch = this.session.epoch;
    this.log = this.session.log;
    this.log.attach();
    this.position = this.log.end;
  }

  /** A change as the consumer sees it: an object that begins to match is new, one that stops is gone. */
  private translate(event: StoreEvent, engine: Cluster): WatchEvent | undefined {
    const { object, old } = event;
    if (resourceKey(event.resource) !== this.key || !this.isInside(object)) return undefined;
    const key = keyOf(object);
    if (event.type === 'DELETED' || !this.selects(object)) {
      if (!this.known.has(key) && !(old && this.selects(old))) return undefined;
      this.known.delete(key);
      return this.event('DELETED', object, engine);
    }
    this.known.set(key, object);
    const before = old !== undefined && this.selects(old);
    return this.event(before ? 'MODIFIED' : 'ADDED', object, engine);
  }

  /** The cluster was read anew: the events in between are lost, their outcome is not. */
  private *compare(engine: Cluster): Iterable<WatchEvent> {
    const present = new Map<string, KubeObject>();
    for (const object of this.present(engine)) present.set(keyOf(object), object);
    for (const [key, old] of [...this.known]) {
      if (present.get(key)?.metadata.uid === old.metadata.uid) continue;
      this.known.delete(key);
      yield this.event('DELETED', old, engine);
    }
    for (const [key, object] of present) {
      const old = this.known.get(key);
      this.known.set(key, object);
      if (!old) yield this.event('ADDED', object, engine);
      else if (old.metadata.resourceVersion !== object.metadata.resourceVersion)
        yield this.event('MODIFIED', object, engine);
    }
  }

  private *present(engine: Cluster): Iterable<KubeObject> {
    const { name } = this.options;
    if (name !== undefined && (this.namespace !== undefined || !this.resource.namespaced)) {
      const object = engine.store.get(this.key, this.namespace ?? '', name);
      if (object && this.selects(object)) yield object;
      return;
    }
    for (const object of [...engine.store.list(this.key, this.namespace)]) if (this.selects(object)) yield object;
  }

  private isInside(object: KubeObject): boolean {
    return this.namespace === undefined || object.metadata.namespace === this.namespace;
  }

  private event(type: WatchEvent['type'], object: KubeObject, engine: Cluster): WatchEvent {
    const seen = shownIn(this.resource, shown(engine.store, object));
    if (!this.options.table) return { type, object: seen };
    const table = tableFor(this.resource, [object], engine.now);
    return { type, object: seen, row: table.rows[0], columns: table.columns };
  }
}

const keyOf = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

export async function* watchLocal(
  session: Session,
  resource: ResourceInfo,
  namespace: string | undefined,
  options: WatchOptions,
): AsyncIterable<WatchEvent> {
  const watcher = new Watcher(session, resource, namespace, options);
  const engine = await session.read();
  const deadline = options.timeoutMs === undefined ? undefined : engine.now + options.timeoutMs;
  try {
    yield* watcher.begin(engine);
    yield* watcher.poll(engine);
    yield* engine.clockMode === 'virtual' ? jump(session, watcher, deadline) : follow(session, watcher, deadline);
  } finally {
    watcher.detach();
  }
}

async function* jump(session: Session, watcher: Watcher, deadline: number | undefined): AsyncIterable<WatchEvent> {
  for (;;) {
    // The consumer may have written, committed or waited for something else between two events.
    const engine = await session.write();
    yield* watcher.poll(engine);
    if (deadline !== undefined && engine.now >= deadline) return;
    const moved = !engine.isSettled() && (await session.step(deadline));
    if (moved) {
      session.touched();
      if (watcher.derived) engine.flush();
      yield* watcher.poll(engine);
      continue;
    }
    if (deadline !== undefined) {
      await session.playTo(deadline);
      yield* watcher.poll(engine);
    }
    return;
  }
}

async function* follow(session: Session, watcher: Watcher, deadline: number | undefined): AsyncIterable<WatchEvent> {
  for (;;) {
    await session.commit();
    const engine = await session.read();
    if (watcher.derived) engine.flush();
    yield* watcher.poll(engine);
    if (deadline !== undefined && engine.now >= deadline) return;
    const next = Math.min(engine.nextDue() ?? Number.POSITIVE_INFINITY, deadline ?? Number.POSITIVE_INFINITY);
    await session.host.sleep(session.msUntil(next, POLL_MS));
  }
}
