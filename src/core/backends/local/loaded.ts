/** A cluster in memory with what is known of the file that it came from: a new one, or the one of a document. */
import { Cluster } from '../../simulation/cluster';
import type { ClusterState } from '../../simulation/cluster-state';
import { WallClock } from './clock';
import type { JsonObject } from './codec';
import { mistakeIn } from './edited';
import { EventLog } from './event-log';
import type { SessionOptions, SessionStorage } from './session-options';
import type { FileIdentity } from './state-file';

export interface Loaded {
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

/** When a new virtual cluster begins. */
const VIRTUAL_START = Date.UTC(2026, 0, 1);

export function newCluster({ clock = 'wall', gates, host, runtime, seed, start }: SessionOptions): Loaded {
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
    log: logOf(engine),
    clock: new WallClock(host),
    begun: engine.now,
    identity: undefined,
    savedVersion: -1,
    savedResourceVersion: -1,
  };
}

/** @throws StateFileError for a document that holds no cluster */
export function storedCluster(
  { local, ...state }: JsonObject,
  identity: FileIdentity | undefined,
  file: SessionStorage['file'],
  { host, runtime }: SessionOptions,
): Loaded {
  if (!isClusterState(state)) throw file.damaged('it holds no cluster');
  const mistake = file.isEdited ? mistakeIn(state) : undefined;
  if (mistake !== undefined) throw file.damaged(mistake);
  let engine: Cluster;
  try {
    engine = Cluster.restore(state, runtime);
  } catch (error) {
    throw file.damaged(error instanceof Error ? error.message : String(error), error);
  }
  const clock = WallClock.restore(host, local);
  return {
    engine,
    log: logOf(engine),
    clock,
    begun: engine.clockMode === 'wall' ? clock.present(engine.now) : engine.now,
    identity,
    savedVersion: engine.version,
    savedResourceVersion: engine.store.storage.resourceVersion,
  };
}

const logOf = ({ store }: Cluster): EventLog => new EventLog(store.storage.resourceVersion);

export function isClusterState(state: JsonObject): state is JsonObject & ClusterState {
  const { clock, config, entropy, counters, objects, customResources, timers, timeline } = state;
  const records = [clock, config, entropy, counters].every((value) => typeof value === 'object' && value !== null);
  return records && [objects, customResources, timers, timeline].every(Array.isArray);
}
