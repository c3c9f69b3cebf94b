/** `stsctl sim restore`. */
import { toTime } from '../../core/meta/time';
import { past } from '../past';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim restore',
  long:
    'Where the state file is damaged, puts the last good copy of the cluster back: usually the one before the last command, with ' +
    'the files of volumes as they were then. The damaged file is kept beside it. A state file that can be read is left alone.',
  examples: `# Go back to the last good copy
stsctl sim restore`,
  flags: [],
  run: async (context) => {
    refuseArgs(context);
    const { from, saved, damaged } = await (await past(context)).restore();
    context.io.out(`restored from ${from}, saved ${toTime(saved)}; the damaged file is ${damaged}\n`);
  },
};
