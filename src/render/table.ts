/** A Table as kubectl prints it: borderless, columns three spaces apart, the last one never padded. */

import type { Cell, Table, TableColumn } from '../core/api/table';
import { formatLabels } from '../core/meta/labels';
import { escapeTerminal } from './escape';
import { layOut, TABLE_STOPS, textWidth } from './tabwriter';

export interface TableOptions {
  readonly noHeaders?: boolean;
  /** Columns of every priority, not only those of priority 0. */
  readonly wide?: boolean;
  /** A last column with all labels. */
  readonly showLabels?: boolean;
  /** Label keys that get a column each (`-L`). */
  readonly labelColumns?: readonly string[];
  /** A first column with the namespace (`-A`). */
  readonly withNamespace?: boolean;
  /** A first column that tells what happened (`--output-watch-events`). */
  readonly eventType?: string;
  /** What stands before the slash in front of a name: `pod`, `statefulset.apps`. */
  readonly kindPrefix?: string;
  /** Widths that earlier prints of the same watch had; columns only grow, and what grew is written back. */
  readonly rememberedWidths?: number[];
  /** Colours a cell whose place is already decided. Never given for a pipe. */
  readonly paint?: Paint;
}

/** `column` is the header in capitals, `cell` the bare text. */
export type Paint = (column: string, cell: string) => string;

/** Header and rows as text, options applied, nothing laid out yet. */
export interface Grid {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The table as text, each line ended; empty for a table without rows and with `noHeaders`. */
export function printTable(table: Table, options: TableOptions = {}): string {
  const grid = toGrid(table, options);
  const lines = options.noHeaders ? grid.rows : [grid.header, ...grid.rows];
  if (lines.length === 0) return '';
  if (hasTabs(lines)) return layOut(`${lines.map((cells) => cells.join('\t')).join('\n')}\n`, TABLE_STOPS);
  const widths = columnWidths(lines, grid.header.length, options.rememberedWidths);
  const paint = options.paint;
  let out = '';
  for (let i = 0; i < lines.length; i++) {
    const cells = lines[i];
    const last = cells.length - 1;
    for (let j = 0; j <= last; j++) {
      const cell = cells[j];
      out += paint && (i > 0 || options.noHeaders) ? paint(grid.header[j], cell) : cell;
      if (j < last) out += ' '.repeat(widths[j] - textWidth(cell));
    }
    out += '\n';
  }
  return out;
}

/** The cells that the options leave, as text (as cli-runtime's TablePrinter decorates and prints a Table). */
export function toGrid(table: Table, options: TableOptions = {}): Grid {
  const shown: number[] = [];
  table.columns.forEach((column, i) => {
    if (options.wide || column.priority === 0) shown.push(i);
  });
  const nameColumn = table.columns.findIndex(isNameColumn);
  const labelColumns = options.labelColumns ?? [];
  const header: string[] = [];
  if (options.eventType !== undefined) header.push('EVENT');
  if (options.withNamespace) header.push('NAMESPACE');
  for (const i of shown) header.push(table.columns[i].name.toUpperCase());
  for (const key of labelColumns) header.push(key.slice(key.lastIndexOf('/') + 1).toUpperCase());
  if (options.showLabels) header.push('LABELS');

  const rows = table.rows.map((row) => {
    const meta = row.object.metadata;
    const cells: string[] = [];
    if (options.eventType !== undefined) cells.push(options.eventType.padEnd('MODIFIED'.length));
    if (options.withNamespace) cells.push(meta.namespace ?? '');
    for (const i of shown) {
      const text = cellText(row.cells[i]);
      cells.push(i === nameColumn && options.kindPrefix ? `${options.kindPrefix}/${text}` : text);
    }
    for (const key of labelColumns) cells.push(escapeTerminal(meta.labels?.[key] ?? ''));
    if (options.showLabels) cells.push(escapeTerminal(formatLabels(meta.labels)));
    return cells;
  });
  return { header, rows };
}

const isNameColumn = (column: TableColumn): boolean => column.type === 'string' && column.format === 'name';

/** A cell ends at its first line break, which dots replace. */
function cellText(cell: Cell | undefined): string {
  if (typeof cell !== 'string') return cell === null || cell === undefined ? '' : String(cell);
  const end = cell.search(/[\f\n\r]/);
  return escapeTerminal(end < 0 ? cell : `${cell.slice(0, end)}...`);
}

const hasTabs = (lines: readonly (readonly string[])[]): boolean =>
  lines.some((cells) => cells.some((cell) => cell.includes('\t')));

function columnWidths(lines: readonly (readonly string[])[], columns: number, remembered?: number[]): number[] {
  const widths: number[] = [];
  for (let j = 0; j < columns - 1; j++) {
    let width = 0;
    for (const cells of lines) {
      const cell = textWidth(cells[j]);
      if (cell > width) width = cell;
    }
    width = Math.max(width + TABLE_STOPS.padding, TABLE_STOPS.minWidth);
    if (remembered) {
      width = Math.max(width, remembered[j] ?? 0);
      remembered[j] = width;
    }
    widths.push(width);
  }
  return widths;
}
