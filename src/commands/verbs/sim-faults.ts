/** `stsctl sim faults`. */
import { COUNTED } from '../../core/simulation/faults/types';
import { plainOutput, printPlain, SIM_NO_HEADERS, SIM_OUTPUT, simulation } from '../sim';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim faults [-o json|yaml]',
  long: 'Lists what is broken: since when, for how long, how often it has struck. A fault that is used up or over is gone.',
  examples: `# As a table
stsctl sim faults

# For a program
stsctl sim faults -o json`,
  flags: [SIM_NO_HEADERS, SIM_OUTPUT],
  run: async (context) => {
    refuseArgs(context);
    const output = plainOutput(context);
    const { faults, now } = await (await simulation(context)).faults();
    const { faultJson, targetOf, whatOf } = await import('../../core/simulation/faults/words');
    if (output) return printPlain(context, output, faults.map(faultJson));
    if (faults.length === 0) return context.io.err('No faults.\n');
    const { printFaults } = await import('../../render/faults');
    const rows = faults.map(({ struck, ...fault }) => ({
      ...fault,
      ...(COUNTED.includes(fault.what) && { struck }),
      target: targetOf(fault),
      what: whatOf(fault),
    }));
    context.io.out(printFaults(rows, now, { noHeaders: context.flags.bool('no-headers') }));
  },
};
