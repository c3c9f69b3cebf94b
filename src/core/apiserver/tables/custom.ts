/** Rows of custom resources: the columns that their definition asks for (as the apiextensions server's table convertor). */

import type { PrinterColumn } from '../../api/resources';
import type { Cell, TableColumn } from '../../api/table';
import { stringifyJson } from '../../meta/json';
import { JsonPath } from '../../meta/jsonpath';
import { NAME, since, type TablePrinter } from './printer';

type ColumnType = TableColumn['type'];
const TYPES: readonly ColumnType[] = ['string', 'integer', 'number', 'boolean', 'date'];

export function customPrinter(columns: readonly PrinterColumn[]): TablePrinter {
  const paths = columns.map((column) => parse(column.jsonPath));
  return {
    columns: [NAME, ...columns.map(columnOf)],
    cells: (object, now) => [
      object.metadata.name,
      ...columns.map((column, i) => cellOf(typeOf(column), paths[i]?.findResults(object) ?? [], now)),
    ],
  };
}

function parse(path: string): JsonPath | undefined {
  try {
    return JsonPath.parse(`{${path}}`, { allowMissingKeys: true });
  } catch {
    return undefined;
  }
}

const typeOf = (column: PrinterColumn): ColumnType => TYPES.find((type) => type === column.type) ?? 'string';

const columnOf = (column: PrinterColumn): TableColumn => ({
  name: column.name,
  type: typeOf(column),
  ...(column.format && { format: column.format }),
  priority: column.priority ?? 0,
});

/** Nothing where the path leads nowhere, or to a value of another type. */
function cellOf(type: ColumnType, results: readonly (readonly unknown[])[], now: number): Cell {
  const value = results[0]?.[0];
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      // A path that finds several values shows the first.
      return typeof value === 'object' ? stringifyJson(value) : String(value);
    case 'date':
      return typeof value === 'string' ? dateCell(value, now) : null;
    case 'integer':
      if (typeof value === 'bigint') return String(value);
      return typeof value === 'number' ? Math.trunc(value) : null;
    default:
      return typeof value === type ? (value as Cell) : null;
  }
}

const dateCell = (value: string, now: number): string =>
  Number.isNaN(Date.parse(value)) ? '<invalid>' : since(value, now);
