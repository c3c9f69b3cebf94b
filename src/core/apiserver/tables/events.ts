/** Rows of events, both the old shape with a count and the new one with a series. */
import type { Event } from '../../api/types';
import { asMap, asNumber, asText, integer, type Json, NAME, since, type TablePrinter, text, wide } from './printer';

export const eventPrinter = (): TablePrinter<Event> => ({
  columns: [
    text('Last Seen'),
    text('Type'),
    text('Reason'),
    text('Object'),
    wide('Subobject'),
    wide('Source'),
    text('Message'),
    wide('First Seen'),
    { ...integer('Count'), priority: 1 },
    { ...NAME, priority: 1 },
  ],
  cells(event, now) {
    const series = asMap((event as Json).series);
    const first = since(event.firstTimestamp || event.eventTime, now);
    const last = series
      ? since(asText(series.lastObservedTime), now)
      : event.lastTimestamp
        ? since(event.lastTimestamp, now)
        : first;
    const object = event.involvedObject;
    const kind = (object.kind ?? '').toLowerCase();
    const component = event.source?.component || event.reportingComponent || '';
    const instance = event.source?.host || event.reportingInstance || '';
    return [
      last,
      event.type,
      event.reason,
      object.name ? `${kind}/${object.name}` : kind,
      object.fieldPath ?? '',
      instance ? `${component}, ${instance}` : component,
      (event.message ?? '').trim(),
      first,
      series ? asNumber(series.count) : event.count || 1,
      event.metadata.name,
    ];
  },
});
