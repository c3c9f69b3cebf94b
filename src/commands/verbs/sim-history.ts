/** `stsctl sim history`. */
import { toTime } from '../../core/meta/time';
import { past, plainTable } from '../past';
import { plainOutput, printPlain, SIM_NO_HEADERS, SIM_OUTPUT } from '../sim';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim history [-o json|yaml]',
  long:
    'Lists the commands that changed the cluster and can be undone, oldest first, and behind them those that were undone and ' +
    'can be redone. "sim config undo=SIZE" says how much may be kept of them (256Mi unless set); "undo=off" keeps nothing.',
  examples: `# What can be undone?
stsctl sim history

# For a program
stsctl sim history -o json`,
  flags: [SIM_NO_HEADERS, SIM_OUTPUT],
  run: async (context) => {
    refuseArgs(context);
    const output = plainOutput(context);
    const steps = await (await past(context)).steps();
    if (output) {
      const shown = steps.map(({ number, at, command, undone }) => ({ number, time: toTime(at), command, undone }));
      return printPlain(context, output, shown);
    }
    if (steps.length === 0) context.io.err('No commands yet.\n');
    else
      context.io.out(
        await plainTable(
          ['NUMBER', 'TYPED', 'STATE', 'COMMAND'],
          steps.map(({ number, at, undone, command }) => [
            String(number),
            toTime(at),
            undone ? 'undone' : 'done',
            command,
          ]),
          { noHeaders: context.flags.bool('no-headers') },
        ),
      );
  },
};
