/** Where the cluster is kept. */
import os from 'node:os';
import path from 'node:path';
import { StateFileError } from '../src/core/backends/local/errors';

/**
 * `--state`, else $STSCTL_STATE, else the state folder of the user.
 * @throws StateFileError where none is named and the user has no home
 */
export function statePath(option: string | undefined): string {
  if (option) return path.resolve(option);
  if (process.env.STSCTL_STATE) return path.resolve(process.env.STSCTL_STATE);
  return path.join(process.env.XDG_STATE_HOME || path.join(home(), '.local', 'state'), 'stsctl', 'state.json');
}

function home(): string {
  try {
    return os.homedir();
  } catch {
    throw new StateFileError(
      'cannot tell where the cluster is kept: the user has no home folder',
      'Set HOME, or name a file with --state FILE or STSCTL_STATE.',
    );
  }
}
