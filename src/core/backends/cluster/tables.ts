/** The server's tables: how they are asked for, and how they are read. A server that knows none gets names and ages. */
import { gvOf, type ResourceInfo } from '../../api/resources';
import type { Cell, Table, TableColumn, TableRow } from '../../api/table';
import type { KubeObject } from '../../api/types';
import { humanDuration } from '../../meta/duration';

export const AS_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export interface SentTable {
  readonly kind: 'Table';
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?: readonly TableColumn[];
  readonly rows?: readonly { readonly cells: readonly Cell[]; readonly object?: unknown }[];
}

export const isTable = (value: unknown): value is SentTable =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Table';

export const columnsIn = (table: SentTable): readonly TableColumn[] => table.columnDefinitions ?? [];

/** Rows with whole objects, as `includeObject=Object` asks for them. */
export const rowsIn = (table: SentTable, resource: ResourceInfo): readonly TableRow[] =>
  (table.rows ?? []).map(({ cells, object }) => ({ cells, object: typed(object, resource) }));

/** Objects in lists don't say what they are. */
export function typed(object: unknown, resource: ResourceInfo): KubeObject {
  const found = object as KubeObject;
  if (found.apiVersion && found.kind) return found;
  const { apiVersion: _, kind: __, ...rest } = found;
  return { apiVersion: gvOf(resource), kind: resource.kind, ...rest } as KubeObject;
}

export const PLAIN_COLUMNS: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Age', type: 'string', priority: 0 },
];

export function plainRow(object: KubeObject, now: number): TableRow {
  const created = object.metadata?.creationTimestamp;
  const age = created ? humanDuration(now - Date.parse(created)) : '<unknown>';
  return { cells: [object.metadata?.name ?? '', age], object };
}

export const plainTable = (objects: readonly KubeObject[], now: number): Table => ({
  columns: PLAIN_COLUMNS,
  rows: objects.map((object) => plainRow(object, now)),
});
