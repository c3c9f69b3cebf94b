/** `stsctl create role`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import { resourceRules, ruleFlags, verbsOf } from '../rbac';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename]',
  long: 'Creates a Role with one rule. Roles are kept and shown; the simulated cluster asks nobody for permission.',
  examples: `# Reading pods and scaling sets
stsctl create role operator --verb=get,list,watch --resource=pods,statefulsets.apps/scale

# One object only
stsctl create role reader --verb=get --resource=pods --resource-name=web-0`,
  flags: [...generatorFlags(), ...ruleFlags()],
  run: async (context) => {
    const name = nameOf(context);
    const verbs = verbsOf(context);
    if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
    if (context.flags.list('resource').length === 0) throw new CommandError('at least one resource must be specified');
    await createGenerated(context, 'roles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, ...namespaceOf(context) },
      rules: await resourceRules(context, verbs),
    });
  },
};
