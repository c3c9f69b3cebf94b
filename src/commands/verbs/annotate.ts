/** `stsctl annotate`. */
import { CommandError } from '../../core/client/errors';
import { overwritten, parsePairs, splitPairs } from '../../core/client/metadata-edit';
import { editMetadata, metadataFlags } from '../metadata';
import type { Verb } from '../verb';

/** Always free to change: it says why the last change was made. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

export const verb: Verb = {
  usage: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  long: 'Sets annotations of objects, or takes them away: a key with a dash behind it is removed.',
  examples: `# Say why a StatefulSet was changed, for rollout history
stsctl annotate statefulset web kubernetes.io/change-cause='upgrade to 1.22'

# Let a simulated pod become ready
stsctl annotate pod web-0 stsctl.dev/ready=true --overwrite

# Remove an annotation
stsctl annotate pod web-0 note-`,
  flags: metadataFlags('annotations', 'kubectl-annotate'),
  run: async (context) => {
    const { resources, pairs } = splitPairs(context.args, 'annotation');
    const edit = parsePairs(pairs, 'annotation', true);
    const both = edit.remove.filter((key) => Object.hasOwn(edit.set, key));
    if (both.length > 0)
      throw new CommandError(
        `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
      );
    await editMetadata(context, ANNOTATIONS, resources, edit);
  },
};

const ANNOTATIONS = {
  field: 'annotations',
  noun: 'annotation',
  checkOverwrite: (object, edit) => {
    const taken = overwritten(object.metadata.annotations, edit.set).filter(([key]) => key !== CHANGE_CAUSE);
    if (taken.length > 0)
      throw new CommandError(
        '--overwrite is false but found the following declared annotation(s): ' +
          taken.map(([key, value]) => `'${key}' already has a value (${value})`).join('; '),
      );
  },
  operation: () => 'annotated',
} satisfies Parameters<typeof editMetadata>[1];
