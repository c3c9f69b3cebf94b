/** `stsctl sim undo`. */
import { countArgument, past, sayMoved } from '../past';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim undo [COUNT]',
  long:
    'Takes back the last command that changed the cluster, or the last COUNT of them: objects, clock, settings, and the files ' +
    'of volumes and pods are as they were before. A command counts once, however long it waited; reading counts for ' +
    'nothing. On the wall clock the cluster goes on from the instant before the command.\n\n' +
    '"sim redo" takes an undo back, until another command changes the cluster. "sim history" lists what can be undone.',
  examples: `# Take back the last change
stsctl scale sts/web --replicas=0
stsctl sim undo

# Take back the last three
stsctl sim undo 3`,
  flags: [],
  run: async (context) => {
    const count = countArgument(context);
    await sayMoved(context, 'undone:', await (await past(context)).undo(count));
  },
};
