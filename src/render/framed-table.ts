/** The framed `-o table`, drawn by cli-table3. That library takes seconds for thousands of rows, so long tables stay plain. */
import type { Table } from '../core/api/table';
import { printTable, type TableOptions, toGrid } from './table';

/** The longest table that gets a frame, in rows. */
export const FRAME_LIMIT = 100;

/** The table in a frame; beyond FRAME_LIMIT rows, the borderless layout. Ends with a newline. */
export async function printFramedTable(table: Table, options: TableOptions = {}): Promise<string> {
  if (table.rows.length > FRAME_LIMIT) return printTable(table, options);
  const { default: FramedTable } = await import('cli-table3');
  const grid = toGrid(table, options);
  const paint = options.paint;
  const framed = new FramedTable({
    head: options.noHeaders ? [] : [...grid.header],
    style: { head: [], border: [] },
  });
  for (const cells of grid.rows) framed.push(cells.map((cell, j) => (paint ? paint(grid.header[j], cell) : cell)));
  return `${framed.toString()}\n`;
}

/** How many columns a framed table takes: its first line holds nothing but the frame. */
export const framedWidth = (framed: string): number => framed.indexOf('\n');
