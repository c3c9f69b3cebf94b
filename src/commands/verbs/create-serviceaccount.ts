/** `stsctl create serviceaccount`. */
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create serviceaccount NAME [--dry-run=server|client|none]',
  long: 'Creates a service account.',
  examples: '# Create the service account backup\nstsctl create serviceaccount backup',
  flags: generatorFlags(),
  run: async (context) => {
    const name = nameOf(context);
    await createGenerated(
      context,
      'serviceaccounts',
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, ...namespaceOf(context) },
      },
      'serviceaccount:',
    );
  },
};
