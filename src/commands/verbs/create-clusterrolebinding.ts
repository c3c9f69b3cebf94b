/** `stsctl create clusterrolebinding`. */
import { createGenerated, generatorFlags, nameOf } from '../generators';
import { subjectFlags, subjectsOf } from '../rbac';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage:
    'create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] ' +
    '[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  long: 'Creates a ClusterRoleBinding: who has a ClusterRole in every namespace.',
  examples: `# A user who may do everything
stsctl create clusterrolebinding root --clusterrole=cluster-admin --user=root`,
  flags: [
    ...generatorFlags(),
    { name: 'clusterrole', type: 'string', default: '', help: 'The ClusterRole. Required.', required: true },
    ...subjectFlags(),
  ],
  run: async (context) => {
    const name = nameOf(context);
    const subjects = subjectsOf(context);
    await createGenerated(
      context,
      'clusterrolebindings',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name },
        ...(subjects.length > 0 && { subjects }),
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: context.flags.string('clusterrole'),
        },
      },
      'clusterrolebinding:',
    );
  },
};
