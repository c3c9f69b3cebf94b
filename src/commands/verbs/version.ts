/** `stsctl version`. */
import { CommandError } from '../../core/client/errors';
import type { CommandBackend } from '../host';
import { SIM_OUTPUT } from '../sim';
import type { Verb } from '../verb';
import { clientVersion, KUBERNETES_VERSION, KUSTOMIZE_VERSION, serverVersion } from '../version';

/** The simulated cluster is of our version. */
async function versionOf({ remote }: CommandBackend, platform: string): Promise<Readonly<Record<string, unknown>>> {
  if (!remote) return serverVersion(platform);
  return JSON.parse(await remote.raw({ method: 'GET', path: '/version' })) as Readonly<Record<string, unknown>>;
}

export const verb: Verb = {
  usage: 'version [flags]',
  long: 'Shows which version of Kubernetes this client and its cluster behave like.',
  examples: `# Client and cluster
stsctl version

# The client only
stsctl version --client

# What scripts ask for
stsctl version -o json`,
  flags: [
    { name: 'client', type: 'bool', default: 'false', help: 'Only the client; no cluster is needed.' },
    SIM_OUTPUT,
  ],
  run: async (context) => {
    const { args, flags, io } = context;
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    if (output !== '' && output !== 'json' && output !== 'yaml')
      throw new CommandError("--output must be 'yaml' or 'json'");
    const server = !flags.bool('client');
    const { platform } = context.host;
    // What is known of the client is told even where no server answers.
    if (output === '') io.out(`Client Version: ${KUBERNETES_VERSION}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`);
    const found = server ? await versionOf(await context.backend(), platform) : undefined;
    if (output !== '') {
      const all = {
        clientVersion: clientVersion(platform),
        kustomizeVersion: KUSTOMIZE_VERSION,
        ...(found && { serverVersion: found }),
      };
      // kubectl ends each with a line, and YAML ends with one by itself.
      const text =
        output === 'json' ? JSON.stringify(all, undefined, 2) : (await import('../../render/yaml')).toYaml(all);
      return io.out(`${text}\n`);
    }
    if (found) io.out(`Server Version: ${found.gitVersion}\n`);
  },
};
