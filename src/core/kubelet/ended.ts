/** A pod whose containers have ended while finalizers still hold its object. */
import type { ContainerStatus, Pod, PodStatus } from '../api/types';
import { project, terminated } from './pod-status';

/**
 * The status of a deleted pod after its containers have ended (as the kubelet's, whose pods come to a final phase before they
 * go); undefined where it stays as it is. A pod whose readiness nobody probes is taken to be ready until its object goes.
 */
export function endedStatus(pod: Pod, now: number): PodStatus | undefined {
  const { status, spec } = pod;
  const isProbed = spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined);
  if (!isProbed || status.phase !== 'Running' || !status.containerStatuses) return undefined;
  const inits = status.initContainerStatuses ?? [];
  const containers = status.containerStatuses.map((each) => ended(each, now));
  // A pod that is deleted starts nothing anew, whatever its restart policy.
  const never = { ...pod, spec: { ...spec, restartPolicy: 'Never' } };
  return project(never, status, inits, containers, now);
}

function ended(status: ContainerStatus, now: number): ContainerStatus {
  if (!status.state?.running) return { ...status, ready: false };
  return terminated(status, { exitCode: 0, reason: 'Completed' }, now);
}
