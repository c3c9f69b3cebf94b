/** `stsctl create priorityclass`. */
import { createGenerated, generatorFlags, nameOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  long: 'Creates a PriorityClass: a name for a priority of pods.',
  examples: `# A priority for databases
stsctl create priorityclass database --value=1000 --description='stateful, not to be moved'

# What it would look like
stsctl create pc low --value=-10 --preemption-policy=Never --dry-run=client -o yaml`,
  flags: [
    ...generatorFlags(),
    { name: 'value', type: 'int', bits: 32, default: '0', help: 'The priority; pods with a higher one go first.' },
    { name: 'global-default', type: 'bool', default: 'false', help: 'The priority of pods that name none.' },
    { name: 'description', type: 'string', default: '', help: 'What the class is for.' },
    {
      name: 'preemption-policy',
      type: 'string',
      default: 'PreemptLowerPriority',
      help: 'PreemptLowerPriority or Never: whether its pods may push others off a node.',
    },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const { flags } = context;
    const description = flags.string('description');
    await createGenerated(
      context,
      'priorityclasses',
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: flags.int('value'),
        ...(flags.bool('global-default') && { globalDefault: true }),
        ...(description !== '' && { description }),
        preemptionPolicy: flags.string('preemption-policy'),
      },
      'priorityclass:',
    );
  },
};
