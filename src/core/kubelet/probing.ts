/** The probes and hooks of a container that is played: which it has, and when each probe is asked. */
import type { Container, ContainerStatus, Probe } from '../api/types';
import type { ProbeAction, ProbeKind } from '../apiserver/container-runtime';
import type { ContainerRecord, ProbeRecord } from './memory';
import { ask, keep, recordOf } from './present-life';
import { firstRecord, timeoutOf } from './prober';
import { type Progress, wake } from './progress';

const PROBES: readonly (readonly [ProbeKind, 'startupProbe' | 'readinessProbe' | 'livenessProbe'])[] = [
  ['startup', 'startupProbe'],
  ['readiness', 'readinessProbe'],
  ['liveness', 'livenessProbe'],
];

/** In the order in which they are asked. */
export const probesOf = (container: Container): readonly (readonly [ProbeKind, Probe])[] =>
  PROBES.flatMap(([kind, field]) => (container[field] ? [[kind, container[field]] as const] : []));

export function hookOf(container: Container, hook: 'postStart' | 'preStop'): ProbeAction | undefined {
  const { lifecycle } = container as { readonly lifecycle?: Readonly<Record<string, ProbeAction | undefined>> };
  return lifecycle?.[hook];
}

/** Asks for the probes that are due, and notes when the others are. */
export function askProbes(progress: Progress, container: Container, status: ContainerStatus): void {
  const { now } = progress;
  if (recordOf(progress, container, status).killed) return;
  for (const [kind, probe] of probesOf(container)) {
    const record = recordOf(progress, container, status);
    const isGated =
      kind !== 'startup' && container.startupProbe !== undefined && record.probes.startup?.passed !== true;
    if (isGated) continue;
    const state = record.probes[kind] ?? firstRecord(kind, probe, record.startedAt, now);
    if (state.asked || state.nextAt === undefined) continue;
    if (now < state.nextAt) {
      keepProbe(progress, container, record, kind, state);
      wake(progress, state.nextAt, isPoll(state, probe) ? 'pollAt' : 'wakeAt');
      continue;
    }
    keepProbe(progress, container, record, kind, { ...state, asked: true });
    ask(progress, container, status, { kind: 'probe', probe: kind, action: probe as ProbeAction }, timeoutOf(probe));
  }
}

/** Whether another answer like the last one would change nothing. */
function isPoll(state: ProbeRecord, probe: Probe): boolean {
  if (state.last !== false) return false;
  return !state.passed || state.streak >= Math.max(1, probe.failureThreshold ?? 3);
}

function keepProbe(
  progress: Progress,
  container: Container,
  record: ContainerRecord,
  kind: ProbeKind,
  state: ProbeRecord,
): void {
  keep(progress, container, { ...record, probes: { ...record.probes, [kind]: state } });
}
