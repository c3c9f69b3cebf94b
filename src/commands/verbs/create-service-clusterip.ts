/** `stsctl create service clusterip`. */
import { nameOf } from '../generators';
import { createService, needPorts, serviceFlags } from '../service';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
  long: 'Creates a Service with an address inside the cluster, or with none at all, for the pods labelled app=NAME.',
  examples: `# Port 80 of the Service goes to port 8080 of its pods
stsctl create service clusterip api --tcp=80:8080

# A headless Service, as a StatefulSet needs it
stsctl create service clusterip db --clusterip=None`,
  flags: [
    ...serviceFlags(),
    { name: 'clusterip', type: 'string', default: '', help: 'The address to take; None for a headless Service.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const clusterIP = context.flags.string('clusterip');
    if (clusterIP !== 'None') needPorts(context);
    await createService(context, name, { ...(clusterIP !== '' && { clusterIP }), type: 'ClusterIP' });
  },
};
