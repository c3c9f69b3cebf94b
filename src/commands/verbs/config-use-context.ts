/** `stsctl config use-context`. */
import { CommandError } from '../../core/client/errors';
import { LOCAL } from '../cluster';
import { kubeConfig, realConfig } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config use-context CONTEXT_NAME',
  long:
    'Chooses the context that commands with the same --kubeconfig (or with STSCTL_BACKEND=cluster) work in, and writes it into ' +
    'the kubeconfig. Commands that name no kubeconfig and no context always work on the simulated cluster, "local".',
  examples: '# The simulated cluster\nstsctl config use-context local',
  flags: [],
  run: async (context) => {
    const [wanted, ...more] = context.args;
    if (wanted === undefined || more.length > 0)
      throw new CommandError(
        `Unexpected args: [${context.args.join(' ')}]\nSee '${context.path} -h' for help and examples`,
      );
    const { isReal, contexts } = await kubeConfig(context);
    const real = realConfig(context);
    if (isReal && real) await real.clusters.edit(real.choice, { kind: 'use-context', name: wanted });
    else if (wanted !== LOCAL && contexts.some(({ name }) => name === wanted))
      throw new CommandError(
        `commands work on the simulated cluster unless they say otherwise: name the context with --context ${wanted}, or set ` +
          'STSCTL_BACKEND=cluster',
      );
    else if (wanted !== LOCAL) throw new CommandError(`no context exists with the name: ${JSON.stringify(wanted)}`);
    context.io.out(`Switched to context "${wanted}".\n`);
  },
};
