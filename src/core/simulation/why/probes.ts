/** Why a container that runs is not ready: its startup and readiness probes. */
import type { Container, ContainerStatus, Pod, Probe } from '../../api/types';
import type { PodRecord } from '../../kubelet/memory';
import type { Reason } from '../../reports/why';
import { at, reason, subjectOf } from './words';
import type { World } from './world';

/** `step`: when the probes will have passed, where the kubelet knows it (ms). */
export function probeReason(
  world: World,
  pod: Pod,
  container: Container,
  status: ContainerStatus,
  called: string,
  step: number | undefined,
): Reason {
  const kind = container.startupProbe && !status.started ? 'startup' : 'readiness';
  const probe = kind === 'startup' ? container.startupProbe : container.readinessProbe;
  const common = { on: subjectOf(pod), since: at(status.state?.running?.startedAt), until: step };
  if (!probe) {
    return reason({
      ...common,
      rule: 'container-not-ready',
      message: `${called} runs but is not ready`,
      source: 'kubelet: UpdatePodStatus',
      endsAlone: step !== undefined,
      ends: `${called} becomes ready`,
    });
  }
  const record = world.memory(`kubelet/${pod.metadata.uid}`) as PodRecord | undefined;
  const failed = record?.containers[container.name]?.probes[kind]?.last === false;
  const told = failed ? world.event(pod, ['Unhealthy'])?.message : undefined;
  return reason({
    ...common,
    rule: `${kind}-probe`,
    message: failed
      ? `${called} runs but fails its ${kind} probe${told ? `: ${told.trim()}` : ''}`
      : `${called} runs, and its ${kind} probe has not passed yet (${timing(probe)})`,
    source: 'kubelet: prober worker',
    endsAlone: !failed,
    ends: `the ${kind} probe succeeds ${times(probe.successThreshold ?? 1)}`,
  });
}

const timing = (probe: Probe): string =>
  [
    ...(probe.initialDelaySeconds ? [`first after ${probe.initialDelaySeconds}s`] : []),
    `every ${probe.periodSeconds ?? 10}s`,
  ].join(', ');

const times = (count: number): string => (count > 1 ? `${count} times in a row` : 'once');
