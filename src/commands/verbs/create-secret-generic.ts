/** `stsctl create secret generic`, from literals and files. */
import { nameOf } from '../generators';
import { keySourceFlags, readKeySources } from '../key-sources';
import { createSecret, secretFlags } from '../secret';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage:
    'create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  long: 'Creates a Secret from literal values and files.',
  examples: `# Create a Secret with two keys
stsctl create secret generic db --from-literal=user=root --from-literal=password=x

# From lines KEY=VALUE
stsctl create secret generic env --from-env-file=app.env

# What it would look like
stsctl create secret generic db2 --from-literal=user=root --dry-run=client -o yaml`,
  flags: [
    ...secretFlags(),
    ...keySourceFlags(),
    { name: 'type', type: 'string', default: '', help: 'The type of the Secret; Opaque if absent.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    await createSecret(context, name, context.flags.string('type'), readKeySources(context, 'Secret', name));
  },
};
