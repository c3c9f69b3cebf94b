/** `stsctl rollout undo`. */
import type { KubeObject } from '../../core/api/types';
import { objectName } from '../../core/client/builder';
import { LAST_APPLIED, lastApplied } from '../../core/client/last-applied';
import { undoRollout } from '../../core/client/rollout/undo';
import { DRY_RUN, outputFlags } from '../flags/common';
import { dryRunOf, OperationPrinter } from '../output/operations';
import { eachRollout, rolloutFlags } from '../rollout';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout undo (TYPE NAME | TYPE/NAME) [flags]',
  long: 'Goes back to an earlier revision of the pod template. Pods are replaced as in any other rollout.',
  examples: `# Back to the revision before
stsctl rollout undo statefulset/web

# Back to revision 3
stsctl rollout undo sts/web --to-revision=3

# Show what would be restored
stsctl rollout undo sts/web --dry-run=client`,
  flags: [
    ...rolloutFlags(),
    {
      name: 'to-revision',
      type: 'int',
      default: '0',
      help: 'The revision to go back to; 0 for the one before the newest.',
    },
    DRY_RUN,
    ...outputFlags(),
  ],
  run: async (context) => {
    const { program } = context.host;
    const dryRun = dryRunOf(context);
    const printer = await OperationPrinter.create(context, dryRun);
    await eachRollout(
      context,
      async (info) => {
        const object = info.object as KubeObject;
        if (lastApplied(object) !== undefined)
          context.io.warn(
            `resource ${objectName(info)} was previously managed with '${program} apply'. Rolling back will not update the ` +
              `${LAST_APPLIED} annotation, which may cause unexpected behavior on future '${program} apply' operations. Consider ` +
              `using '${program} apply' with your previous configuration file instead.`,
          );
        const undone = await undoRollout(await context.backend(), info, context.flags.int('to-revision'), dryRun);
        if (undone.kind === 'rolled back') return printer.printTyped(object, 'rolled back');
        if (undone.kind === 'skipped')
          return printer.printTyped(
            object,
            `skipped rollback (current template already matches revision ${undone.revision})`,
          );
        const { describePodTemplate } = await import('../../render/describe/pod-template');
        await printer.printTyped(object, `will roll back to ${describePodTemplate(undone.template)}`);
      },
      { silent: true },
    );
  },
};
