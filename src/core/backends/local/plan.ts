/**
 * A copy of a cluster in memory, for a command that is only to be played: it begins where the real one is now, with its time
 * and its entropy, so that what happens on it is what would happen. Nothing of it reaches the state file, its lock or the
 * folders of pods and volumes.
 */
import type { KubeObject } from '../../api/types';
import { mergePatch } from '../../meta/patch/merge-patch';
import type { Cluster } from '../../simulation/cluster';
import type { ClusterState } from '../../simulation/cluster-state';
import { PlanRecorder, type PlanReport } from '../../simulation/plan';
import { type Refusal, type SpecPatch, Writes } from '../../simulation/plan/writes';
import type { JsonObject } from './codec';
import { endTables } from './end-tables';
import { StateFileError } from './errors';
import { type LocalBackend, type LocalOptions, viewOf } from './index';
import { type MemorySource, memoryStorage } from './memory-storage';
import { CopiedFolders } from './pods/copied-folders';
import { PodRuntime } from './pods/runtime';
import { Session } from './session';
import { StateFile } from './state-file';
import { Warnings } from './warnings';

/** What is different about the copy. */
export interface RehearsalOptions {
  /** A merge patch of the spec of the named StatefulSets, and of every one that is written. */
  readonly spec?: SpecPatch;
  readonly sets?: readonly { readonly namespace: string; readonly name: string }[];
  readonly gates?: Readonly<Record<string, boolean>>;
}

export interface Rehearsal {
  /** Everything that a command may ask of a cluster; of containers only where their files are there to be copied. */
  readonly backend: LocalBackend;
  /** What the API refused of what was written so far. */
  refusals(): readonly Refusal[];
  /** What could not be copied as it is, where that is so. */
  warnings?(): readonly string[];
  /** The StatefulSets that the command has written so far, changed by it or not. */
  written(): NonNullable<RehearsalOptions['sets']>;
  /** Whether anything has changed since the beginning. */
  changed(): boolean;
  /** Whether a pod that was to be evicted is kept by a disruption budget. */
  keeps(): boolean;
  /** Plays until nothing more would change, at most for so many ms. To be asked once. */
  finish(untilMs?: number): Promise<PlanReport>;
  /** Removes what was copied. */
  close(): Promise<void>;
}

/** Without a limit, as long is played: longer than any rollout lasts. */
const LIMIT_MS = 24 * 3600_000;
/** How much is played before it is asked whether anything still comes of it, ms. */
const SLICE_MS = 3600_000;

/** A copy of the cluster of a state file as it is at the present instant. @throws StateFileError */
export function rehearseFile(options: LocalOptions, rehearsal: RehearsalOptions = {}): Promise<Rehearsal> {
  const file = new StateFile(options.statePath);
  const source: MemorySource = { load: () => file.load(), damaged: (why, cause) => file.damaged(why, cause) };
  return open(options, rehearsal, source, options.statePath);
}

/** A copy of a cluster that is given: containers in it begin with empty volumes. */
export function rehearseState(
  options: Omit<LocalOptions, 'statePath'>,
  state: ClusterState,
  rehearsal: RehearsalOptions = {},
): Promise<Rehearsal> {
  const damaged = (why: string, cause?: unknown): StateFileError =>
    new StateFileError(`the cluster can't be played: ${why}`, 'Nothing was changed.', { cause });
  return open({ ...options, statePath: '' }, rehearsal, { load: () => ({ ...state }), damaged }, undefined);
}

async function open(
  options: LocalOptions,
  rehearsal: RehearsalOptions,
  source: MemorySource,
  statePath: string | undefined,
): Promise<Rehearsal> {
  const folders = new CopiedFolders(statePath);
  const runtime = new PodRuntime(options.statePath, folders);
  const warnings = new Warnings(options.onWarning);
  const varied = { ...source, load: () => withSpec(source.load(), rehearsal) };
  const gates = rehearsal.gates ? { ...options.gates, ...rehearsal.gates } : options.gates;
  const { onChange } = options;
  const session = new Session(
    { ...options, ...(gates && { gates }), runtime, storage: memoryStorage(varied) },
    (engine) => {
      warnings.listen(engine);
      if (onChange) engine.onEvent((event) => onChange({ ...event, now: engine.now }));
    },
  );
  try {
    const engine = await session.read();
    // Time stands still between the command's steps, and jumps where it waits.
    if (engine.clockMode === 'wall') session.setClock('virtual');
    return new LocalRehearsal(
      session,
      engine,
      viewOf(session, warnings, statePath === undefined ? undefined : runtime),
      folders,
      rehearsal.spec,
    );
  } catch (error) {
    folders.remove();
    throw error;
  }
}

class LocalRehearsal implements Rehearsal {
  private readonly writes: Writes;
  private readonly recorder: PlanRecorder;
  private readonly version: number;
  private readonly writesBefore: number;

  constructor(
    private readonly session: Session,
    private readonly engine: Cluster,
    readonly backend: LocalBackend,
    private readonly folders: CopiedFolders,
    spec: SpecPatch | undefined,
  ) {
    this.writes = new Writes(engine.store, spec);
    this.recorder = new PlanRecorder(engine);
    backend.evict = this.recorder.kept.follow(backend.evict.bind(backend));
    this.version = engine.version;
    this.writesBefore = folders.writes;
  }

  refusals(): readonly Refusal[] {
    return this.writes.refusals;
  }

  written(): NonNullable<RehearsalOptions['sets']> {
    return [...this.writes.sets].map((key) => {
      const [namespace, name] = key.split('/');
      return { namespace, name };
    });
  }

  changed(): boolean {
    return this.engine.version !== this.version || this.folders.writes !== this.writesBefore;
  }

  keeps(): boolean {
    return this.recorder.kept.any;
  }

  async finish(untilMs?: number): Promise<PlanReport> {
    const engine = await this.session.write();
    const limit = this.recorder.start + (untilMs ?? LIMIT_MS);
    let seen: number;
    // At least once: a moment is looked at in which nothing is due, too.
    do {
      seen = engine.timeline().length;
      await this.session.settle(Math.min(limit, engine.now + SLICE_MS));
      // What only tries again and again, and no pod comes or goes, ends here.
      if (untilMs === undefined && engine.timeline().length === seen) break;
    } while (!engine.isSettled() && engine.now < limit);
    engine.flush();
    const cutShort = untilMs !== undefined && engine.now >= limit;
    const { explain } = await import('../../simulation/why');
    return this.recorder.finish({ settled: engine.isSettled(), cutShort }, explain, endTables(engine));
  }

  async close(): Promise<void> {
    this.session.close();
    this.folders.remove();
  }
}

/** The document with the StatefulSets that are to be different already so. */
function withSpec(document: JsonObject | undefined, { spec, sets }: RehearsalOptions): JsonObject | undefined {
  if (!document || !spec || !sets || !Array.isArray(document.objects)) return document;
  const names = new Set(sets.map(({ namespace, name }) => `${namespace}/${name}`));
  return {
    ...document,
    objects: document.objects.map((object: KubeObject) =>
      object.kind === 'StatefulSet' && names.has(`${object.metadata.namespace}/${object.metadata.name}`)
        ? mergePatch(object, { spec })
        : object,
    ),
  };
}
