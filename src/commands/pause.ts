/** What `rollout pause` and `rollout resume` share. Deployments alone know how to be paused. */
import { resourceKey } from '../core/api/resources';
import type { KubeObject } from '../core/api/types';
import { CommandError, isExpected } from '../core/client/errors';
import { fieldManager, outputFlags } from './flags/common';
import type { FlagSpec } from './flags/spec';
import { OperationPrinter } from './output/operations';
import { eachRollout, rolloutFlags } from './rollout';
import type { Context } from './verb';

export const pauseFlags = (): FlagSpec[] => [...rolloutFlags(), fieldManager('kubectl-rollout'), ...outputFlags()];

/** Sets `spec.paused` of each object named, and reports. @throws CommandError for kinds that cannot be paused */
export async function setPaused(context: Context, paused: boolean): Promise<void> {
  const printer = await OperationPrinter.create(context, 'none');
  await eachRollout(context, async (info) => {
    const { resource, namespace, name } = info;
    const refuse = (why: string): CommandError =>
      new CommandError(`error: ${resourceKey(resource)} ${JSON.stringify(name)} ${why}`);
    if (resource.kind !== 'Deployment') throw refuse(`${paused ? 'pausing' : 'resuming'} is not supported`);
    const { spec } = info.object as KubeObject & { readonly spec?: { readonly paused?: boolean } };
    if ((spec?.paused ?? false) === paused) throw refuse(paused ? 'is already paused' : 'is not paused');
    try {
      const patch = { spec: { paused: paused ? true : null } };
      const manager = context.flags.string('field-manager');
      const patched = await (await context.backend()).patch(resource, namespace, name, 'strategic', patch, {
        fieldManager: manager,
      });
      await printer.print(patched, paused ? 'paused' : 'resumed');
    } catch (e) {
      throw isExpected(e) ? new CommandError(`failed to patch: ${e.message}`) : e;
    }
  });
}
