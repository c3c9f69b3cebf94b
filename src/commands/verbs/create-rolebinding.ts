/** `stsctl create rolebinding`. */
import { CommandError } from '../../core/client/errors';
import { createGenerated, generatorFlags, nameOf, namespaceOf } from '../generators';
import { subjectFlags, subjectsOf } from '../rbac';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage:
    'create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] ' +
    '[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  long: 'Creates a RoleBinding: who has a role in the namespace.',
  examples: `# A service account that may view
stsctl create rolebinding viewer --clusterrole=view --serviceaccount=default:backup

# A user and a group with a role of the namespace
stsctl create rolebinding operators --role=operator --user=ann --group=ops`,
  flags: [
    ...generatorFlags(),
    { name: 'role', type: 'string', default: '', help: 'The Role.' },
    { name: 'clusterrole', type: 'string', default: '', help: 'The ClusterRole.' },
    ...subjectFlags(),
  ],
  run: async (context) => {
    const name = nameOf(context);
    const [role, clusterRole] = [context.flags.string('role'), context.flags.string('clusterrole')];
    if ((role === '') === (clusterRole === ''))
      throw new CommandError('exactly one of clusterrole or role must be specified');
    const subjects = subjectsOf(context);
    await createGenerated(
      context,
      'rolebindings',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name, ...namespaceOf(context) },
        ...(subjects.length > 0 && { subjects }),
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: role === '' ? 'ClusterRole' : 'Role',
          name: role || clusterRole,
        },
      },
      'rolebinding:',
    );
  },
};
