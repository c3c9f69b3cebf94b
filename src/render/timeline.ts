/** The pod transitions of a simulation as a table: `sim timeline`. */
import { layOut, TABLE_STOPS } from './tabwriter';

export interface TimelineRow {
  /** RFC 3339. */
  readonly time: string;
  readonly event: string;
  readonly namespace: string;
  readonly pod: string;
  readonly revision?: string;
}

/** TIME EVENT POD REVISION; a NAMESPACE column too once there is more than one. Empty for no events. */
export function printTimeline(events: readonly TimelineRow[]): string {
  if (events.length === 0) return '';
  const several = events.some((event) => event.namespace !== events[0].namespace);
  const line = (time: string, event: string, namespace: string, pod: string, revision: string): string =>
    `${several ? [time, event, namespace, pod, revision].join('\t') : [time, event, pod, revision].join('\t')}\n`;
  let text = line('TIME', 'EVENT', 'NAMESPACE', 'POD', 'REVISION');
  for (const e of events) text += line(e.time, e.event, e.namespace, e.pod, e.revision ?? '<none>');
  return layOut(text, TABLE_STOPS);
}
