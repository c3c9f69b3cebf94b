/** A cluster as it was at an instant. Its text is a state file, which the command line reads and writes. */
import { decodeDocument, encodeDocument } from '../core/backends/local/codec';
import { isClusterState } from '../core/backends/local/loaded';
import { SCHEMA } from '../core/backends/local/state-file';
import type { ClusterState } from '../core/simulation/cluster-state';

/** Taken by `Cluster.snapshot`; it costs little, and does not change with the cluster. */
export class Snapshot {
  private constructor(
    /** @internal */
    readonly state: ClusterState,
  ) {}

  /** @internal */
  static of(state: ClusterState): Snapshot {
    return new Snapshot(state);
  }

  /** Reads what `toText`, or `stsctl`, has written. @throws Error with what is wrong with the text */
  static fromText(text: string): Snapshot {
    const { schema, local: _, ...state } = decodeDocument(text);
    if (schema !== SCHEMA) throw new Error(`it is of schema ${String(schema)}, and only ${SCHEMA} is known`);
    if (!isClusterState(state)) throw new Error('it holds no cluster');
    // Nothing is run inside containers here: what waits for an answer would wait for ever.
    const { runs: _runs, ...rest } = state;
    return new Snapshot({ ...rest, clock: { mode: 'virtual', now: state.clock.now } });
  }

  /** The cluster's time. */
  get now(): Date {
    return new Date(this.state.clock.now);
  }

  /** A state file: `STSCTL_STATE=<file> stsctl get pods` shows what is in it. */
  toText(): string {
    return encodeDocument({ schema: SCHEMA, ...this.state });
  }
}
