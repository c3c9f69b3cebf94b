/** `stsctl config get-users`. */
import { kubeConfig, noArguments } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config get-users',
  long: 'Lists the names of the users: the simulated cluster has one.',
  examples: '# Every user\nstsctl config get-users',
  flags: [],
  run: async (context) => {
    noArguments(context);
    context.io.out(`NAME\n${(await kubeConfig(context)).name}\n`);
  },
};
