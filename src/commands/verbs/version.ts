/** `stsctl version`. */
import { CommandError } from '../../core/client/errors';
import type { CommandBackend } from '../host';
import { printPlain, SIM_OUTPUT } from '../sim';
import type { Verb } from '../verb';
import { KUBERNETES_VERSION, KUSTOMIZE_VERSION, versionInfo } from '../version';

/** The simulated cluster is of our version. */
async function versionOf({ remote }: CommandBackend): Promise<Readonly<Record<string, unknown>>> {
  if (!remote) return versionInfo();
  return JSON.parse(await remote.raw({ method: 'GET', path: '/version' })) as Readonly<Record<string, unknown>>;
}

export const verb: Verb = {
  usage: 'version [flags]',
  long: 'Shows which version of Kubernetes this client and its cluster behave like.',
  examples: `# Client and cluster
stsctl version

# The client only
stsctl version --client`,
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
    const version = versionInfo();
    // What is known of the client is told even where no server answers.
    if (output === '') io.out(`Client Version: ${KUBERNETES_VERSION}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`);
    const serverVersion = server ? await versionOf(await context.backend()) : undefined;
    if (output !== '')
      return printPlain(context, output, {
        clientVersion: version,
        kustomizeVersion: KUSTOMIZE_VERSION,
        ...(serverVersion && { serverVersion }),
      });
    if (serverVersion) io.out(`Server Version: ${serverVersion.gitVersion}\n`);
  },
};
