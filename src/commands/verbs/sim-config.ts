/** `stsctl sim config`. */
import { CommandError } from '../../core/client/errors';
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim config [NAME=VALUE ...]',
  long: 'Shows how the simulated cluster behaves, or changes it.',
  examples: `# All settings
stsctl sim config

# Containers start in half a second and stop in 300 ms
stsctl sim config start=500ms stop=300ms

# Claims that name a storage class which does not exist stay pending
stsctl sim config storage=strict

# Three nodes: node-1, node-2 and node-3; fewer take the last ones away
stsctl sim config nodes=3

# Nodes that differ: zones to spread pods over, and one with little to offer
stsctl sim config nodes=3
stsctl label node node-1 node-2 topology.kubernetes.io/zone=a
stsctl label node node-3 topology.kubernetes.io/zone=b
stsctl patch node node-3 --subresource=status -p '{"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"10"}}}'`,
  flags: [SIM_OUTPUT],
  run: async (context) => {
    const output = plainOutput(context);
    const patch: Record<string, string> = {};
    for (const arg of context.args) {
      const equals = arg.indexOf('=');
      if (equals <= 0) throw new CommandError(`invalid setting ${JSON.stringify(arg)}: expected NAME=VALUE`);
      patch[arg.slice(0, equals)] = arg.slice(equals + 1);
    }
    const sim = await simulation(context);
    if (Object.keys(patch).length > 0) await sim.setConfig(patch);
    const config = await sim.getConfig();
    if (output) return printPlain(context, output, config);
    for (const [name, value] of Object.entries(config))
      context.io.out(`${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`);
  },
};
