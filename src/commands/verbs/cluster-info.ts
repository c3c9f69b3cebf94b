/** `stsctl cluster-info`. */
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'cluster-info',
  long: 'Tells where the control plane is: in the state file of the simulated cluster.',
  examples: '# Where is the cluster?\nstsctl cluster-info',
  flags: [],
  run: async (context) => {
    // A cluster that does not work answers here already.
    const { name } = await context.backend();
    context.io.out(
      `Kubernetes control plane is running inside this program (context ${JSON.stringify(name)}), without an address.\n\n` +
        "To see what happened in it, use 'stsctl events' and 'stsctl sim timeline'.\n".replaceAll(
          'stsctl',
          context.host.program,
        ),
    );
  },
};
