/** What undo needs of the file system, and the few things done with it everywhere; tests put failures here. */
import * as nodeFs from 'node:fs';
import { dirname } from 'node:path';
import { syncFile, syncFolder } from '../durable';
import { errorCode } from '../errors';

export type Disk = Pick<
  typeof nodeFs,
  | 'appendFileSync'
  | 'chmodSync'
  | 'closeSync'
  | 'copyFileSync'
  | 'existsSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'lstatSync'
  | 'lutimesSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'rmdirSync'
  | 'statSync'
  | 'symlinkSync'
  | 'truncateSync'
  | 'utimesSync'
  | 'writeFileSync'
  | 'writeSync'
>;

export const realDisk: Disk = nodeFs;

/** Whether anything is at the path, a link that leads nowhere included. */
export function isThere(disk: Disk, path: string): boolean {
  return disk.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The text of a file; undefined where there is none. */
export function readText(disk: Disk, path: string): string | undefined {
  try {
    return disk.readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The names in a folder; none where there is no folder. */
export function namesIn(disk: Disk, folder: string): string[] {
  try {
    return disk.readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Replaces a private file in one step; with `sync` it also outlives a power cut. */
export function writeWhole(disk: Disk, path: string, text: string, sync = false): void {
  const draft = `${path}.new`;
  try {
    disk.writeFileSync(draft, text, { mode: 0o600 });
    if (sync) syncFile(disk, draft);
    disk.renameSync(draft, path);
  } catch (error) {
    discard(disk, draft);
    throw error;
  }
  if (sync) syncFolder(disk, dirname(path));
}

/** Takes a draft away after a failure, which matters more than a second one. */
export function discard(disk: Disk, draft: string): void {
  try {
    disk.rmSync(draft, { force: true });
  } catch {
    // It is swept later.
  }
}

/** Removes what is at the path and below it, folders that their owner closed included. */
export function removeTree(disk: Disk, path: string): void {
  try {
    disk.rmSync(path, { recursive: true, force: true });
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    openFolders(disk, path);
    disk.rmSync(path, { recursive: true, force: true });
  }
}

function openFolders(disk: Disk, path: string): void {
  if (!disk.lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  disk.chmodSync(path, 0o700);
  for (const name of disk.readdirSync(path)) openFolders(disk, `${path}/${name}`);
}
