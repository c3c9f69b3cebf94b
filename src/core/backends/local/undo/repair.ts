/** Puts the last good copy of the cluster back where the state file is damaged. */
import { Cluster } from '../../../simulation/cluster';
import type { JsonObject } from '../codec';
import { SettingError, StateFileError } from '../errors';
import { isClusterState } from '../loaded';
import { readText } from './disk';
import type { RestoredCopy } from './index';
import { makeMove } from './move';
import { newToken, stateOf, type World } from './past';
import type { Unit, Units } from './units';

/** The lock must be held. @throws SettingError where the file is not damaged, or no copy can be read */
export async function repair(world: World): Promise<RestoredCopy> {
  const { store, file } = world;
  const { disk } = store;
  if (!isDamaged(world))
    throw new SettingError(`the state file ${file.path} is not damaged: there is nothing to restore`);
  const { position, nows } = store.journal.story(store.live());
  const known = [...store.versions.numbers()].filter((number) => number < position).sort((a, b) => b - a);
  const backup = readText(disk, file.backupPath);
  const fromBackup = backup !== undefined && isGood(world, backup);
  // The backup usually is the version before the last command, and then its files are known too.
  const version = fromBackup
    ? known.slice(0, 1).find((number) => store.versions.read(number) === backup)
    : known.find((number) => isGood(world, store.versions.read(number) ?? ''));
  const text = fromBackup ? backup : version === undefined ? undefined : store.versions.read(version);
  if (typeof text !== 'string')
    throw new SettingError(`there is no good copy of ${file.path}; "sim reset" begins with an empty cluster`);
  const from = fromBackup ? file.backupPath : store.folder;
  const { mtimeMs: saved } = disk.statSync(from);
  const damaged = `${file.path}.damaged`;
  disk.copyFileSync(file.realPath(), damaged);
  const units = version === undefined ? {} : unitsBefore(world, version, position);
  const record =
    version === undefined ? undefined : { to: version, top: version, from: position, now: 0, token: newToken(world) };
  const state = stateOf(world, text, version === undefined ? undefined : nows.get(version));
  await makeMove(store, await store.files(), { ...(record && { record }), units, state, keepPrevious: false }, file);
  if (version !== undefined) await store.forgetFrom(version);
  return { from, saved, damaged };
}

/** Folders as they were at a version. */
function unitsBefore({ store }: World, version: number, position: number): Units {
  let units: Units = {};
  for (let step = position - 1; step >= version; step--) units = { ...units, ...store.readFiles(step)?.before };
  return units as Readonly<Record<Unit, Units[Unit]>>;
}

function isDamaged({ file }: World): boolean {
  let document: JsonObject | undefined;
  try {
    document = file.load();
  } catch (error) {
    if (error instanceof StateFileError && error.summary.includes('is damaged')) return true;
    throw error;
  }
  return document !== undefined && !holdsCluster(document);
}

function isGood({ file }: World, text: string): boolean {
  try {
    return holdsCluster(file.read(text));
  } catch (error) {
    if (error instanceof StateFileError) return false;
    throw error;
  }
}

function holdsCluster({ local: _, ...state }: JsonObject): boolean {
  try {
    return isClusterState(state) && Cluster.restore(state) !== undefined;
  } catch {
    return false;
  }
}
