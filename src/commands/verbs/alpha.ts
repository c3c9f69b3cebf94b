/** `stsctl alpha`: kubectl 1.36 has no such commands either. */
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'alpha',
  long: 'Would hold commands that may change. There are none in this version.',
  examples: '# Says that there are none\nstsctl alpha',
  flags: [],
  run: async ({ io }) => io.err('No alpha commands are available in this version of kubectl\n'),
};
