/** The pod transitions of a simulation as a table, a line each: `sim timeline -o events`. */

import type { TimelineEvent } from '../../core/reports/timeline';
import { TABLE_STOPS, textWidth } from '../tabwriter';
import { plain } from './plain';

export interface EventTableOptions {
  /** The header has been printed. */
  readonly noHeaders?: boolean;
  /** A column with the namespace; unless told, once there is more than one. */
  readonly withNamespace?: boolean;
  /** Widths that earlier prints had; columns only grow, and what grew is written back. */
  readonly rememberedWidths?: number[];
}

/** TIME EVENT POD REVISION. Empty for no events. */
export function printEvents(events: readonly TimelineEvent[], options: EventTableOptions = {}): string {
  if (events.length === 0) return '';
  const { noHeaders = false, rememberedWidths: widths = [] } = options;
  const several = options.withNamespace ?? events.some((event) => event.namespace !== events[0].namespace);
  const cells = (time: string, event: string, namespace: string, pod: string, revision: string): string[] =>
    several ? [time, event, namespace, pod, revision] : [time, event, pod, revision];
  const rows = events.map((e) =>
    cells(e.time, e.event, plain(e.namespace), plain(e.pod), plain(e.revision) || '<none>'),
  );
  if (!noHeaders) rows.unshift(cells('TIME', 'EVENT', 'NAMESPACE', 'POD', 'REVISION'));
  for (const row of rows)
    for (const [i, cell] of row.slice(0, -1).entries())
      widths[i] = Math.max(widths[i] ?? TABLE_STOPS.minWidth, textWidth(cell) + TABLE_STOPS.padding);
  const pad = (cell: string, i: number): string => cell + ' '.repeat((widths[i] ?? textWidth(cell)) - textWidth(cell));
  return rows.map((row) => `${row.map((cell, i) => (i < row.length - 1 ? pad(cell, i) : cell)).join('')}\n`).join('');
}
