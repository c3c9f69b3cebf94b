/** `stsctl config set-context`. */
import { CommandError } from '../../core/client/errors';
import { kubeConfig } from '../config/kubeconfig';
import { laterFlags } from '../flags/common';
import { notYet } from '../flags/spec';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config set-context [NAME | --current] [--namespace=namespace]',
  long:
    'Chooses the namespace that commands without -n work in; an empty one means "default" again.\n\n' +
    'It is kept beside the state file, in FILE.context, one for each state file.',
  examples: `# Work in the namespace staging from now on
stsctl config set-context --current --namespace=staging

# And in "default" again
stsctl config set-context --current --namespace=`,
  flags: [
    { name: 'current', type: 'bool', default: 'false', help: 'Change the current context.' },
    ...laterFlags([], ['cluster', 'user']),
  ],
  run: async (context) => {
    const { args, flags, host, io } = context;
    if (args.length > 1)
      throw new CommandError(`Unexpected args: [${args.join(' ')}]\nSee '${context.path} -h' for help and examples`);
    const current = flags.bool('current');
    if (args.length === 0 && !current) throw new CommandError('you must specify a non-empty context name or --current');
    if (args.length > 0 && current) throw new CommandError('you cannot specify both a context name and --current');
    const { name } = await kubeConfig(context);
    if (args.length > 0 && args[0] !== name) throw notYet(`contexts of other names than "${name}"`);
    if (flags.changed('namespace'))
      host.context.write(flags.string('state') || undefined, { namespace: flags.string('namespace') });
    io.out(`Context "${name}" modified.\n`);
  },
};
