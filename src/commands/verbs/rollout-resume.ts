/** `stsctl rollout resume`. */
import { pauseFlags, setPaused } from '../pause';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout resume RESOURCE',
  long: 'Lets the controller of a paused object go on. Only Deployments can be paused.',
  examples: `# Let a Deployment go on
stsctl rollout resume deployment/api`,
  flags: pauseFlags(),
  run: (context) => setPaused(context, false),
};
