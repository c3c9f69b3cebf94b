/** When a container that is healthy passes its probes: timers, counted from its start. All ms. */
import type { Container, Probe } from '../api/types';

/**
 * The first success of a probe after the start: the probe ticks every period from the start on, ticks before the initial
 * delay are skipped, and successThreshold successes in a row are asked for (as the kubelet's prober worker).
 */
export function passesAfter(probe: Probe): number {
  const period = Math.max(1, probe.periodSeconds ?? 10);
  const delay = Math.max(0, probe.initialDelaySeconds ?? 0);
  const successes = Math.max(1, probe.successThreshold ?? 1);
  return (Math.ceil(delay / period) * period + (successes - 1) * period) * 1000;
}

export interface ProbeDeadlines {
  /** From the container's start until its startup probe has passed; 0 without one. */
  readonly started: number;
  /** From the container's start until it is ready; readiness is probed once the startup probe has passed. */
  readonly ready: number;
}

export function probeDeadlines(container: Container): ProbeDeadlines {
  const started = container.startupProbe ? passesAfter(container.startupProbe) : 0;
  const ready = container.readinessProbe ? Math.max(started, passesAfter(container.readinessProbe)) : started;
  return { started, ready };
}
