/** Going back to an earlier revision (as StatefulSetRollbacker), and restarting all pods. */
import type { PodTemplate, StatefulSet } from '../../api/types';
import type { DryRun } from '../apply';
import type { Backend } from '../backend';
import type { Info } from '../builder';
import { CommandError, isExpected } from '../errors';
import {
  asSet,
  findRevision,
  historyOf,
  matchesRevision,
  pastTemplates,
  revisionsOf,
  templateOf,
  withoutHistory,
} from './history';

import { undoDeployment } from './undo-deployment';

export type Undone =
  | { readonly kind: 'rolled back' }
  | { readonly kind: 'skipped'; readonly revision: number }
  /** A dry run on the client: the template that would be restored. */
  | { readonly kind: 'would'; readonly template: PodTemplate };

/** @throws CommandError when there is no such revision */
export async function undoRollout(backend: Backend, info: Info, to: number, dryRun: DryRun): Promise<Undone> {
  const history = historyOf(info);
  if (!history) throw withoutHistory(info, 'rollbacker', 'rollbacker');
  if (to < 0) throw new CommandError(`unable to find specified revision ${to} in history`);
  if (history === 'replica sets') {
    if (backend.remote) return undoDeployment(backend, info, to, dryRun);
    await refuseDeployment(backend, info, to);
  }
  const set = asSet(info.object as StatefulSet);
  const revision = findRevision(await revisionsOf(backend, set), to);
  if (dryRun === 'client') return { kind: 'would', template: templateOf(revision) };
  if (matchesRevision(set, revision)) return { kind: 'skipped', revision: to };
  try {
    await backend.patch(info.resource, info.namespace, info.name, 'strategic', revision.data, {
      dryRun: dryRun === 'server',
    });
  } catch (e) {
    throw isExpected(e) ? new CommandError(`failed restoring revision ${to}: ${e.message}`) : e;
  }
  return { kind: 'rolled back' };
}

/** Nothing makes ReplicaSets here, so that a Deployment has no revision to go back to (as DeploymentRollbacker finds). */
async function refuseDeployment(backend: Backend, info: Info, to: number): Promise<never> {
  const past = await pastTemplates(backend, info);
  if (to > 0 && !past.some(({ revision }) => revision === to))
    throw new CommandError(`unable to find specified revision ${to} in history`);
  if (to === 0 && past.length < 2)
    throw new CommandError(`no rollout history found for deployment ${JSON.stringify(info.name)}`);
  throw new CommandError('rolling back a Deployment is not supported: Deployments are stored but not simulated');
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** The patch that makes every pod new, or undefined when one was made within this second. @throws CommandError */
export function restartPatch(info: Info, time: string): { [key: string]: unknown } | undefined {
  if (info.resource.group !== 'apps' || !['StatefulSet', 'Deployment', 'DaemonSet'].includes(info.resource.kind))
    throw new CommandError('restarting is not supported');
  const { template } = asSet(info.object as StatefulSet).spec;
  if (template.metadata?.annotations?.[RESTARTED_AT] === time) return undefined;
  return { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: time } } } } };
}
