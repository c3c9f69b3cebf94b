/** Somebody did something in a pod: probes that had passed are asked again at their next tick. Pure. */
import type { Pod } from '../api/types';
import { containersOf } from './container';
import type { PodRecord } from './memory';
import { touched } from './prober';
import { probesOf } from './probing';

/** What is to be remembered of the pod then, `now` in ms; undefined where nothing of it is really run. */
export function touchedRecord(pod: Pod, record: PodRecord, now: number): PodRecord | undefined {
  const containers = { ...record.containers };
  for (const container of containersOf(pod)) {
    const own = containers[container.name];
    if (!own) continue;
    const probes = { ...own.probes };
    for (const [kind, probe] of probesOf(container)) {
      const state = probes[kind];
      if (state && kind !== 'startup') probes[kind] = touched(state, probe, own.startedAt, now);
    }
    containers[container.name] = { ...own, probes };
  }
  return Object.keys(containers).length === 0 ? undefined : { ...record, containers };
}
