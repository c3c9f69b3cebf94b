/** `stsctl options`. */
import { GLOBAL_FLAGS } from '../flags/common';
import { flagsText } from '../flags/help';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'options',
  long: 'Lists the flags that every command takes.',
  examples: '# Every global flag\nstsctl options',
  flags: [],
  run: async ({ io }) => {
    io.out(
      `The following options can be passed to any command:\n\n${flagsText(GLOBAL_FLAGS.filter((f) => !f.later && !f.hidden))}`,
    );
  },
};
