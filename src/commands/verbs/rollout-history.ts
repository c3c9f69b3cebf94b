/** `stsctl rollout history`. */
import type { StatefulSet } from '../../core/api/types';
import { CommandError } from '../../core/client/errors';
import { historyOf, type PastTemplate, pastTemplates, setAt, withoutHistory } from '../../core/client/rollout/history';
import { printHistory, printNoRevision, printRevision } from '../../render/history';
import { outputFlags } from '../flags/common';
import { OperationPrinter, objectText } from '../output/operations';
import { eachRollout, revisionFlag, rolloutFlags } from '../rollout';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout history (TYPE NAME | TYPE/NAME) [flags]',
  long: 'Shows the revisions that a rollout can go back to, or one of them in full.',
  examples: `# The revisions of StatefulSet web
stsctl rollout history statefulset/web

# What the second one held
stsctl rollout history sts/web --revision=2`,
  flags: [
    ...rolloutFlags(),
    { name: 'revision', type: 'int', default: '0', help: 'Show this revision in full.' },
    ...outputFlags(),
  ],
  run: async (context) => {
    const revision = revisionFlag(context.flags, 'revision');
    const printer = await OperationPrinter.create(context, 'none');
    await eachRollout(
      context,
      async (info) => {
        if (!historyOf(info)) throw withoutHistory(info, 'history viewer', 'history');
        const set = info.object as StatefulSet;
        const revisions = onePerNumber(await pastTemplates(await context.backend(), info));
        const wanted = revision === 0 ? revisions : revisions.filter((r) => r.revision === revision);
        const isEmpty = revisions.length === 0 && printer.format.kind === 'human';
        if (revision > 0 && wanted.length === 0 && !isEmpty)
          throw new CommandError('unable to find the specified revision');
        if (printer.format.kind !== 'human') {
          for (const one of wanted) await printer.printTyped(setAt(set, one), '');
          return;
        }
        const name = objectText(set);
        if (revision === 0) return context.io.out(printHistory(name, wanted));
        const [one] = wanted;
        context.io.out(one ? printRevision(name, revision, one.template) : printNoRevision(name, revision));
      },
      { silent: true },
    );
  },
};

/** kubectl keeps one revision a number, the last it was told: sets that took over another's revisions may have two. */
const onePerNumber = (revisions: readonly PastTemplate[]): PastTemplate[] => [
  ...new Map(revisions.map((one) => [one.revision, one])).values(),
];
