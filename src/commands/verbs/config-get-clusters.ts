/** `stsctl config get-clusters`. */
import { LOCAL } from '../cluster';
import { kubeConfig, noArguments } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config get-clusters',
  long: 'Lists the names of the clusters: the simulated one, and those of a kubeconfig that is given.',
  examples: '# Every cluster\nstsctl config get-clusters',
  flags: [],
  run: async (context) => {
    noArguments(context);
    const { file } = await kubeConfig(context);
    context.io.out(['NAME', LOCAL, ...(file?.clusters ?? [])].map((line) => `${line}\n`).join(''));
  },
};
