/** `stsctl exec`. */
import { isPodTerminal } from '../../core/api/pod';
import type { Pod } from '../../core/api/types';
import { CommandError, PlainError } from '../../core/client/errors';
import { containerNames, findContainer, firstContainer, preferredContainer } from '../../core/client/pod-containers';
import { containerInput } from '../container-input';
import { containerFlag, onePod, runningTimeout, runningTimeoutOf } from '../pod-target';
import { hasFiles } from '../targets';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  long:
    'Runs a command in a container of a running pod, in a sandboxed shell over the files of its volumes, and ends with the ' +
    "command's exit code. With -it and a shell as the command you can look around.",
  examples: `# Write a file under the claim of web-0 and look at it
stsctl exec web-0 -- sh -c 'echo hello > /usr/share/nginx/html/index.html'
stsctl exec web-0 -- cat /usr/share/nginx/html/index.html

# Look around: cd, variables and history work; exit or Ctrl-D ends
stsctl exec -it web-0 -- sh

# Run a script that is piped in
echo 'hostname; date' | stsctl exec -i web-0 -- sh

# In a certain container, in whichever pod of the set is ready
stsctl exec sts/web -c nginx -- hostname`,
  flags: [
    containerFlag("The container. Default: the one of the pod's annotation default-container, else its first."),
    { name: 'filename', short: 'f', type: 'list', help: 'A file that names the pod, or what has pods.' },
    { name: 'stdin', short: 'i', type: 'bool', default: 'false', help: 'Hand standard input to the command.' },
    { name: 'tty', short: 't', type: 'bool', default: 'false', help: 'Standard input is a terminal. Needs -i.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', help: 'Print only what the command prints.' },
    runningTimeout('1m0s'),
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io } = context;
  const quiet = flags.bool('quiet');
  const say = (text: string): void => {
    if (!quiet) io.err(text);
  };
  const { target, command } = wordsOf(context, say);
  if (target === '' && !hasFiles(flags)) throw new CommandError('pod, type/name or --filename must be specified');
  if (command.length === 0) throw new CommandError('you must specify at least one command for the container');
  const timeoutMs = runningTimeoutOf(context);
  const backend = await context.backend();
  const { pod } = await onePod(context, target, timeoutMs);
  if (isPodTerminal(pod))
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  const { namespace = '', name } = pod.metadata;
  const container = flags.string('container') || defaultContainer(pod, say);
  if (!findContainer(pod, container))
    throw new CommandError(`container ${container} is not valid for pod ${name} out of: ${containerNames(pod)}`);
  // A cluster keeps what it acknowledges itself: nothing is to be saved before it is shown.
  const heard = (stream: 'out' | 'err') => (bytes: Uint8Array) => {
    io.bytes(stream, bytes);
    if (backend.remote) io.show();
  };
  const { exitCode } = await backend.exec(namespace, name, {
    container,
    command,
    ...(await containerInput(context, quiet)),
    stdout: heard('out'),
    stderr: heard('err'),
  });
  if (exitCode !== 0) throw new PlainError(`command terminated with exit code ${exitCode}`, exitCode);
}

const defaultContainer = (pod: Pod, say: (text: string) => void): string =>
  preferredContainer(pod, () => {}) ?? firstContainer(pod, say);

/** What stands before `--` names the pod. The older form without it, which tutorials have, still works, with a word about it. */
function wordsOf(
  { args, dashAt, flags, host }: Context,
  say: (text: string) => void,
): { readonly target: string; readonly command: readonly string[] } {
  const target = dashAt === 0 ? '' : (args[0] ?? '');
  if (dashAt !== undefined) return { target, command: args.slice(dashAt) };
  const isNamed = !hasFiles(flags);
  if (args.length <= (isNamed ? 1 : 0)) return { target, command: [] };
  const { program } = host;
  say(
    `${program} exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. ` +
      `Use ${program} exec [POD] -- [COMMAND] instead.\n`,
  );
  return isNamed ? { target, command: args.slice(1) } : { target: '', command: args };
}
