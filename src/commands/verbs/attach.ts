/** `stsctl attach`. */
import { isPodTerminal } from '../../core/api/pod';
import type { Pod } from '../../core/api/types';
import { CommandError } from '../../core/client/errors';
import { containerNames, findContainer, firstContainer, preferredContainer } from '../../core/client/pod-containers';
import { attached } from '../attached';
import { laterFlags } from '../flags/common';
import { containerFlag, onePod, runningTimeout, runningTimeoutOf } from '../pod-target';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'attach (POD | TYPE/NAME) [-c CONTAINER] [-i] [-t]',
  long:
    'Joins the command that a container runs: shows what it prints from now on, and with -i hands it what is typed or piped ' +
    'in. Where the command reads its input, as a shell does that was started with -i, its end ends the container.',
  examples: `# See what the first container of a pod prints from now on
stsctl attach web-0

# Type to the shell that a pod runs
stsctl attach -it shell

# Whichever pod of the set is ready
stsctl attach sts/web -c nginx`,
  flags: [
    containerFlag("The container. Default: the one of the pod's annotation default-container, else its first."),
    { name: 'stdin', short: 'i', type: 'bool', default: 'false', help: 'Hand standard input to the container.' },
    { name: 'tty', short: 't', type: 'bool', default: 'false', help: 'Standard input is a terminal. Needs -i.' },
    { name: 'quiet', short: 'q', type: 'bool', default: 'false', help: 'Print only what the container prints.' },
    runningTimeout('1m0s'),
    ...laterFlags([], ['detach-keys']),
  ],
  run,
};

/** As AttachOptions' Complete, Validate and Run. */
async function run(context: Context): Promise<void> {
  const { args, flags, io } = context;
  if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
  if (args.length > 2)
    throw new CommandError(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
    );
  const { pod } = await onePod(context, args.join('/'), runningTimeoutOf(context));
  if (isPodTerminal(pod))
    throw new CommandError(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`);
  const say = (text: string): void => {
    if (!flags.bool('quiet')) io.err(text);
  };
  await attached(context, pod, containerOf(pod, flags.string('container'), say));
}

function containerOf(pod: Pod, name: string, say: (text: string) => void): string {
  if (name === '') return preferredContainer(pod, () => {}) ?? firstContainer(pod, say);
  if (findContainer(pod, name)) return name;
  const { metadata } = pod;
  throw new CommandError(
    `cannot attach to the container: container ${name} is not valid for pod ${metadata.name} out of: ${containerNames(pod)}`,
  );
}
