/** `stsctl create service externalname`. */
import { CommandError } from '../../core/client/errors';
import { isDns1123Subdomain } from '../../core/meta/names';
import { nameOf } from '../generators';
import { createService, serviceFlags } from '../service';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create service externalname NAME --external-name external.name [--dry-run=server|client|none]',
  long: 'Creates a Service that stands for a name outside the cluster.',
  examples: `# db stands for db.example.com
stsctl create service externalname db --external-name=db.example.com`,
  flags: [
    ...serviceFlags(),
    { name: 'external-name', type: 'string', default: '', help: 'The name outside. Required.' },
  ],
  run: async (context) => {
    if (!context.flags.changed('external-name')) throw new CommandError('required flag(s) "external-name" not set');
    const name = nameOf(context);
    const externalName = context.flags.string('external-name');
    if (isDns1123Subdomain(externalName).length > 0)
      throw new CommandError(`invalid service external name ${externalName}`);
    await createService(context, name, { type: 'ExternalName', externalName });
  },
};
