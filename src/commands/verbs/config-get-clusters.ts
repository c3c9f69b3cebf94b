/** `stsctl config get-clusters`. */
import { kubeConfig, noArguments } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config get-clusters',
  long: 'Lists the names of the clusters: the simulated cluster has one.',
  examples: '# Every cluster\nstsctl config get-clusters',
  flags: [],
  run: async (context) => {
    noArguments(context);
    context.io.out(`NAME\n${(await kubeConfig(context)).name}\n`);
  },
};
