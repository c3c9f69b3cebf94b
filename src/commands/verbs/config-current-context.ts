/** `stsctl config current-context`. */
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config current-context',
  long: 'Shows the context that commands work in: "local" is the simulated cluster.',
  examples: '# The current context\nstsctl config current-context',
  flags: [],
  run: async (context) => {
    context.io.out(`${(await context.backend()).name}\n`);
  },
};
