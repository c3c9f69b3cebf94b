/** metav1.Table: what the API server computes for a terminal. Cells are raw values; layout is the renderer's. */
import type { KubeObject } from './types';

export interface TableColumn {
  /** As the server names it: `Name`, `Ready`, `Access Modes`; the printer upper-cases it. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, higher only with `-o wide`. */
  readonly priority: number;
}

export type Cell = string | number | boolean | null;

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly object: KubeObject;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}
