/** `stsctl create clusterrole`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameOf } from '../generators';
import { resourceRules, ruleFlags, verbsOf } from '../rbac';
import type { Context, Verb } from '../verb';

const PATH_VERBS = new Set(['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*']);

export const verb: Verb = {
  usage: 'create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename]',
  long: 'Creates a ClusterRole. Roles are kept and shown; the simulated cluster asks nobody for permission.',
  examples: `# Reading nodes
stsctl create clusterrole node-reader --verb=get,list --resource=nodes

# Reading paths that are no objects
stsctl create clusterrole logs --verb=get --non-resource-url='/logs/*'

# All rules of the roles with a label
stsctl create clusterrole monitoring --aggregation-rule=monitoring=true`,
  flags: [
    ...generatorFlags(),
    ...ruleFlags(),
    { name: 'non-resource-url', type: 'list', help: 'A path of the API that is no object, as in /logs/*.' },
    { name: 'aggregation-rule', type: 'pairs', help: 'Labels of the roles whose rules it takes, as in a=b.' },
  ],
  run: async (context) => {
    const name = nameOf(context);
    const aggregation = pairsOf(context);
    const verbs = verbsOf(context);
    const paths = context.flags.list('non-resource-url');
    const resources = context.flags.list('resource');
    if (aggregation) {
      if (verbs.length + paths.length + resources.length + context.flags.list('resource-name').length > 0)
        throw new CommandError(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
    } else {
      if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
      if (resources.length + paths.length === 0)
        throw new CommandError('one of resource or nonResourceURL must be specified');
      checkPaths(paths, verbs);
    }
    const rules = [
      ...(await resourceRules(context, verbs)),
      ...(paths.length > 0 ? [{ verbs, nonResourceURLs: paths }] : []),
    ];
    await createGenerated(context, 'clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: aggregation ? null : rules,
      ...(aggregation && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregation }] } }),
    });
  },
};

function pairsOf(context: Context): Readonly<Record<string, string>> | undefined {
  const pairs = context.flags
    .list('aggregation-rule')
    .flatMap((text) => text.split(','))
    .map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function checkPaths(paths: readonly string[], verbs: readonly string[]): void {
  if (paths.length === 0) return;
  for (const verb of verbs)
    if (!PATH_VERBS.has(verb)) throw new CommandError(`invalid verb: '${verb}' for nonResourceURL`);
  for (const path of paths) {
    if (path === '*') continue;
    if (!path.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
    if (path.slice(0, -1).includes('*'))
      throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}
