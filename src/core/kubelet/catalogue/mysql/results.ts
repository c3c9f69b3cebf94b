/** Rows as a client is shown them. */
import type { Value } from './expressions';

export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
  /** Columns of numbers stand on the right. */
  readonly numeric: readonly boolean[];
  /** Columns that may be NULL are at least as wide. */
  readonly nullable?: readonly boolean[];
}

export const result = (columns: readonly string[], rows: readonly (readonly Value[])[]): ResultSet => ({
  columns,
  rows,
  numeric: columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number' || row[i] === null)),
});
