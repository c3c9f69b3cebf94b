/** `stsctl rollout pause`. */
import { pauseFlags, setPaused } from '../pause';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout pause RESOURCE',
  long: 'Marks an object as paused, so that its controller leaves it alone. Only Deployments can be paused: a StatefulSet is held back by its partition.',
  examples: `# A StatefulSet is held back by its partition instead
stsctl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":3}}}}'

# Pause a Deployment
stsctl rollout pause deployment/api`,
  flags: pauseFlags(),
  run: (context) => setPaused(context, true),
};
