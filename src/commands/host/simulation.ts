/** What `sim`, `plan` and `why` ask of the engine, and a cluster to play a command on. */
import type { Backend } from '../../core/client/backend';
import type { ImportOptions, ImportReport, Reading } from '../../core/client/import/types';
import type { ClockFacts, PlayedTime } from '../../core/reports/clock';
import type { DnsAnswer, RecordType } from '../../core/reports/dns';
import type { PastStep, SnapshotDifference, SnapshotFacts } from '../../core/reports/past';
import type { PlanReport } from '../../core/reports/plan';
import type { TimelineEvent, TimelineMark } from '../../core/reports/timeline';
import type { Explanation, Subject } from '../../core/reports/why';
import type { Fault, NewFault } from '../../core/simulation/faults';
import type { Refusal } from '../../core/simulation/plan/writes';
import type { RecordingStart } from './transcripts';

/** Undo and snapshots (src/core/backends/local/undo says what each promises). */
export interface PastVerbs {
  steps(): Promise<readonly PastStep[]>;
  undo(count: number): Promise<readonly PastStep[]>;
  redo(count: number): Promise<readonly PastStep[]>;
  restore(): Promise<{ readonly from: string; readonly saved: number; readonly damaged: string }>;
  saveSnapshot(name: string, overwrite: boolean): Promise<SnapshotFacts>;
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  snapshots(): Promise<readonly SnapshotFacts[]>;
  compareSnapshots(name: string, other: string | undefined): Promise<SnapshotDifference>;
}

/** What `sim` asks of the engine. A real cluster has none of this. */
export interface SimulationVerbs {
  clock(): Promise<ClockFacts>;
  setClock(mode: 'wall' | 'virtual'): Promise<void>;
  /** Of the wall clock: how fast it passes, and whether it does. */
  setPace(pace: { readonly rate?: number; readonly paused?: boolean }): Promise<void>;
  /**
   * Plays time forward, at most by `limit` ms, to the instant at which `holds` answers true; it is asked at every instant at
   * which something happens. `settled`: nothing more would change on its own.
   */
  playUntil(holds: () => Promise<boolean>, limit: number): Promise<PlayedTime>;
  /** Plays time forward by so many ms. */
  advance(ms: number): Promise<void>;
  /** Plays until nothing further would change on its own, at most ten minutes. Whether it came to that. */
  settle(): Promise<boolean>;
  timeline(): Promise<readonly TimelineEvent[]>;
  timelineMarks(): Promise<readonly TimelineMark[]>;
  getConfig(): Promise<object>;
  setConfig(patch: Readonly<Record<string, string>>): Promise<object | undefined>;
  reset(): Promise<void>;
  /**
   * Takes over what was read elsewhere, as it is. A virtual clock that is behind is moved on to it first. @throws CommandError
   * where objects of another origin stand in the way
   */
  importObjects(reading: Reading, options?: ImportOptions): Promise<ImportReport>;
  /** Undo and snapshots; absent where a cluster is shared or only played. */
  readonly past?: PastVerbs;
  /** Breaks something from now on. `waits`: nothing is there yet that it concerns. */
  fail(fault: NewFault): Promise<{ readonly fault: Fault; readonly waits: boolean }>;
  /** Ends the faults that are chosen, and answers which. */
  heal(isChosen: (fault: Fault) => boolean): Promise<readonly Fault[]>;
  /** What is broken, and the instant at which it is, ms. */
  faults(): Promise<{ readonly faults: readonly Fault[]; readonly now: number }>;
  /** What each object waits for now, or the error that there is no such object. `kind` is its type, with its group. */
  why(subjects: readonly Subject[]): Promise<readonly (Explanation | Error)[]>;
  /**
   * What a recording begins with. A cluster that is not a new one is copied to `keepAt`, with the files of its pods and volumes;
   * answers whether it was.
   */
  beginRecording(keepAt: string): Promise<RecordingStart & { readonly kept: boolean }>;
  /** The clock of the cluster as last seen, without looking; undefined where nobody has looked. */
  clockMode(): 'wall' | 'virtual' | undefined;
  /** The words for an error that nobody meant, where a state file that was edited by hand is its likely cause. */
  blamed(error: unknown): Error | undefined;
  /** Asks the cluster's DNS as a pod of the namespace would, with its search domains. */
  dns(name: string, type: RecordType, namespace: string): Promise<DnsAnswer>;
}

export interface CommandBackend extends Backend {
  readonly sim?: SimulationVerbs;
  /** A copy of the cluster in memory, to play on; absent where none can be made. */
  readonly rehearse?: (options?: RehearsalOptions) => Promise<Rehearsal>;
}

/** What is different about the copy. */
export interface RehearsalOptions {
  /** A merge patch of the spec of the named StatefulSets, and of every one that is written. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly sets?: readonly { readonly namespace: string; readonly name: string }[];
  readonly gates?: Readonly<Record<string, boolean>>;
}

/** A cluster to play a command on: nothing that happens there stays. */
export interface Rehearsal {
  readonly backend: CommandBackend;
  /** What the API refused of what was written so far. */
  refusals(): readonly Refusal[];
  /** What could not be copied as it is, where that is so. */
  warnings?(): readonly string[];
  /** The StatefulSets that the command has written so far, changed by it or not. */
  written(): readonly { readonly namespace: string; readonly name: string }[];
  /** Whether anything has changed since the beginning. */
  changed(): boolean;
  /** Whether a pod that was to be evicted is kept by a disruption budget. */
  keeps(): boolean;
  /** Plays until nothing more would change, at most for so many ms, and tells all that happened. To be asked once. */
  finish(untilMs?: number): Promise<PlanReport>;
  close(): Promise<void>;
}
