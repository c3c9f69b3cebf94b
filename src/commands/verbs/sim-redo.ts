/** `stsctl sim redo`. */
import { countArgument, past, sayMoved } from '../past';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim redo [COUNT]',
  long:
    'Puts back what the last undo took away, or COUNT commands of it: the cluster and its files are as they were after the ' +
    'command. Nothing is run again. A command that changes the cluster after an undo ends what can be redone.',
  examples: `# Take back a change, and the undo too
stsctl sim undo
stsctl sim redo

# Redo three commands
stsctl sim redo 3`,
  flags: [],
  run: async (context) => {
    const count = countArgument(context);
    await sayMoved(context, 'redone:', await (await past(context)).redo(count));
  },
};
