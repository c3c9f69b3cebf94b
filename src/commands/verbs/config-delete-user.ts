/** `stsctl config delete-user`. */
import { editKubeConfig, nameToDelete } from '../config/edit';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'config delete-user NAME',
  long: 'Deletes a user from the kubeconfig that --kubeconfig or KUBECONFIG names. A context that names it stays as it is.',
  examples: '# Forget the user dev\nstsctl config delete-user dev --kubeconfig kc',
  flags: [],
  run: async (context) => {
    const name = nameToDelete(context, 'user');
    const { file } = await editKubeConfig(context, { kind: 'delete', what: 'user', name });
    context.io.out(`deleted user ${name} from ${file}\n`);
  },
};
