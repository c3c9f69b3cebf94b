/** `stsctl sim reset`. */
import { simulation } from '../sim';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim reset',
  long:
    'Throws the simulated cluster away, volumes included, and begins with an empty one. "sim undo" takes it back, where the old ' +
    'cluster could be read; snapshots stay.',
  examples: '# Begin again\nstsctl sim reset',
  flags: [],
  run: async (context) => {
    refuseArgs(context);
    await (await simulation(context)).reset();
    context.io.out('cluster reset\n');
  },
};
