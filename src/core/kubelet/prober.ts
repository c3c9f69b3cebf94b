/**
 * The state of one probe: when it ticks, and what its answers come to (as the kubelet's prober worker). Pure. A probe that
 * passes is not asked again until something in the pod may have changed; one that fails ticks on.
 */
import type { Probe } from '../api/types';
import type { ProbeKind } from '../apiserver/container-runtime';
import type { ProbeRecord } from './memory';

const period = (probe: Probe): number => Math.max(1, probe.periodSeconds ?? 10) * 1000;

export const timeoutOf = (probe: Probe): number => Math.max(1, probe.timeoutSeconds ?? 1) * 1000;

/** The first tick at or after an instant: ticks are counted from the start of the container, none before the initial delay. */
function tickFrom(probe: Probe, startedAt: number, from: number): number {
  const step = period(probe);
  const earliest = Math.max(from, startedAt + Math.max(0, probe.initialDelaySeconds ?? 0) * 1000);
  return startedAt + Math.ceil((earliest - startedAt) / step) * step;
}

export function firstRecord(kind: ProbeKind, probe: Probe, startedAt: number, from: number): ProbeRecord {
  return { streak: 0, passed: kind === 'liveness', nextAt: tickFrom(probe, startedAt, from) };
}

export interface Verdict {
  readonly record: ProbeRecord;
  /** The failures have reached their threshold just now, or have been beyond it. */
  readonly failed: boolean;
}

/** What an answer at an instant makes of the probe. */
export function answered(record: ProbeRecord, probe: Probe, success: boolean, startedAt: number, now: number): Verdict {
  const streak = record.last === success ? record.streak + 1 : 1;
  const threshold = success ? Math.max(1, probe.successThreshold ?? 1) : Math.max(1, probe.failureThreshold ?? 3);
  const decided = streak >= threshold;
  const passed = decided ? success : record.passed;
  const nextAt = success && decided ? undefined : tickFrom(probe, startedAt, now + 1);
  return {
    record: { streak, last: success, passed, ...(nextAt !== undefined && { nextAt }) },
    failed: !success && decided,
  };
}

/** Something in the pod may have changed: the probe ticks again. */
export function touched(record: ProbeRecord, probe: Probe, startedAt: number, now: number): ProbeRecord {
  if (record.nextAt !== undefined || record.asked) return record;
  return { ...record, nextAt: tickFrom(probe, startedAt, now + 1) };
}
