/** `stsctl config unset`. */
import { CommandError } from '../../core/client/errors';
import { goQuote } from '../../core/meta/gofmt';
import { editKubeConfig, onlyArgument } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config unset PROPERTY_NAME',
  long:
    'Takes one value, or all that is below a name, out of the kubeconfig that --kubeconfig or KUBECONFIG names. A property is the way ' +
    'to it, with dots: contexts.NAME.namespace.',
  examples: `# No context is the current one
stsctl config unset current-context --kubeconfig kc

# The context dev works in the namespace default
stsctl config unset contexts.dev.namespace --kubeconfig kc`,
  flags: [],
  run: async (context) => {
    const [property = ''] = onlyArgument(context);
    if (property === '') throw new CommandError('you must specify a property');
    await editKubeConfig(context, { kind: 'unset', property });
    context.io.out(`Property ${goQuote(property)} unset.\n`);
  },
};
