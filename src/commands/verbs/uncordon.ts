/** `stsctl uncordon`. */
import { cordonFlags, setSchedulable } from '../cordon';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'uncordon NODE',
  long: 'Opens a node that was closed: pods are scheduled there again.',
  examples: '# Pods may go to node-1 again\nstsctl cordon node-1\nstsctl uncordon node-1',
  flags: cordonFlags(),
  run: async (context) => void (await setSchedulable(context, 'uncordon')),
};
