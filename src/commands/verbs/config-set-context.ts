/** `stsctl config set-context`. */
import { CommandError } from '../../core/client/errors';
import { goQuote } from '../../core/meta/gofmt';
import { LOCAL } from '../cluster';
import { boolFlag, editKubeConfig, given, textFlag, unexpected } from '../config/edit';
import { kubeConfig } from '../config/kubeconfig';
import type { Context, Verb } from '../verb';

export const verb: Verb = {
  usage:
    'config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  long:
    'Chooses the namespace that commands without -n work in; an empty one means "default" again. It is kept beside the state file, in ' +
    'FILE.context, one for each state file.\n\n' +
    'With --kubeconfig or STSCTL_BACKEND=cluster, and for contexts of other names than "local", it is about a context of the ' +
    'kubeconfig: the cluster, the user and the namespace that it names. One that is not there is made.',
  examples: `# Work in the namespace staging from now on
stsctl config set-context --current --namespace=staging

# And in "default" again
stsctl config set-context --current --namespace=

# A context of a kubeconfig
stsctl config set-context dev --cluster=dev --user=me --namespace=db --kubeconfig kc`,
  flags: [
    boolFlag('current', 'Change the current context.'),
    textFlag('cluster', 'The cluster of the kubeconfig that the context names.'),
    textFlag('user', 'The user of the kubeconfig that the context names.'),
  ],
  run: async (context) => {
    const { args, flags, io } = context;
    if (args.length > 1) throw unexpected(context, 'Unexpected args');
    const current = flags.bool('current');
    if ((args[0] ?? '') === '' && !current)
      throw new CommandError('you must specify a non-empty context name or --current');
    if ((args[0] ?? '') !== '' && current)
      throw new CommandError('you cannot specify both a context name and --current');
    const { isReal } = await kubeConfig(context);
    if (!isReal && (current || args[0] === LOCAL)) {
      setLocal(context);
      io.out(`Context "${LOCAL}" modified.\n`);
      return;
    }
    const { name, existed } = await editKubeConfig(context, {
      kind: 'set-context',
      name: current ? undefined : args[0],
      cluster: given(flags, 'cluster'),
      user: given(flags, 'user'),
      namespace: given(flags, 'namespace'),
    });
    io.out(`Context ${goQuote(name)} ${existed ? 'modified' : 'created'}.\n`);
  },
};

function setLocal({ flags, host }: Context): void {
  for (const flag of ['cluster', 'user'])
    if (flags.changed(flag))
      throw new CommandError(
        `--${flag} is for a context of a kubeconfig, and "${LOCAL}" is the simulated cluster: name the kubeconfig with --kubeconfig`,
      );
  if (flags.changed('namespace'))
    host.context.write(flags.string('state') || undefined, { namespace: flags.string('namespace') });
}
