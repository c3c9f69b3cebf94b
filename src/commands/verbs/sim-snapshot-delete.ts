/** `stsctl sim snapshot delete`. */
import { past } from '../past';
import { usageError } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim snapshot delete NAME...',
  long: 'Deletes snapshots. That can not be undone.',
  examples: `# Delete one
stsctl sim snapshot delete before-upgrade

# Delete two
stsctl sim snapshot delete monday tuesday`,
  flags: [],
  run: async (context) => {
    if (context.args.length === 0) throw usageError(context, 'expected at least one NAME');
    const verbs = await past(context);
    for (const name of context.args) {
      await verbs.deleteSnapshot(name);
      context.io.out(`snapshot ${JSON.stringify(name)} deleted\n`);
    }
  },
};
