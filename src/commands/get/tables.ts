/** `get` as tables: the rows of the server, one table for each run of objects of one kind (as GetOptions.Run). */
import { kindName, type ResourceInfo } from '../../core/api/resources';
import { isNotFound } from '../../core/api/status';
import type { Table, TableRow } from '../../core/api/table';
import type { KubeObject } from '../../core/api/types';
import type { Backend, Subresource } from '../../core/client/backend';
import type { Target } from '../../core/client/builder';
import { CommandError, isExpected, throwAll } from '../../core/client/errors';
import { listTarget } from '../../core/client/fetch';
import { printTable, type TableOptions } from '../../render/table';
import { painter } from '../output/colour';
import { asCommandError, type Format } from '../output/format';
import { findTargets, readFiles } from '../targets';
import type { Context } from '../verb';
import { subresourceOf } from './structured';

interface Part {
  readonly resource: ResourceInfo;
  readonly table: Table;
}

export async function showTables(context: Context, format: Format, withKind: boolean): Promise<void> {
  const { flags, io } = context;
  const files = await readFiles(context);
  const allNamespaces = flags.bool('all-namespaces');
  const { targets } = await findTargets(context, {
    args: context.args,
    ...(files && { files }),
    allowEmptySelector: true,
    allNamespaces,
    subresource: flags.string('subresource'),
  });
  const backend = await context.backend();
  const parts: Part[] = [];
  const errors: unknown[] = [];
  let ignored = 0;
  for (const target of targets) {
    try {
      parts.push(await fetch(backend, target, subresourceOf(flags.string('subresource'))));
    } catch (e) {
      if (!isExpected(e)) throw e;
      if (flags.bool('ignore-not-found') && isNotFound(e)) ignored += 1;
      else errors.push(e);
    }
  }
  const isSorted = flags.string('sort-by') !== '';
  const ordered = isSorted ? await sortParts(parts, flags.string('sort-by')) : parts;
  const merged = merge(ordered);
  let written = '';
  for (const { resource, table } of merged) {
    const columns = flags.bool('server-print') ? table : await plainColumns(table, await backend.now());
    if (columns.rows.length === 0) continue;
    const text = await print(context, format, columns, {
      noHeaders: flags.bool('no-headers'),
      wide: format.kind === 'wide',
      showLabels: flags.bool('show-labels'),
      labelColumns: flags.list('label-columns'),
      withNamespace: allNamespaces && resource.namespaced,
      ...((withKind || areSeveralKinds(parts)) && { kindPrefix: kindName(resource) }),
    });
    written += written !== '' && !flags.bool('no-headers') ? `\n${text}` : text;
  }
  io.out(written);
  if (written === '' && errors.length === 0 && !flags.bool('ignore-not-found') && ignored === 0)
    io.err(
      parts.every((p) => p.resource.namespaced) && !allNamespaces
        ? `No resources found in ${context.namespace} namespace.\n`
        : 'No resources found\n',
    );
  throwAll(errors);
}

async function fetch(backend: Backend, target: Target, subresource?: Subresource): Promise<Part> {
  if (target.kind === 'error') throw target.error;
  if (target.kind === 'named') {
    const { resource, namespace, name } = target.info;
    if (name === '') throw new CommandError('resource name may not be empty');
    return { resource, table: await backend.getTable(resource, namespace, name, subresource && { subresource }) };
  }
  const { table } = await listTarget(backend, target, true);
  return { resource: target.resource, table: table ?? { columns: [], rows: [] } };
}

/** Neighbours of one kind share a header. */
function merge(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged[merged.length - 1];
    if (last?.resource.kind === part.resource.kind && last.resource.group === part.resource.group)
      merged[merged.length - 1] = { ...last, table: { ...last.table, rows: [...last.table.rows, ...part.table.rows] } };
    else merged.push(part);
  }
  return merged;
}

/** Names and ages only: what kubectl prints by itself. */
async function plainColumns({ rows }: Table, now: number): Promise<Table> {
  const { humanDuration } = await import('../../core/meta/duration');
  const ageOf = ({ object }: TableRow): string => {
    const created = object.metadata.creationTimestamp;
    return created ? humanDuration(now - Date.parse(created)) : '<unknown>';
  };
  return {
    columns: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Age', type: 'string', priority: 0 },
    ],
    rows: rows.map((row) => ({ ...row, cells: [row.object.metadata.name, ageOf(row)] })),
  };
}

/**
 * Every table sorted by itself. Of several tables it is the tables, not what is in them, that kubectl sorts first, and a field
 * that tables do not have is an error, even where their rows have it (as RuntimeSorter, which gets them undecoded).
 */
async function sortParts(parts: readonly Part[], field: string): Promise<Part[]> {
  const { sortForTable, sortObjects } = await import('../../render/sort');
  return asCommandError(() => {
    const tables = parts.map((part) => ({ ...tableObject(part.table), part }));
    return sortObjects(tables, field).map(({ part }) => {
      const rows = new Map<KubeObject, TableRow>(part.table.rows.map((row) => [row.object, row]));
      const sorted = sortForTable([...rows.keys()], field);
      return { ...part, table: { ...part.table, rows: sorted.flatMap((object) => rows.get(object) ?? []) } };
    });
  });
}

const tableObject = ({ columns, rows }: Table) => ({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: '' },
  columnDefinitions: columns,
  rows,
});

/** As multipleGVKsRequested: by what was found, not by what was asked for. */
const areSeveralKinds = (parts: readonly Part[]): boolean =>
  parts.some(
    ({ resource }) => resource.kind !== parts[0]?.resource.kind || resource.group !== parts[0]?.resource.group,
  );

async function print(context: Context, format: Format, table: Table, options: TableOptions): Promise<string> {
  const paint = await painter(context);
  const painted = paint ? { ...options, paint } : options;
  if (format.kind !== 'table') return printTable(table, painted);
  const { framedWidth, printFramedTable } = await import('../../render/framed-table');
  const framed = await printFramedTable(table, painted);
  const { columns = Number.POSITIVE_INFINITY } = context.host.stdout;
  // A frame that the terminal would break is no help.
  return framedWidth(framed) > columns ? printTable(table, painted) : framed;
}
