/** `stsctl create namespace`. */
import { createGenerated, generatorFlags, nameOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create namespace NAME [--dry-run=server|client|none]',
  long: 'Creates a namespace.',
  examples: '# Create the namespace data\nstsctl create namespace data',
  flags: generatorFlags(),
  run: async (context) => {
    const name = nameOf(context);
    await createGenerated(context, 'namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: {},
      status: {},
    });
  },
};
