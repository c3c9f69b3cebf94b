/** `stsctl config delete-cluster`. */
import { editKubeConfig, nameToDelete } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config delete-cluster NAME',
  long: 'Deletes a cluster from the kubeconfig that --kubeconfig or KUBECONFIG names. A context that names it stays as it is.',
  examples: '# Forget the cluster dev\nstsctl config delete-cluster dev --kubeconfig kc',
  flags: [],
  run: async (context) => {
    const name = nameToDelete(context, 'cluster');
    const { file } = await editKubeConfig(context, { kind: 'delete', what: 'cluster', name });
    context.io.out(`deleted cluster ${name} from ${file}\n`);
  },
};
