/** `stsctl config get-users`. */
import { LOCAL } from '../cluster';
import { kubeConfig, noArguments } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config get-users',
  long: 'Lists the names of the users: the one of the simulated cluster, and those of a kubeconfig that is given.',
  examples: '# Every user\nstsctl config get-users',
  flags: [],
  run: async (context) => {
    noArguments(context);
    const { file } = await kubeConfig(context);
    context.io.out(['NAME', LOCAL, ...(file?.users ?? [])].map((line) => `${line}\n`).join(''));
  },
};
