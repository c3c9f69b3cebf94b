/** `stsctl config use-context`. */
import { CommandError } from '../../core/client/errors';
import { kubeConfig } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config use-context CONTEXT_NAME',
  long: 'Chooses the context to work in. The simulated cluster has one, "local".',
  examples: '# The simulated cluster\nstsctl config use-context local',
  flags: [],
  run: async (context) => {
    const [wanted, ...more] = context.args;
    if (wanted === undefined || more.length > 0)
      throw new CommandError(
        `Unexpected args: [${context.args.join(' ')}]\nSee '${context.path} -h' for help and examples`,
      );
    const { name } = await kubeConfig(context);
    if (wanted !== name) throw new CommandError(`no context exists with the name: ${JSON.stringify(wanted)}`);
    context.io.out(`Switched to context "${name}".\n`);
  },
};
