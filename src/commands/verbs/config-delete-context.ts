/** `stsctl config delete-context`. */
import { editKubeConfig, nameToDelete } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config delete-context NAME',
  long: 'Deletes a context from the kubeconfig that --kubeconfig or KUBECONFIG names. The cluster and the user that it names stay.',
  examples: '# Forget the context dev\nstsctl config delete-context dev --kubeconfig kc',
  flags: [],
  run: async (context) => {
    const name = nameToDelete(context, 'context');
    const { file, wasCurrent } = await editKubeConfig(context, { kind: 'delete', what: 'context', name });
    if (wasCurrent)
      context.io.err(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    context.io.out(`deleted context ${name} from ${file}\n`);
  },
};
