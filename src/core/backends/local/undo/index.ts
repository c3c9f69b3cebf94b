/** What was before: the recorder that a session tells of its commands, and the verbs that go back to it. */

import type { PastStep, SnapshotDifference, SnapshotFacts } from '../../../reports/past';
import { SettingError } from '../errors';
import type { HostPort } from '../host';
import type { Session } from '../session';
import { StateFile } from '../state-file';
import type { Disk } from './disk';
import { Recorder } from './recorder';
import { UndoStore } from './store';
import { toldLater } from './troubles';

export interface PastVerbs {
  /** What can be undone, oldest first, and behind it what can be redone. */
  steps(): Promise<readonly PastStep[]>;
  /** Undoes the last so many commands, the last one first. Throws SettingError where there are fewer. */
  undo(count: number): Promise<readonly PastStep[]>;
  redo(count: number): Promise<readonly PastStep[]>;
  /** Puts the last good copy in place of a damaged state file. Returns what it was. Throws SettingError where none is needed. */
  restore(): Promise<RestoredCopy>;
  saveSnapshot(name: string, overwrite: boolean): Promise<SnapshotFacts>;
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): Promise<void>;
  snapshots(): Promise<readonly SnapshotFacts[]>;
  /** What differs from one snapshot to another, or to the cluster as it is. */
  compareSnapshots(name: string, other: string | undefined): Promise<SnapshotDifference>;
}

export interface RestoredCopy {
  /** Where the good copy was. */
  readonly from: string;
  /** When it was saved, ms since 1970. */
  readonly saved: number;
  /** Where the damaged file is now. */
  readonly damaged: string;
}

/** More than any disk holds, and exact as a number. */
const MOST_BYTES = 2 ** 50;

/** A budget as `readBudget` reads it. */
export function budgetText(bytes: number): string {
  if (bytes === 0) return 'off';
  for (const [unit, size] of UNITS) if (bytes % size === 0) return `${bytes / size}${unit}`;
  return String(bytes);
}

const UNITS = [
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
] as const;

/** `off`, or how many bytes what was before each command may take, as in 64Mi. @throws SettingError */
export function readBudget(value: string): number {
  if (value === 'off') return 0;
  const [, digits, unit = ''] = /^(\d{1,12})(Ki|Mi|Gi)?$/.exec(value) ?? [];
  const bytes = Number(digits) * (UNITS.find(([name]) => name === unit)?.[1] ?? 1);
  if (bytes > 0 && bytes <= MOST_BYTES) return bytes;
  throw new SettingError(`invalid value "${value}" for setting undo: must be off, or a size such as 64Mi or 1Gi`);
}

export interface PastOptions {
  readonly statePath: string;
  readonly host: HostPort;
  /** The command line, as it is shown later. */
  readonly command?: string;
  /** The file system; tests put failures here. */
  readonly disk?: Disk;
}

export function openRecorder({ statePath, host, command = '', disk }: PastOptions): Recorder {
  const store = new UndoStore(statePath, disk);
  return new Recorder(store, { command, now: () => host.now(), pid: host.pid }, fileOf(statePath, disk));
}

const fileOf = (path: string, disk: Disk | undefined): StateFile => new StateFile(path, disk ? { files: disk } : {});

export function pastVerbs(session: Session, { store }: Recorder, options: PastOptions): PastVerbs {
  const { host, command = '' } = options;
  const world = { store, host, command, file: fileOf(options.statePath, options.disk) };
  const load = () => import('./past');
  const loadSnapshots = () => import('./snapshots');
  const asked = <T>(work: () => Promise<T>): Promise<T> => toldLater(store.folder, 'Nothing was changed.', work);
  /** With the lock, and nothing loaded. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => asked(() => session.alone(work));
  return {
    steps: () => asked(async () => (await load()).steps(world)),
    undo: (count) => alone(async () => (await load()).move(world, count)),
    redo: (count) => alone(async () => (await load()).move(world, -count)),
    restore: () => alone(async () => (await import('./repair')).repair(world)),
    saveSnapshot: async (name, overwrite) => {
      const { checkName, save } = await loadSnapshots();
      checkName(name);
      await session.saveNow();
      return alone(() => save(world, name, overwrite));
    },
    restoreSnapshot: async (name) => {
      const { restore } = await loadSnapshots();
      return alone(() => restore(world, name));
    },
    deleteSnapshot: async (name) => {
      const { remove } = await loadSnapshots();
      return alone(() => remove(world, name));
    },
    snapshots: () => asked(async () => (await loadSnapshots()).list(world)),
    compareSnapshots: async (name, other) => {
      const { compare, find } = await loadSnapshots();
      await asked(async () => {
        find(world, name);
        if (other !== undefined) find(world, other);
      });
      await session.saveNow();
      return alone(() => compare(world, name, other));
    },
  };
}
