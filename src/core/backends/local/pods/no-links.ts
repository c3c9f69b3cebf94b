/** Makes folders without following a link below a base: what a link names may be anything of this machine. */
import { lstatSync, mkdirSync, utimesSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { errorCode, StateFileError } from '../errors';

/**
 * Makes `folder`, which lies below `base`, with the folders on the way to it, as old as `now` (ms since 1970). The base itself may be a link.
 * @throws StateFileError where a part of the way below the base is a link; the system's own errors
 */
export function makeFolder(base: string, folder: string, now?: number): void {
  mkdirSync(base, { recursive: true });
  let at = base;
  for (const part of relative(base, folder).split(sep)) {
    at = join(at, part);
    if (isThere(at)) continue;
    mkdirSync(at);
    if (now !== undefined) utimesSync(at, now / 1000, now / 1000);
  }
}

function isThere(path: string): boolean {
  try {
    if (lstatSync(path).isSymbolicLink())
      throw new StateFileError(
        `cannot use ${path} as a folder of a pod: it is a symbolic link`,
        'Links are not followed out of the folders of pods: put a folder in its place.',
      );
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
