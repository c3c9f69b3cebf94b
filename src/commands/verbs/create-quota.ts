/** `stsctl create quota`. */
import { CommandError } from '../../core/client/errors';
import { canonicalQuantity } from '../../core/meta/quantity';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  long: 'Creates a ResourceQuota with hard limits and, if wanted, the scopes that it counts in.',
  examples: `# At most ten pods and five claims
stsctl create quota small --hard=pods=10,persistentvolumeclaims=5

# Only pods without requests and limits are counted
stsctl create quota besteffort --hard=pods=100 --scopes=BestEffort`,
  flags: [
    ...generatorFlags(),
    { name: 'hard', type: 'string', default: '', help: 'The limits, as in pods=10,cpu=4.' },
    { name: 'scopes', type: 'string', default: '', help: 'Scopes, as in BestEffort,NotTerminating.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const scopes = context.flags.string('scopes');
    const hard = hardLimits(context.flags.string('hard'));
    await createGenerated(
      context,
      'resourcequotas',
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name, ...namespaceOf(context) },
        spec: { ...(hard && { hard }), ...(scopes !== '' && { scopes: scopes.split(',') }) },
        status: {},
      },
      'quota:',
    );
  },
};

/** As populateResourceListV1. */
function hardLimits(text: string): Readonly<Record<string, string>> | undefined {
  if (text === '') return undefined;
  const hard: Record<string, string> = {};
  for (const statement of text.split(',')) {
    const [key, value, ...more] = statement.split('=');
    if (value === undefined || more.length > 0)
      throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    try {
      hard[key] = canonicalQuantity(value);
    } catch (e) {
      throw e instanceof Error ? new CommandError(e.message) : e;
    }
  }
  return hard;
}
