import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/core/api/table';
import type { KubeObject } from '../../src/core/api/types';
import { FRAME_LIMIT, printFramedTable } from '../../src/render/framed-table';
import { printTable } from '../../src/render/table';

const object = (name: string, labels?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'default',
    uid: name,
    resourceVersion: '1',
    creationTimestamp: '2026-11-21T08:00:00Z',
    labels,
  },
});

const columns: Table['columns'] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Restarts', type: 'integer', priority: 0 },
  { name: 'Reason', type: 'string', priority: 0 },
  { name: 'Age', type: 'string', priority: 0 },
  { name: 'Node', type: 'string', priority: 1 },
];

const table: Table = {
  columns,
  rows: [
    { cells: ['web-0', 0, '', '4s', 'node-1'], object: object('web-0', { app: 'nginx', 'x.io/tier': 'db' }) },
    { cells: ['web-10', 12, null, '3d4h', '<none>'], object: object('web-10') },
  ],
};

describe('printTable', () => {
  it('pads every column but the last, six characters at least', () => {
    expect(printTable(table)).toBe(
      'NAME     RESTARTS   REASON   AGE\nweb-0    0                   4s\nweb-10   12                  3d4h\n',
    );
  });

  it('has no header to widen a column without headers', () => {
    expect(printTable(table, { noHeaders: true })).toBe('web-0    0           4s\nweb-10   12          3d4h\n');
  });

  it('adds wide columns, labels, namespace and kind', () => {
    const options = {
      wide: true,
      showLabels: true,
      labelColumns: ['app', 'x.io/tier'],
      withNamespace: true,
      kindPrefix: 'pod',
    };
    expect(printTable(table, options)).toBe(
      [
        'NAMESPACE   NAME         RESTARTS   REASON   AGE    NODE     APP     TIER   LABELS',
        'default     pod/web-0    0                   4s     node-1   nginx   db     app=nginx,x.io/tier=db',
        'default     pod/web-10   12                  3d4h   <none>                  <none>',
        '',
      ].join('\n'),
    );
  });

  it('prints only the header of a table without rows', () => {
    expect(printTable({ columns, rows: [] })).toBe('NAME   RESTARTS   REASON   AGE\n');
    expect(printTable({ columns, rows: [] }, { noHeaders: true })).toBe('');
  });

  it('cuts a cell at its first line break and spells out escapes', () => {
    const cells = ['a\u001b[31m', 1, 'first\nsecond', 'x'];
    expect(printTable({ columns, rows: [{ cells, object: object('a') }] }, { noHeaders: true })).toBe(
      'a^[[31m   1     first...   x\n',
    );
  });

  it('lets a tab inside a cell start a column, as a terminal would', () => {
    const rows = [
      { cells: ['a\tb', 1, 'r', 'x'], object: object('a') },
      { cells: ['c', 1, 'r', 'x'], object: object('c') },
    ];
    expect(printTable({ columns, rows }, { noHeaders: true })).toBe('a     b     1     r     x\nc     1     r     x\n');
  });

  it('remembers widths within a watch, and never shrinks', () => {
    const rememberedWidths: number[] = [];
    const only = (row: number): Table => ({ columns, rows: [table.rows[row]] });
    printTable(only(1), { rememberedWidths });
    expect(printTable(only(0), { rememberedWidths, noHeaders: true })).toBe('web-0    0                   4s\n');
  });

  it('colours cells without moving them', () => {
    const plain = printTable(table);
    const painted = printTable(table, { paint: (column, cell) => (column === 'NAME' ? `<${cell}>` : cell) });
    expect(painted).toContain('<web-10>   12');
    expect(painted.replace(/[<>]/g, '')).toBe(plain);
  });

  it('aligns its columns whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'B', '0', 'é', '中', '😀', '-', '/'), maxLength: 20 });
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, (cells) => {
        const grid: Table = {
          columns: ['A', 'B', 'C'].map((name) => ({ name, type: 'string', priority: 0 })),
          rows: cells.map((row) => ({ cells: row, object: object('x') })),
        };
        const lines = printTable(grid)
          .split('\n')
          .slice(0, -1)
          .map((line) => [...line]);
        const at = [lines[0].indexOf('B'), lines[0].indexOf('C')];
        cells.forEach((row, i) => {
          const line = lines[i + 1];
          expect(line.slice(0, at[0]).join('').trimEnd()).toBe(row[0]);
          expect(line.slice(at[0], at[1]).join('').trimEnd()).toBe(row[1]);
          expect(line.slice(at[1]).join('')).toBe(row[2]);
          expect(line.slice(at[1] - 3, at[1]).join('')).toBe('   ');
        });
      }),
    );
  });

  it('prints ten thousand rows', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      cells: [`web-${i}`, i, '', `${i}s`, 'node-1'],
      object: object(`web-${i}`),
    }));
    expect(printTable({ columns, rows }).split('\n')).toHaveLength(10_002);
  });
});

describe('printFramedTable', () => {
  it('draws a frame', async () => {
    expect(await printFramedTable(table)).toBe(
      [
        '┌────────┬──────────┬────────┬──────┐',
        '│ NAME   │ RESTARTS │ REASON │ AGE  │',
        '├────────┼──────────┼────────┼──────┤',
        '│ web-0  │ 0        │        │ 4s   │',
        '├────────┼──────────┼────────┼──────┤',
        '│ web-10 │ 12       │        │ 3d4h │',
        '└────────┴──────────┴────────┴──────┘',
        '',
      ].join('\n'),
    );
  });

  it('stays plain beyond its limit', async () => {
    const rows = Array.from({ length: FRAME_LIMIT + 1 }, () => table.rows[0]);
    expect(await printFramedTable({ columns, rows })).toBe(printTable({ columns, rows }));
  });
});
