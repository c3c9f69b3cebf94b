/** `stsctl label`. */

import { CommandError, throwAll } from '../../core/client/errors';
import { type MapEdit, overwritten, splitPairs } from '../../core/client/metadata-edit';
import { isLabelValue } from '../../core/meta/names';
import { editMetadata, metadataFlags } from '../metadata';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  long: 'Sets labels of objects, or takes them away: a key with a dash behind it is removed.',
  examples: `# Label a pod
stsctl label pod web-0 tier=front

# Change a label that has a value already
stsctl label pod web-0 tier=back --overwrite

# Remove it
stsctl label pod web-0 tier-

# Label every pod of the namespace
stsctl label pods --all env=test`,
  flags: metadataFlags('labels', 'kubectl-label'),
  run: async (context) => {
    const { resources, pairs } = splitPairs(context.args, 'label');
    await editMetadata(context, LABELS, resources, parseLabels(pairs));
  },
};

const LABELS = {
  field: 'labels',
  noun: 'label',
  checkOverwrite: (object, edit) =>
    throwAll(
      overwritten(object.metadata.labels, edit.set).map(
        ([key, value]) => new CommandError(`'${key}' already has a value (${value}), and --overwrite is false`),
      ),
    ),
  operation: (before, after, overwrite) => {
    if (before === after) return 'not labeled';
    return !overwrite && after.length < before.length ? 'unlabeled' : 'labeled';
  },
  missing: (key, { io }) => io.out(`label ${JSON.stringify(key)} not found.\n`),
} satisfies Parameters<typeof editMetadata>[1];

function parseLabels(pairs: readonly string[]): MapEdit {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const pair of pairs) {
    if (!pair.includes('=')) {
      remove.push(pair.slice(0, -1));
      continue;
    }
    const parts = pair.split('=');
    if (parts.length !== 2) throw new CommandError(`invalid label spec: ${pair}`);
    const wrong = isLabelValue(parts[1]);
    if (wrong.length > 0) throw new CommandError(`invalid label value: ${JSON.stringify(pair)}: ${wrong.join(';')}`);
    set[parts[0]] = parts[1];
  }
  if (remove.some((key) => Object.hasOwn(set, key)))
    throw new CommandError('can not both modify and remove a label in the same command');
  return { set, remove };
}
