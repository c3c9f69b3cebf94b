/** `stsctl sim snapshot restore`. */
import { nameArgument, past } from '../past';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim snapshot restore NAME',
  long:
    'Puts the cluster of a snapshot in place of the present one, files included. On the wall clock it goes on from the ' +
    'instant at which it was saved. "sim undo" takes this back like any command.',
  examples: `# Go back
stsctl sim snapshot restore before-upgrade

# And take that back
stsctl sim undo`,
  flags: [],
  run: async (context) => {
    const name = nameArgument(context);
    await (await past(context)).restoreSnapshot(name);
    context.io.out(`snapshot ${JSON.stringify(name)} restored\n`);
  },
};
