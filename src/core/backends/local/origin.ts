/**
 * What a recording begins with, so that it can be replayed with the same outcome: for a new cluster its clock, seed and time;
 * for any other a copy of the state file and of what goes with it.
 */
import { cpSync, existsSync } from 'node:fs';
import type { ClockMode } from '../../reports/clock';
import { Cluster } from '../../simulation/cluster';
import { fromSystemError } from './errors';
import type { Session } from './session';

export interface RecordingStart {
  readonly clock: ClockMode;
  readonly seed: number;
  /** The machine's time, ms since 1970; of a new cluster its own. */
  readonly now: number;
  readonly gates: Readonly<Record<string, boolean>>;
  /** Whether the cluster was copied. */
  readonly kept: boolean;
}

/** What belongs to a state file: the chosen namespace, and the files of pods, volumes and images. */
const COMPANIONS = ['', '.context', '.volumes', '.pods', '.images'] as const;

/** Copies a state file and what belongs to it. Throws StateFileError. */
export function copyState(from: string, to: string): void {
  for (const suffix of COMPANIONS) {
    try {
      if (existsSync(from + suffix))
        cpSync(from + suffix, to + suffix, {
          recursive: true,
          verbatimSymlinks: suffix !== '',
          preserveTimestamps: true,
        });
    } catch (error) {
      throw fromSystemError(error, 'keep a copy of the cluster as', to + suffix, 'Nothing was recorded.');
    }
  }
}

/** Throws StateFileError. */
export async function beginRecording(session: Session, keepAt: string): Promise<RecordingStart> {
  await session.saveNow();
  // What is on disk now stays there while the lock is held.
  const engine = await session.write();
  const { seed, gates } = engine.config;
  const fresh = isNew(engine) && session.clock.rate === 1 && !session.clock.paused;
  const kept = !fresh || existsSync(`${session.statePath}.context`) || existsSync(`${session.statePath}.images`);
  const now = kept ? session.host.now() : engine.now;
  if (kept) copyState(session.statePath, keepAt);
  await session.commit();
  return { clock: engine.clockMode, seed, gates, now, kept };
}

/** Whether a cluster that is made now, with the same settings, would be the same. */
function isNew(engine: Cluster): boolean {
  const { seed, gates } = engine.config;
  const other = Cluster.create({ now: engine.now, clock: engine.clockMode, seed, gates });
  return JSON.stringify(stateOf(other)) === JSON.stringify(stateOf(engine));
}

/** All that makes a difference: how old the oldest Event may be does not. */
function stateOf(engine: Cluster): object {
  const { eventsSince: _, ...state } = engine.snapshot();
  return state;
}
