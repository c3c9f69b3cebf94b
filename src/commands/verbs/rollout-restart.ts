/** `stsctl rollout restart`. */
import { resourceKey } from '../../core/api/resources';
import { CommandError, isExpected } from '../../core/client/errors';
import { restartPatch } from '../../core/client/rollout/undo';
import { goQuote } from '../../core/meta/gofmt';
import { toTime } from '../../core/meta/time';
import { fieldManager, outputFlags } from '../flags/common';
import { OperationPrinter } from '../output/operations';
import { eachRollout, rolloutFlags } from '../rollout';
import type { Verb } from '../verb';

export const verb: Verb = {
  usage: 'rollout restart RESOURCE',
  long: 'Replaces every pod by a new one of the same template, as an update would.',
  examples: `# Restart the pods of StatefulSet web
stsctl rollout restart statefulset/web

# Of every set with a label
stsctl rollout restart sts -l app=nginx`,
  flags: [...rolloutFlags(), fieldManager('kubectl-rollout'), ...outputFlags()],
  run: async (context) => {
    const printer = await OperationPrinter.create(context, 'none');
    await eachRollout(context, async (info) => {
      const backend = await context.backend();
      let patch: ReturnType<typeof restartPatch>;
      try {
        patch = restartPatch(info, toTime(await backend.now()));
      } catch (e) {
        throw isExpected(e)
          ? new CommandError(`error: ${resourceKey(info.resource)} ${goQuote(info.name)} ${e.message}`)
          : e;
      }
      if (!patch)
        throw new CommandError(
          `failed to create patch for ${info.name}: if restart has already been triggered within the past second, please ` +
            'wait before attempting to trigger another',
        );
      try {
        const patched = await backend.patch(info.resource, info.namespace, info.name, 'strategic', patch, {
          fieldManager: context.flags.string('field-manager'),
        });
        await printer.printTyped(patched, 'restarted');
      } catch (e) {
        throw isExpected(e) ? new CommandError(`failed to patch: ${e.message}`) : e;
      }
    });
  },
};
