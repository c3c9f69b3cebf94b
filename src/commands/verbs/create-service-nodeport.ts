/** `stsctl create service nodeport`. */
import { nameOf } from '../generators';
import { createService, needPorts, serviceFlags } from '../service';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  long: 'Creates a Service that every node answers for on a port of its own, for the pods labelled app=NAME.',
  examples: `# Port 80, on a node port that the cluster chooses
stsctl create service nodeport api --tcp=80:8080

# On node port 30080
stsctl create service nodeport web --tcp=80 --node-port=30080`,
  flags: [
    ...serviceFlags(),
    { name: 'node-port', type: 'int', default: '0', help: 'The port of the nodes; 0 lets the cluster choose.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    needPorts(context);
    await createService(context, name, { type: 'NodePort' }, context.flags.int('node-port'));
  },
};
