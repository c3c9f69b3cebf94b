/** What the disk refuses while undo works, in sentences that name the file. */
import { fromSystemError } from '../errors';

/** Does the work; `safe` is what the user may rely on where it fails. @throws StateFileError */
export function told<T>(folder: string, safe: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw trouble(error, folder, safe);
  }
}

/** The same for work that takes its time. @throws StateFileError */
export async function toldLater<T>(folder: string, safe: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw trouble(error, folder, safe);
  }
}

function trouble(error: unknown, folder: string, safe: string): unknown {
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : folder;
  return fromSystemError(error, 'use what undo keeps in', path, safe);
}
