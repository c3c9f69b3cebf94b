/** What rollout status says of a Deployment or a DaemonSet (as the status viewers of kubectl's polymorphic helpers). */
import type { KubeObject } from '../../api/types';
import { CommandError } from '../errors';

export interface RolloutState {
  /** A line with its newline. */
  readonly message: string;
  readonly done: boolean;
}

interface Counted extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly updateStrategy?: { readonly type?: string } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

const REVISION = 'deployment.kubernetes.io/revision';

const going = (message: string): RolloutState => ({ message: `${message}...\n`, done: false });

const isObserved = ({ metadata, status }: Counted): boolean =>
  (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);

/** `revision` is the one asked for, 0 for any. @throws CommandError for another revision and when the deadline is over */
export function deploymentStatus(object: KubeObject, revision: number): RolloutState {
  const deployment = object as Counted;
  const { metadata, spec, status = {} } = deployment;
  const running = Number(metadata.annotations?.[REVISION] ?? 0);
  if (revision > 0 && revision !== running)
    throw new CommandError(`desired revision (${revision}) is different from the running revision (${running})`);
  if (!isObserved(deployment)) return going('Waiting for deployment spec update to be observed');
  const name = JSON.stringify(metadata.name);
  const progress = status.conditions?.find(({ type }) => type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded')
    throw new CommandError(`deployment ${name} exceeded its progress deadline`);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const waiting = (what: string): RolloutState => going(`Waiting for deployment ${name} rollout to finish: ${what}`);
  if (spec.replicas !== undefined && updatedReplicas < spec.replicas)
    return waiting(`${updatedReplicas} out of ${spec.replicas} new replicas have been updated`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return { message: `deployment ${name} successfully rolled out\n`, done: true };
}

/** @throws CommandError for a set that is not updated by rolling */
export function daemonSetStatus(object: KubeObject): RolloutState {
  const set = object as Counted;
  if (set.spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type');
  if (!isObserved(set)) return going('Waiting for daemon set spec update to be observed');
  const name = JSON.stringify(set.metadata.name);
  const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = set.status ?? {};
  const waiting = (what: string): RolloutState => going(`Waiting for daemon set ${name} rollout to finish: ${what}`);
  if (updatedNumberScheduled < wanted)
    return waiting(`${updatedNumberScheduled} out of ${wanted} new pods have been updated`);
  if (numberAvailable < wanted) return waiting(`${numberAvailable} of ${wanted} updated pods are available`);
  return { message: `daemon set ${name} successfully rolled out\n`, done: true };
}
