/** `get --watch`: what there is, then every change, until nothing would ever change again or the time is up. */
import { kindName } from '../../core/api/resources';
import type { Table } from '../../core/api/table';
import type { KubeObject } from '../../core/api/types';
import type { WatchEvent, WatchOptions } from '../../core/client/backend';
import { CommandError } from '../../core/client/errors';
import { listTarget } from '../../core/client/fetch';
import { goStringify } from '../../core/meta/gojson';
import { printTable } from '../../render/table';
import { painter } from '../output/colour';
import { type Format, printStructured } from '../output/format';
import { objectText } from '../output/operations';
import { requestTimeout } from '../session';
import { findTargets, readFiles } from '../targets';
import type { Context } from '../verb';
import { columnsOf } from './structured';

export async function watchObjects(context: Context, format: Format): Promise<void> {
  const { flags, io } = context;
  if (flags.string('sort-by'))
    io.err('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  const files = await readFiles(context);
  const { targets } = await findTargets(context, {
    args: context.args,
    ...(files && { files }),
    allowEmptySelector: true,
    allNamespaces: flags.bool('all-namespaces'),
  });
  const [target] = targets;
  if (target?.kind === 'error') throw target.error;
  if (targets.length > 1 && targets.some((t) => t.kind === 'list'))
    throw new CommandError('you may only specify a single resource type');
  if (targets.length !== 1 || !target) {
    const { showTables } = await import('./tables');
    if (format.kind === 'human' || format.kind === 'wide') await showTables(context, format, false);
    throw new CommandError('you may only watch a single resource or type of resource at a time');
  }
  const resource = target.kind === 'list' ? target.resource : target.info.resource;
  const namespace = target.kind === 'list' ? target.namespace : target.info.namespace;
  const backend = await context.backend();
  // A single object is listed too: the list's version is where the watch goes on without a gap.
  if (target.kind === 'named') await backend.get(resource, namespace, target.info.name);
  const listed = await listTarget(
    backend,
    target.kind === 'list'
      ? target
      : { kind: 'list', resource, namespace, fieldSelector: `metadata.name=${target.info.name}` },
    true,
  );
  const show = await shower(
    context,
    format,
    flags.bool('show-kind') ? kindName(resource) : undefined,
    resource.namespaced,
  );
  if (!flags.bool('watch-only')) {
    io.out(await show(listed.items, listed.table, 'ADDED'));
  }
  await io.flush();
  const timeoutMs = requestTimeout(flags);
  const options: WatchOptions = {
    table: true,
    resourceVersion: listed.resourceVersion,
    ...(target.kind === 'list' && target.labelSelector && { labelSelector: target.labelSelector }),
    ...(target.kind === 'list' && target.fieldSelector && { fieldSelector: target.fieldSelector }),
    ...(target.kind === 'named' && { name: target.info.name }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  for await (const event of backend.watch(resource, namespace, options)) {
    const table = event.row && event.columns ? { columns: event.columns, rows: [event.row] } : undefined;
    io.out(await show([event.object], table, event.type));
    await context.flushWhileWaiting();
  }
}

type Show = (objects: readonly KubeObject[], table: Table | undefined, type: WatchEvent['type']) => Promise<string>;

/** Prints the header with the first objects only, and keeps the columns where they were. */
async function shower(
  context: Context,
  format: Format,
  kindPrefix: string | undefined,
  namespaced: boolean,
): Promise<Show> {
  const { flags } = context;
  const paint = await painter(context);
  const withEvents = flags.bool('output-watch-events');
  const rememberedWidths: number[] = [];
  let headerDone = flags.bool('no-headers');
  let printed = 0;
  if (format.kind === 'human' || format.kind === 'wide' || format.kind === 'table')
    return async (_objects, table, type) => {
      if (!table || table.rows.length === 0) return '';
      const text = printTable(table, {
        ...(withEvents && { eventType: type }),
        noHeaders: headerDone,
        wide: format.kind === 'wide',
        showLabels: flags.bool('show-labels'),
        labelColumns: flags.list('label-columns'),
        withNamespace: flags.bool('all-namespaces') && namespaced,
        rememberedWidths,
        ...(paint && { paint }),
        ...(kindPrefix && { kindPrefix }),
      });
      headerDone = true;
      return text;
    };
  if (format.kind === 'custom-columns' || format.kind === 'custom-columns-file') {
    const { printCustomColumns } = await import('../../render/custom-columns');
    const columns = await columnsOf(format);
    return async (objects) => {
      if (objects.length === 0) return '';
      const text = printCustomColumns(columns, objects, { noHeaders: headerDone });
      headerDone = true;
      return text;
    };
  }
  if (format.kind === 'name') return async (objects) => objects.map((o) => `${objectText(o)}\n`).join('');
  return async (objects, _, type) => {
    let text = '';
    for (const object of objects) {
      const shown = withEvents ? { type, object } : object;
      // kubectl prints events, unlike objects, on one line.
      if (withEvents && format.kind === 'json') text += `${goStringify(shown)}\n`;
      else text += await printStructured(format, shown, flags.bool('allow-missing-template-keys'), printed++ === 0);
    }
    return text;
  };
}
