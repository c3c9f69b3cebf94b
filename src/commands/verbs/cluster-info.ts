/** `stsctl cluster-info`. */
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'cluster-info',
  long: 'Tells where the control plane is: in the state file of the simulated cluster, or at the address of a real one.',
  examples:
    '# Where is the cluster?\nstsctl cluster-info\n\n# All that is in it, to be looked at elsewhere\nstsctl cluster-info dump',
  flags: [],
  run: async (context) => {
    // A cluster that does not work answers here already.
    const { name, remote } = await context.backend();
    if (remote) {
      await remote.raw({ method: 'GET', path: '/version' });
      return context.io.out(
        `Kubernetes control plane is running at ${remote.server}\n\nTo further debug and diagnose cluster problems, use ` +
          `'${context.host.program} get events -A'.\n`,
      );
    }
    context.io.out(
      `Kubernetes control plane is running inside this program (context ${JSON.stringify(name)}), without an address.\n\n` +
        "To see what happened in it, use 'stsctl events' and 'stsctl sim timeline'.\n".replaceAll(
          'stsctl',
          context.host.program,
        ),
    );
  },
};
