/** `stsctl create service loadbalancer`. */
import { nameOf } from '../generators';
import { createService, needPorts, serviceFlags } from '../service';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
  long: 'Creates a Service that asks for a load balancer, for the pods labelled app=NAME.',
  examples: `# Port 80 of the load balancer goes to port 8080 of the pods
stsctl create service loadbalancer api --tcp=80:8080`,
  flags: serviceFlags(),
  run: async (context) => {
    const name = nameOf(context);
    needPorts(context);
    await createService(context, name, { type: 'LoadBalancer' });
  },
};
