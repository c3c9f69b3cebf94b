/** `stsctl cordon`. */
import { cordonFlags, setSchedulable } from '../cordon';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'cordon NODE',
  long: 'Closes a node: pods on it stay, new ones are not scheduled there.',
  examples: '# No new pods on node-1\nstsctl cordon node-1',
  flags: cordonFlags(),
  run: async (context) => void (await setSchedulable(context, 'cordon')),
};
