/** Rows of pods: what READY, STATUS and RESTARTS say about the containers (as printPod). */

import type { ContainerStatus, Pod } from '../../api/types';
import { fromTime } from '../../meta/time';
import {
  AGE,
  ageOf,
  asMaps,
  asNumber,
  asText,
  at,
  type Json,
  NAME,
  since,
  type TablePrinter,
  text,
  wide,
} from './printer';

export const podPrinter = (): TablePrinter<Pod> => ({
  columns: [
    NAME,
    text('Ready'),
    text('Status'),
    text('Restarts'),
    AGE,
    wide('IP'),
    wide('Node'),
    wide('Nominated Node'),
    wide('Readiness Gates'),
  ],
  cells(pod, now) {
    const summary = summarise(pod);
    const status = pod.status ?? {};
    const { restarts, lastRestart } = summary;
    return [
      pod.metadata.name,
      `${summary.ready}/${summary.total}`,
      summary.reason,
      restarts > 0 && lastRestart ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts),
      ageOf(pod, now),
      status.podIPs?.[0]?.ip || '<none>',
      pod.spec.nodeName || '<none>',
      asText((status as Json).nominatedNodeName) || '<none>',
      readinessGates(pod),
    ];
  },
});

interface Summary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** When a container last ended before it was started again. */
  readonly lastRestart: string | undefined;
}

function summarise(pod: Pod): Summary {
  const status = pod.status ?? {};
  const init = initialise(pod);
  let { reason } = init;
  let { ready, restarts, lastRestart } = init;
  if (!init.initializing || conditionIsTrue(pod, 'Initialized')) {
    restarts = init.sidecarRestarts;
    lastRestart = init.lastSidecarRestart;
    let running = false;
    for (const container of (status.containerStatuses ?? []).toReversed()) {
      restarts += container.restartCount;
      lastRestart = laterOf(lastRestart, container);
      const { waiting, terminated } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) reason = terminated.reason || exitText(terminated);
      else if (container.ready && container.state?.running) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed' && running) reason = conditionIsTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  }
  if (pod.metadata.deletionTimestamp) {
    const ended = status.phase === 'Failed' || status.phase === 'Succeeded';
    if (status.reason === 'NodeLost') reason = 'Unknown';
    else if (!ended) reason = 'Terminating';
  }
  return { ready, total: init.total, reason, restarts, lastRestart };
}

interface Initialisation extends Summary {
  /** An init container is not through; its state is the pod's status. */
  readonly initializing: boolean;
  readonly sidecarRestarts: number;
  readonly lastSidecarRestart: string | undefined;
}

function initialise(pod: Pod): Initialisation {
  const status = pod.status ?? {};
  const specs = pod.spec.initContainers ?? [];
  const sidecars = new Set(specs.filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  let reason = status.reason || status.phase || '';
  if (status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) {
    reason = 'SchedulingGated';
  }
  let ready = 0;
  let restarts = 0;
  let sidecarRestarts = 0;
  let lastRestart: string | undefined;
  let lastSidecarRestart: string | undefined;
  let initializing = false;
  for (const [i, container] of (status.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.has(container.name);
    restarts += container.restartCount;
    lastRestart = laterOf(lastRestart, container);
    if (sidecar) {
      sidecarRestarts += container.restartCount;
      lastSidecarRestart = laterOf(lastSidecarRestart, container);
    }
    const { waiting, terminated } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && container.started) {
      if (container.ready) ready++;
      continue;
    }
    if (terminated) reason = `Init:${terminated.reason || exitText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${i}/${specs.length}`;
    initializing = true;
    break;
  }
  const total = pod.spec.containers.length + sidecars.size;
  return { ready, total, reason, restarts, lastRestart, initializing, sidecarRestarts, lastSidecarRestart };
}

function laterOf(time: string | undefined, container: ContainerStatus): string | undefined {
  const ended = container.lastState?.terminated?.finishedAt;
  if (!ended) return time;
  return !time || fromTime(ended) > fromTime(time) ? ended : time;
}

function exitText(terminated: { readonly exitCode: number }): string {
  const signal = asNumber(at(terminated, 'signal'));
  return signal ? `Signal:${signal}` : `ExitCode:${terminated.exitCode}`;
}

const conditionIsTrue = (pod: Pod, type: string): boolean =>
  pod.status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;

function readinessGates(pod: Pod): string {
  const gates = asMaps(pod.spec.readinessGates);
  if (gates.length === 0) return '<none>';
  return `${gates.filter((gate) => conditionIsTrue(pod, asText(gate.conditionType))).length}/${gates.length}`;
}
