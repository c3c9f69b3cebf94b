/** What is written outlives a power cut: files, and the names in folders. */
import type * as nodeFs from 'node:fs';
import { errorCode } from './errors';

type Files = Pick<typeof nodeFs, 'closeSync' | 'fsyncSync' | 'openSync'>;

/** Answers of systems that cannot do this with a folder. Renames are in one step there as well. */
const UNABLE = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM']);

/** Whether a system only says that it cannot do this with a folder. */
export const isUnable = (error: unknown): boolean => UNABLE.has(errorCode(error) ?? '');

/** @throws the system's error */
export function syncFile(files: Files, path: string): void {
  const fd = files.openSync(path, 'r');
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}

/** The same for the names in a folder, where the system can. @throws the system's error */
export function syncFolder(files: Files, path: string): void {
  let fd: number;
  try {
    fd = files.openSync(path, 'r');
  } catch {
    return;
  }
  try {
    files.fsyncSync(fd);
  } catch (error) {
    if (!isUnable(error)) throw error;
  } finally {
    files.closeSync(fd);
  }
}
