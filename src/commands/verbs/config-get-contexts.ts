/** `stsctl config get-contexts`. */
import { CommandError, forEach } from '../../core/client/errors';
import { layOut, TABLE_STOPS } from '../../render/tabwriter';
import { kubeConfig } from '../config/kubeconfig';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config get-contexts [(-o|--output=)name)]',
  long:
    'Lists the contexts, with the namespace that commands work in: the simulated cluster, and those of a kubeconfig that is given ' +
    'with --kubeconfig or KUBECONFIG. The star stands at the one that commands with the same flags work in.',
  examples: `# All contexts
stsctl config get-contexts

# Only their names
stsctl config get-contexts -o name`,
  flags: [
    { name: 'no-headers', type: 'bool', default: 'false', help: 'Leave out the header.' },
    { name: 'output', short: 'o', type: 'string', default: '', help: 'name.' },
  ],
  run: async (context) => {
    const { args, flags, io } = context;
    const output = flags.string('output');
    if (output !== '' && output !== 'name')
      throw new CommandError(
        `--output ${output} is not available in ${context.path}; resetting to default output format`,
      );
    const { contexts, current } = await kubeConfig(context);
    const found = args.length === 0 ? contexts : contexts.filter(({ name }) => args.includes(name));
    const rows = found.map(({ name, cluster, user, namespace }) =>
      output === 'name' ? name : `${name === current ? '*' : ''}\t${name}\t${cluster}\t${user}\t${namespace}`,
    );
    const header = ['CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE'];
    const lines = flags.bool('no-headers') || output === 'name' ? rows : [...header, ...rows];
    io.out(layOut(lines.map((line) => `${line}\n`).join(''), TABLE_STOPS));
    await forEach(
      args.filter((arg) => !contexts.some(({ name }) => name === arg)),
      async (arg) => {
        throw new CommandError(`context ${arg} not found`);
      },
    );
  },
};
