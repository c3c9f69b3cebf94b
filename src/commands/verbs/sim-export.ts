/** `stsctl sim export`. */
import { CommandError } from '../../core/client/errors';
import { setNames } from '../set-names';
import { simulation } from '../sim';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage: 'sim export [statefulsets/NAME ...] [-o yaml|json]',
  long:
    'Writes what is in a namespace, or what belongs to StatefulSets, as manifests that apply in another cluster: without ' +
    'status, uids, addresses and whatever else this cluster has put into the objects. Everything stands behind what it ' +
    'needs. Pods and claims that come of a StatefulSet come of it there, too, and are left out.',
  examples: `# All of a namespace
stsctl sim export -n db > db.yaml

# One set with what belongs to it
stsctl sim export sts/web

# The claims as well, as a list in JSON
stsctl sim export sts/web --with-claims -o json`,
  flags: [
    { name: 'output', short: 'o', type: 'string', default: 'yaml', help: 'yaml or json.' },
    {
      name: 'with-claims',
      type: 'bool',
      default: 'false',
      help: 'Write the claims that the sets have made from their templates too.',
    },
  ],
  run,
};

async function run(context: Context): Promise<void> {
  const { flags, io, namespace } = context;
  const output = flags.string('output');
  if (output !== 'yaml' && output !== 'json') throw new CommandError("--output must be 'yaml' or 'json'");
  const sets = setNames(context.args, 'exported');
  await simulation(context);
  const { exportFrom } = await import('../../core/client/export/choose');
  const { manifests, warnings } = await exportFrom(await context.backend(), {
    namespace,
    ...(sets && { sets }),
    withClaims: flags.bool('with-claims'),
  });
  for (const warning of warnings) io.warn(warning);
  if (manifests.length === 0) return io.err(`No resources found in ${namespace} namespace.\n`);
  if (output === 'json') {
    const { toJson } = await import('../../render/json');
    return io.out(toJson({ apiVersion: 'v1', items: manifests, kind: 'List', metadata: {} }));
  }
  const { toYaml } = await import('../../render/yaml');
  io.out(manifests.map((manifest) => toYaml(manifest)).join('---\n'));
}
