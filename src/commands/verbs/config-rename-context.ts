/** `stsctl config rename-context`. */
import { CommandError } from '../../core/client/errors';
import { goQuote } from '../../core/meta/gofmt';
import { editKubeConfig, onlyArgument } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config rename-context CONTEXT_NAME NEW_NAME',
  long:
    'Gives a context of the kubeconfig that --kubeconfig or KUBECONFIG names another name. If it is the current one, it stays the ' +
    'current one.',
  examples: '# What was dev is called test from now on\nstsctl config rename-context dev test --kubeconfig kc',
  flags: [],
  run: async (context) => {
    const [from = '', to = ''] = onlyArgument(context, 2);
    if (to === '') throw new CommandError('You must specify a new non-empty context name');
    await editKubeConfig(context, { kind: 'rename-context', from, to });
    context.io.out(`Context ${goQuote(from)} renamed to ${goQuote(to)}.\n`);
  },
};
