/**
 * Puts another version of the cluster in place, files included, so that a kill at any instant leaves the one or the other.
 *
 * While `moving` is there, a move is going on or was stopped. First everything is laid ready: folders below `.undo/new` of their
 * base, the state in `move.state`. Then one rename makes the intent known (`move.json`). Before that a move which was
 * stopped is forgotten; from then on it is done to its end, by whoever takes the lock next if need be: folders are
 * exchanged by renames, then the state file is replaced, then the journal is told, then what was laid ready is removed.
 * Every step finds out for itself whether it was made already.
 */
import { dirname, join } from 'node:path';
import { syncFolder } from '../durable';
import { syncPaths } from '../durable-paths';
import { errorCode } from '../errors';
import { type Disk, isThere, readText, removeTree, writeWhole } from './disk';
import type { FileStore } from './file-store';
import type { JournalRecord } from './journal';
import type { ReplacedFile } from './port';
import type { UndoStore } from './store';
import { told } from './troubles';
import { BASES, type Base, baseOf, basePath, isBase, MOVING, nameOf, pathOf, type Unit, type Units } from './units';

interface Intent {
  /** What the journal is told; nothing where no history is kept. */
  readonly record?: JournalRecord;
  readonly units: Readonly<Record<Unit, 'present' | 'absent'>>;
  readonly state: 'present' | 'absent';
  readonly keepPrevious?: boolean;
}

export interface Move {
  readonly record?: JournalRecord;
  /** The folders to be as they are here; others stay as they are. */
  readonly units: Units;
  /** The state file's text; null for none. */
  readonly state: string | null;
  /** False where the state file in place is no good backup. */
  readonly keepPrevious?: boolean;
}

/** Bases that are only there because something was laid ready in them are named in it. */
const markPath = ({ folder }: UndoStore): string => join(folder, 'moving');
const intentPath = ({ folder }: UndoStore): string => join(folder, 'move.json');
const statePathOf = ({ folder }: UndoStore): string => join(folder, 'move.state');

/** Whether a move was begun and not ended. */
export const isMoving = (store: UndoStore): boolean => isThere(store.disk, markPath(store));

/** The lock must be held. `files` has the bytes that the move's trees name. */
export async function makeMove(
  store: UndoStore,
  files: FileStore | undefined,
  move: Move,
  file: ReplacedFile,
): Promise<void> {
  const { disk, statePath } = store;
  store.makeFolder();
  const units: Record<Unit, 'present' | 'absent'> = {};
  const missing = BASES.filter((base) => !isThere(disk, basePath(statePath, base)));
  writeWhole(disk, markPath(store), JSON.stringify(missing));
  const written: string[] = [];
  for (const [unit, tree] of Object.entries(move.units) as [Unit, Units[Unit]][]) {
    units[unit] = tree ? 'present' : 'absent';
    if (!tree || isBase(unit)) continue;
    const fresh = laid(statePath, unit, 'new');
    files?.trees.build(fresh, tree);
    const base = basePath(statePath, baseOf(unit));
    written.push(dirname(base), base, dirname(dirname(fresh)), dirname(fresh));
    written.push(...tree.filter(({ link }) => link === undefined).map(({ path }) => join(fresh, path)));
  }
  await syncPaths(written);
  if (move.state !== null) writeWhole(disk, statePathOf(store), move.state, true);
  store.head(true);
  const intent: Intent = {
    units,
    state: move.state === null ? 'absent' : 'present',
    ...(move.record && { record: move.record }),
    ...(move.keepPrevious === false && { keepPrevious: false }),
  };
  writeWhole(disk, intentPath(store), JSON.stringify(intent), true);
  told(store.folder, 'What was begun is finished by the next command.', () => finishMove(store, file));
}

/** Ends a move that was begun, or forgets it where its intent is not known. The lock must be held. */
export function finishMove(store: UndoStore, file: ReplacedFile): void {
  const { disk, statePath } = store;
  const known = readText(disk, intentPath(store));
  if (known === undefined) {
    forgetMove(store);
    return;
  }
  const intent = JSON.parse(known) as Intent;
  const units = Object.entries(intent.units) as [Unit, 'present' | 'absent'][];
  for (const [unit, wanted] of units) if (!isBase(unit)) exchange(disk, statePath, unit, wanted);
  for (const base of basesOf(units.map(([unit]) => unit)))
    for (const each of ['', MOVING, join(MOVING, 'new'), join(MOVING, 'old')]) {
      const folder = join(basePath(statePath, base), each);
      if (isThere(disk, folder)) syncFolder(disk, folder);
    }
  if (intent.state === 'absent') file.remove();
  else {
    const text = readText(disk, statePathOf(store));
    if (text !== undefined) file.install(text, { keepPrevious: intent.keepPrevious !== false });
  }
  const { record } = intent;
  if (record && store.head().token !== record.token) store.journal.append(record);
  for (const base of basesOf(units.map(([unit]) => unit))) {
    removeTree(disk, laidPath(statePath, base));
    setBase(disk, basePath(statePath, base), intent.units[`${base}/`]);
  }
  // From here on the mark alone must do no harm.
  writeWhole(disk, markPath(store), '[]');
  disk.rmSync(intentPath(store), { force: true });
  disk.rmSync(statePathOf(store), { force: true });
  disk.rmSync(markPath(store), { force: true });
}

function forgetMove(store: UndoStore): void {
  const { disk, statePath } = store;
  const missing = readText(disk, markPath(store)) ?? '';
  for (const base of BASES) {
    removeTree(disk, laidPath(statePath, base));
    if (missing.includes(base)) setBase(disk, basePath(statePath, base), 'absent');
  }
  disk.rmSync(statePathOf(store), { force: true });
  disk.rmSync(markPath(store), { force: true });
}

function exchange(disk: Disk, statePath: string, unit: Unit, wanted: 'present' | 'absent'): void {
  const path = pathOf(statePath, unit);
  const fresh = laid(statePath, unit, 'new');
  const old = laid(statePath, unit, 'old');
  const isNext = wanted === 'absent' ? !isThere(disk, old) : isThere(disk, fresh);
  if (isNext && isThere(disk, path)) {
    disk.mkdirSync(dirname(old), { recursive: true, mode: 0o700 });
    rename(disk, path, old);
  }
  if (wanted === 'present' && isNext) rename(disk, fresh, path);
}

/** A folder that its owner may not write to can't be moved elsewhere. */
function rename(disk: Disk, from: string, to: string): void {
  try {
    disk.renameSync(from, to);
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error;
    const mode = disk.lstatSync(from).mode & 0o7777;
    disk.chmodSync(from, mode | 0o700);
    disk.renameSync(from, to);
    disk.chmodSync(to, mode);
  }
}

/** The folder that holds the others: made, or removed where nothing is left in it. */
function setBase(disk: Disk, path: string, wanted: 'present' | 'absent' | undefined): void {
  if (wanted === 'present') disk.mkdirSync(path, { recursive: true });
  if (wanted !== 'absent') return;
  try {
    disk.rmdirSync(path);
  } catch {
    // It is not empty, a link, or not there.
  }
}

const basesOf = (units: readonly Unit[]): Base[] => [...new Set(units.map(baseOf))];

const laidPath = (statePath: string, base: Base): string => join(basePath(statePath, base), MOVING);

const laid = (statePath: string, unit: Unit, which: 'new' | 'old'): string =>
  join(laidPath(statePath, baseOf(unit)), which, nameOf(unit));
