/** `stsctl version`. */
import { CommandError } from '../../core/client/errors';
import { printPlain, SIM_OUTPUT } from '../sim';
import type { Verb } from '../verb';
import { KUBERNETES_VERSION, versionInfo } from '../version';

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
    if (server) await context.backend();
    if (output !== '') {
      const version = versionInfo();
      return printPlain(context, output, { clientVersion: version, ...(server && { serverVersion: version }) });
    }
    io.out(`Client Version: ${KUBERNETES_VERSION}\n`);
    if (server) io.out(`Server Version: ${KUBERNETES_VERSION}\n`);
  },
};
