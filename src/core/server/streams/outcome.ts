/** How a command ended, as the status channel tells it (as the kubelet's ServeExec). */
import { CommandError } from '../../client/errors';
import { statusOf } from '../status';

export const SUCCESS = { metadata: {}, status: 'Success' };

/** The status of a command that ended with a code. */
export function exitStatus(command: readonly string[], exitCode: number): object {
  if (exitCode === 0) return SUCCESS;
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command [${command.join(' ')}], exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** The status of a command that did not run, in the words of the refusal. */
export function failureStatus(error: unknown): object {
  const { metadata, status, message, reason, details, code } = statusOf(error);
  const said = error instanceof CommandError ? error.message : message;
  return { metadata, status, message: said, reason, ...(details && { details }), code };
}
