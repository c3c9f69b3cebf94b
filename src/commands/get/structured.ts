/** `get` in every other form: YAML, JSON, names, JSONPath, custom columns (as GetOptions.printGeneric). */
import { isNotFound, noSuchPath } from '../../core/api/status';
import type { KubeObject, Manifest } from '../../core/api/types';
import { CommandError, throwAll } from '../../core/client/errors';
import { fetchAll } from '../../core/client/fetch';
import { asCommandError, type Format, listInPieces, printStructured } from '../output/format';
import { findTargets, readFiles } from '../targets';
import type { Context } from '../verb';

type Shown = KubeObject | Manifest;

export async function showStructured(context: Context, format: Format): Promise<void> {
  const { flags, io } = context;
  const files = await readFiles(context);
  const subresource = subresourceOf(flags.string('subresource'));
  const { targets, singleItem } = await findTargets(context, {
    args: context.args,
    ...(files && { files }),
    allowEmptySelector: true,
    allNamespaces: flags.bool('all-namespaces'),
    ...(subresource && { subresource }),
  });
  const backend = await context.backend();
  const all = await fetchAll(backend, targets, { latest: true, ...(subresource && { subresource }) });
  const entries = flags.bool('ignore-not-found') ? all.filter((e) => !('error' in e && isNotFound(e.error))) : all;
  const errors = entries.flatMap((e) => ('error' in e ? [e.error] : []));
  const objects = entries.flatMap((e) => ('info' in e && e.info.object ? [e.info.object] : []));
  // What one file holds is one thing: whatever is wrong with it, nothing of it is shown.
  if (singleItem || files?.single) throwAll(errors);
  if (objects.length === 0 && flags.bool('ignore-not-found')) return throwAll(errors);
  const shown = await sorted(objects, flags.string('sort-by'));
  const pieces = singleItem && shown.length === 1 ? undefined : await listInPieces(format, shown);
  if (pieces) io.outPieces(pieces);
  else io.out(await print(context, format, shown, singleItem));
  throwAll(errors);
}

/** `--subresource`. @throws ApiError for one that no kind has: kubectl leaves that to the server */
export function subresourceOf(name: string): 'status' | 'scale' | 'resize' | 'ephemeralcontainers' | undefined {
  if (name === '') return undefined;
  if (name === 'status' || name === 'scale' || name === 'resize' || name === 'ephemeralcontainers') return name;
  throw noSuchPath();
}

async function sorted(objects: readonly Shown[], field: string): Promise<readonly Shown[]> {
  if (field === '') return objects;
  const { sortObjects } = await import('../../render/sort');
  return asCommandError(() => sortObjects(objects, field));
}

async function print(context: Context, format: Format, objects: readonly Shown[], single: boolean): Promise<string> {
  const { flags } = context;
  if (format.kind === 'name') {
    const { objectText } = await import('../output/operations');
    return objects.map((object) => `${objectText(object)}\n`).join('');
  }
  if (format.kind === 'custom-columns' || format.kind === 'custom-columns-file') {
    const { CustomColumnsError, printCustomColumns } = await import('../../render/custom-columns');
    const columns = await columnsOf(format);
    try {
      return printCustomColumns(columns, objects, { noHeaders: flags.bool('no-headers') });
    } catch (e) {
      if (!(e instanceof CustomColumnsError)) throw e;
      context.io.out(e.printed);
      throw new CommandError(e.message);
    }
  }
  const { listOf } = await import('../../render/json');
  const value = single && objects.length === 1 ? objects[0] : listOf(objects);
  return printStructured(format, value, flags.bool('allow-missing-template-keys'));
}

/** The columns that `-o custom-columns…` names. @throws CommandError */
export async function columnsOf(format: Format) {
  const { parseCustomColumns, parseCustomColumnsFile } = await import('../../render/custom-columns');
  return asCommandError(() =>
    format.kind === 'custom-columns' ? parseCustomColumns(format.template) : parseCustomColumnsFile(format.template),
  );
}
