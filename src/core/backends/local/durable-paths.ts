/** Many files and folders at once: the disk is asked together for all that wait, which costs little more than for one. */
import { promises as fs, type Stats } from 'node:fs';
import { isUnable } from './durable';
import { errorCode } from './errors';

/** More are not open at a time. */
const TOGETHER = 64;

/** What is at the paths outlives a power cut; where nothing is, there is nothing to do. @throws the system's error */
export async function syncPaths(paths: Iterable<string>): Promise<void> {
  const all = [...new Set(paths)];
  for (let at = 0; at < all.length; at += TOGETHER) await Promise.all(all.slice(at, at + TOGETHER).map(syncPath));
}

/** The answer, or undefined where nothing is. @throws the system's error */
export async function ifThere<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function syncPath(path: string): Promise<void> {
  const stat = await ifThere(fs.stat(path));
  if (!stat?.isFile() && !stat?.isDirectory()) return;
  const handle = await opened(path, stat);
  try {
    await handle.sync();
  } catch (error) {
    if (stat.isFile() || !isUnable(error)) throw error;
  } finally {
    await handle.close();
  }
}

/** Opens what its owner may not read, too. */
async function opened(path: string, { mode }: Stats) {
  try {
    return await fs.open(path, 'r');
  } catch (error) {
    if (errorCode(error) !== 'EACCES' || (mode & 0o400) !== 0) throw error;
    await fs.chmod(path, (mode | 0o400) & 0o7777);
    try {
      return await fs.open(path, 'r');
    } finally {
      await fs.chmod(path, mode & 0o7777);
    }
  }
}
