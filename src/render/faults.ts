/** Faults as a table: `sim faults`. */
import { humanDuration } from '../core/meta/duration';
import { onOneLine } from './escape';
import { layOut, TABLE_STOPS } from './tabwriter';

export interface FaultRow {
  readonly id: string;
  readonly namespace?: string;
  readonly target: string;
  readonly what: string;
  /** ms since 1970 */
  readonly since: number;
  readonly until?: number;
  readonly left?: number;
  readonly probability?: number;
  /** Absent for what lasts and does not strike. */
  readonly struck?: number;
}

/** A NAMESPACE column too once there is more than one. `now` in ms since 1970. */
export function printFaults(
  rows: readonly FaultRow[],
  now: number,
  { noHeaders = false }: { readonly noHeaders?: boolean } = {},
): string {
  const namespaces = new Set(rows.flatMap(({ namespace }) => namespace ?? []));
  const isWide = namespaces.size > 1;
  const line = (id: string, namespace: string, ...cells: readonly string[]): string =>
    `${[id, ...(isWide ? [namespace] : []), ...cells].map(onOneLine).join('\t')}\n`;
  let text = noHeaders
    ? ''
    : line('ID', 'NAMESPACE', 'TARGET', 'FAULT', 'UNTIL', 'LEFT', 'PROBABILITY', 'STRUCK', 'AGE');
  for (const { id, namespace = '<none>', target, what, since, until, left, probability, struck } of rows) {
    const end = until !== undefined ? `in ${humanDuration(until - now)}` : left !== undefined ? 'used up' : 'healed';
    const age = humanDuration(now - since);
    text += line(id, namespace, target, what, end, `${left ?? '-'}`, `${probability ?? '-'}`, `${struck ?? '-'}`, age);
  }
  return layOut(text, TABLE_STOPS);
}
