/** `stsctl config current-context`. */
import { CommandError } from '../../core/client/errors';
import { kubeConfig } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config current-context',
  long:
    'Shows the context that commands work in: "local" is the simulated cluster. With --kubeconfig, --context or ' +
    'STSCTL_BACKEND=cluster it is the one that commands with the same flags would work in.',
  examples: `# The current context
stsctl config current-context

# Where would a command with these flags go?
stsctl config current-context --context local`,
  flags: [],
  run: async (context) => {
    const { current } = await kubeConfig(context);
    if (current === '') throw new CommandError('current-context is not set');
    context.io.out(`${current}\n`);
  },
};
