/** `stsctl sim timeline`. */
import { plainOutput, printPlain, SIM_OUTPUT, simulation } from '../sim';
import { refuseArgs } from '../targets';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim timeline [-o json]',
  long: 'Shows every pod transition so far, in order: create, ready, unready, terminate, delete.',
  examples: `# As a table
stsctl sim timeline

# For a program
stsctl sim timeline -o json`,
  flags: [SIM_OUTPUT],
  run: async (context) => {
    refuseArgs(context);
    const output = plainOutput(context);
    const events = await (await simulation(context)).timeline();
    if (output) return printPlain(context, output, events);
    if (events.length === 0) context.io.err('No pod transitions yet.\n');
    const { printTimeline } = await import('../../render/timeline');
    context.io.out(printTimeline(events));
  },
};
