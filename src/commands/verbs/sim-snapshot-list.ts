/** `stsctl sim snapshot list`. */
import { toTime } from '../../core/meta/time';
import { past, plainTable } from '../past';
import { plainOutput, printPlain, SIM_NO_HEADERS, SIM_OUTPUT } from '../sim';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim snapshot list [-o json|yaml]',
  long: 'Lists the snapshots: when each was saved, what time the cluster had, and how much is in it.',
  examples: `# All snapshots
stsctl sim snapshot list

# For a program
stsctl sim snapshot list -o json`,
  flags: [SIM_NO_HEADERS, SIM_OUTPUT],
  run: async (context) => {
    refuseArgs(context);
    const output = plainOutput(context);
    const found = (await (await past(context)).snapshots()).map(({ name, saved, mode, now, objects, pods }) => ({
      name,
      saved: toTime(saved),
      clock: mode,
      time: toTime(now),
      objects,
      pods,
    }));
    if (output) return printPlain(context, output, found);
    if (found.length === 0) {
      context.io.err('No snapshots yet.\n');
      return;
    }
    context.io.out(
      await plainTable(
        ['NAME', 'SAVED', 'CLOCK', 'TIME', 'OBJECTS', 'PODS'],
        found.map((one) => [one.name, one.saved, one.clock, one.time, String(one.objects), String(one.pods)]),
        { noHeaders: context.flags.bool('no-headers') },
      ),
    );
  },
};
