/** What rollout status says of a StatefulSet (as StatefulSetStatusViewer), and following any rollout to its end. */
import type { KubeObject, StatefulSet } from '../../api/types';
import type { Backend } from '../backend';
import type { Info } from '../builder';
import { CommandError } from '../errors';
import { until } from '../watching';
import { daemonSetStatus, deploymentStatus, type RolloutState } from './state';

/** @throws CommandError for a set that is not updated by rolling */
export function statefulSetStatus(set: StatefulSet): RolloutState {
  const { spec, status, metadata } = set;
  if (spec.updateStrategy.type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type');
  const observed = status?.observedGeneration ?? 0;
  if (observed === 0 || (metadata.generation ?? 0) > observed)
    return { message: 'Waiting for statefulset spec update to be observed...\n', done: false };
  const ready = status.readyReplicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  if (ready < spec.replicas)
    return { message: `Waiting for ${spec.replicas - ready} pods to be ready...\n`, done: false };
  const rolling = spec.updateStrategy.rollingUpdate;
  if (rolling) {
    const wanted = spec.replicas - (rolling.partition ?? 0);
    if (rolling.partition !== undefined && updated < wanted)
      return {
        message: `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated...\n`,
        done: false,
      };
    return { message: `partitioned roll out complete: ${updated} new pods have been updated...\n`, done: true };
  }
  if (status.updateRevision !== status.currentRevision)
    return {
      message: `waiting for statefulset rolling update to complete ${updated} pods at revision ${status.updateRevision}...\n`,
      done: false,
    };
  return {
    message: `statefulset rolling update complete ${status.currentReplicas ?? 0} pods at revision ${status.currentRevision}...\n`,
    done: true,
  };
}

/** What is said of a rollout that was not complete in time. */
export const TIMED_OUT = 'timed out waiting for the condition';

export interface FollowOptions {
  /** Stop after the first look. */
  readonly once: boolean;
  /** The cluster's time at which to give up, ms. */
  readonly deadline: number | undefined;
  /** Of a Deployment: the one that must be running, 0 for any. */
  readonly revision: number;
  /** Called with every message. */
  say(state: RolloutState): void | Promise<void>;
}

/** Tells every state of the rollout until it is complete. @throws CommandError on time-out and deletion */
export async function followRollout(backend: Backend, info: Info, options: FollowOptions): Promise<void> {
  const view = viewerOf(info, options.revision);
  if (!view) throw noViewer(info);
  const ended = await until(backend, info, { deadline: options.deadline }, async (object, deleted) => {
    if (deleted) throw new CommandError('object has been deleted');
    if (!object) return false;
    const state = view(object);
    await options.say(state);
    return state.done || options.once;
  });
  if (ended === 'timeout') throw new CommandError(TIMED_OUT);
}

function viewerOf({ resource }: Info, revision: number): ((object: KubeObject) => RolloutState) | undefined {
  if (resource.group !== 'apps') return undefined;
  switch (resource.kind) {
    case 'StatefulSet':
      return (object) => statefulSetStatus(object as StatefulSet);
    case 'DaemonSet':
      return daemonSetStatus;
    case 'Deployment':
      return (object) => deploymentStatus(object, revision);
  }
  return undefined;
}

function noViewer(info: Info): CommandError {
  const kind = info.resource.group ? `${info.resource.kind}.${info.resource.group}` : info.resource.kind;
  return new CommandError(`no status viewer has been implemented for ${kind}`);
}
