/** `stsctl sim snapshot save`. */
import { nameArgument, past } from '../past';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim snapshot save NAME',
  long: 'Keeps the cluster as it is under a name: objects, clock, settings, and the files of volumes and pods.',
  examples: `# Keep the cluster before something risky
stsctl sim snapshot save before-upgrade

# Keep it under a name that is taken
stsctl sim snapshot save before-upgrade --overwrite`,
  flags: [{ name: 'overwrite', type: 'bool', default: 'false', help: 'Replace a snapshot of this name.' }],
  run: async (context) => {
    const { name } = await (await past(context)).saveSnapshot(nameArgument(context), context.flags.bool('overwrite'));
    context.io.out(`snapshot ${JSON.stringify(name)} saved\n`);
  },
};
