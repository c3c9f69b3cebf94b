/** Rows as the client prints them: framed, with tabs, or one column a line. */

import type { Value } from './expressions';
import type { ResultSet } from './results';

export type Style = 'table' | 'tabs' | 'vertical';

export function printRows(set: ResultSet, style: Style, withNames: boolean): string {
  if (set.rows.length === 0) return '';
  if (style === 'vertical') return vertical(set);
  return style === 'table' ? framed(set, withNames) : tabbed(set, withNames);
}

const text = (value: Value): string => (value === null ? 'NULL' : String(value));

function tabbed({ columns, rows }: ResultSet, withNames: boolean): string {
  const escaped = (value: Value): string =>
    text(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\0', '\\0');
  const lines = rows.map((row) => row.map(escaped).join('\t'));
  return [...(withNames ? [columns.join('\t')] : []), ...lines].map((line) => `${line}\n`).join('');
}

function framed({ columns, rows, numeric, nullable }: ResultSet, withNames: boolean): string {
  const cells = rows.map((row) => row.map(text));
  const widths = columns.map((name, i) =>
    Math.max(
      withNames ? name.length : 0,
      nullable?.[i] ? 'NULL'.length : 0,
      ...cells.map((row) => row[i]?.length ?? 0),
    ),
  );
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const line = (row: readonly string[], isRight: (i: number) => boolean): string =>
    `|${row.map((cell, i) => ` ${isRight(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)} `).join('|')}|\n`;
  const head = withNames ? line(columns, () => false) + rule : '';
  return `${rule}${head}${cells.map((row) => line(row, (i) => numeric[i] ?? false)).join('')}${rule}`;
}

function vertical({ columns, rows }: ResultSet): string {
  const width = Math.max(...columns.map((name) => name.length));
  const stars = '*'.repeat(27);
  return rows
    .map((row, i) => {
      const lines = columns.map((name, j) => `${name.padStart(width)}: ${text(row[j] ?? null)}\n`);
      return `${stars} ${i + 1}. row ${stars}\n${lines.join('')}`;
    })
    .join('');
}
