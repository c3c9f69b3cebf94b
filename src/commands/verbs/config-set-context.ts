/** `stsctl config set-context`. */
import { CommandError } from '../../core/client/errors';
import { LOCAL } from '../cluster';
import { kubeConfig, realConfig } from '../config/kubeconfig';
import { notYet } from '../flags/spec';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config set-context [NAME | --current] [--namespace=namespace]',
  long:
    'Chooses the namespace that commands without -n work in; an empty one means "default" again.\n\n' +
    'It is kept beside the state file, in FILE.context, one for each state file. With --kubeconfig or STSCTL_BACKEND=cluster it is ' +
    'written into the kubeconfig.',
  examples: `# Work in the namespace staging from now on
stsctl config set-context --current --namespace=staging

# And in "default" again
stsctl config set-context --current --namespace=`,
  flags: [{ name: 'current', type: 'bool', default: 'false', help: 'Change the current context.' }],
  run: async (context) => {
    const { args, flags, host, io } = context;
    if (args.length > 1)
      throw new CommandError(`Unexpected args: [${args.join(' ')}]\nSee '${context.path} -h' for help and examples`);
    const current = flags.bool('current');
    if (args.length === 0 && !current) throw new CommandError('you must specify a non-empty context name or --current');
    if (args.length > 0 && current) throw new CommandError('you cannot specify both a context name and --current');
    const { current: active, isReal } = await kubeConfig(context);
    const name = args[0] ?? active;
    const real = realConfig(context);
    if (isReal && real) {
      if (name === '') throw new CommandError('no current context is set');
      if (flags.changed('namespace')) await real.clusters.setNamespace(real.choice, name, flags.string('namespace'));
      io.out(`Context "${name}" modified.\n`);
      return;
    }
    if (name !== LOCAL) throw notYet(`contexts of other names than "${LOCAL}"`);
    if (flags.changed('namespace'))
      host.context.write(flags.string('state') || undefined, { namespace: flags.string('namespace') });
    io.out(`Context "${name}" modified.\n`);
  },
};
