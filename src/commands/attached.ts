/** Joining what runs in a container: what `attach` and `debug` say before and after it, and whose terminal it gets. */
import type { Pod } from '../core/api/types';
import { findContainer } from '../core/client/pod-containers';
import { containerInput } from './container-input';
import type { Context } from './verb';

/** What is said before somebody's words go to a container. */
export const RECORDED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive ' +
  "information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n";

/** Until the container's command has ended, or nothing more would come of it. @throws ApiError, CommandError */
export async function attached(context: Context, pod: Pod, container: string): Promise<void> {
  const { flags, io, host } = context;
  const quiet = flags.bool('quiet');
  const { namespace = '', name } = pod.metadata;
  const isTerminal = findContainer(pod, container)?.tty === true;
  const wantsTty = flags.bool('tty');
  if (wantsTty && !isTerminal && !quiet)
    io.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  const backend = await context.backend();
  const { input } = await containerInput(context, quiet, isTerminal);
  if (!quiet) io.err(RECORDED);
  await context.flushWhileWaiting();
  // A cluster keeps what it acknowledges itself; here it is saved first.
  const show = (): void => {
    if (backend.remote) io.show();
    else context.flushWhileWaiting().catch(() => {});
  };
  const heard = (stream: 'out' | 'err') => (bytes: Uint8Array) => {
    io.bytes(stream, bytes);
    show();
  };
  await backend.attach(namespace, name, {
    container,
    ...(input && { input }),
    fromNow: true,
    stdout: heard('out'),
    stderr: heard('err'),
  });
  if (!quiet && input?.kind === 'typed' && input.tty && pod.spec.restartPolicy === 'Always')
    io.out(
      `Session ended, resume using '${host.program} attach ${name} -c ${container} -n ${namespace} -i -t' command when ` +
        'the pod is running\n',
    );
}
