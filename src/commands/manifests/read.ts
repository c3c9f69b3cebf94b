/** Reads everything that `-f` names into objects, each with its source; what cannot be read becomes an error in its place. */

import type { Manifest } from '../../core/api/types';
import { CommandError, throwAll } from '../../core/client/errors';
import type { Host } from '../host';
import { checkHeader, decodeObject, isObject, type JsonObject } from './decode';
import { parseDocuments } from './documents';
import { findSources, type Source } from './sources';

/** One object of a file, or why there is none. */
export type FileItem =
  | { readonly source: string; readonly manifest: Manifest }
  | { readonly source: string; readonly error: CommandError };

export interface FileItems {
  readonly items: readonly FileItem[];
  readonly single: boolean;
}

export interface ReadOptions {
  readonly filenames: readonly string[];
  readonly recursive: boolean;
  /** Check that apiVersion and kind are there before anything else, as verbs that send the object do. */
  readonly checkHeaders?: boolean;
}

/** A manifest larger than this (in bytes) is refused. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @throws CommandError when a path is wrong; what is wrong inside a file is among the items. */
export async function readManifests(host: Pick<Host, 'files' | 'readStdin'>, options: ReadOptions): Promise<FileItems> {
  const { sources, errors, single } = findSources(options.filenames, options.recursive, host.files);
  throwAll(errors);
  const items: FileItem[] = [];
  for (const source of sources) {
    const bytes = await readSource(host, source);
    if (bytes instanceof CommandError) {
      items.push({ source: source.name, error: bytes });
      continue;
    }
    const { values, error } = await parseDocuments(bytes);
    for (const value of values) items.push(...itemsOf(source.name, value, options.checkHeaders ?? false));
    if (error)
      items.push({ source: source.name, error: new CommandError(`error parsing ${source.name}: ${error.message}`) });
  }
  return { items, single };
}

async function readSource(host: Pick<Host, 'files' | 'readStdin'>, source: Source): Promise<Uint8Array | CommandError> {
  if (source.path === undefined) {
    const bytes = await host.readStdin(MAX_BYTES);
    return bytes.length > MAX_BYTES ? tooLarge('standard input', undefined) : bytes;
  }
  const size = host.files.stat(source.path)?.size ?? 0;
  if (size > MAX_BYTES) return tooLarge(`"${source.path}"`, size);
  try {
    return host.files.read(source.path);
  } catch (e) {
    const code = e instanceof Error && 'code' in e ? String(e.code) : '';
    if (!code) throw e;
    const why = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code === 'ENOENT' ? 'no such file' : code;
    return new CommandError(`open ${source.path}: ${why}`);
  }
}

function tooLarge(what: string, bytes: number | undefined): CommandError {
  const size = bytes === undefined ? 'more than 16 MiB' : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return new CommandError(`${what} holds ${size}; a manifest may be at most 16 MiB`);
}

function itemsOf(source: string, value: unknown, checkHeaders: boolean): FileItem[] {
  try {
    if (checkHeaders) checkHeader(value);
  } catch (e) {
    if (e instanceof CommandError)
      return [{ source, error: new CommandError(`error validating ${JSON.stringify(source)}: ${e.message}`) }];
    throw e;
  }
  try {
    return flatten(decodeObject(value)).map((manifest) => ({ source, manifest }));
  } catch (e) {
    if (e instanceof CommandError)
      return [{ source, error: new CommandError(`unable to decode ${JSON.stringify(source)}: ${e.message}`) }];
    throw e;
  }
}

/** A List becomes its items, lists inside it included. Items without a kind take theirs from the list's (PodList). */
function flatten(object: JsonObject): Manifest[] {
  if (!Array.isArray(object.items) || !String(object.kind).endsWith('List')) return [toManifest(object)];
  const itemKind = String(object.kind).slice(0, -4);
  return object.items.flatMap((item: unknown) => {
    const named =
      isObject(item) && itemKind && !item.kind ? { ...item, kind: itemKind, apiVersion: object.apiVersion } : item;
    return flatten(decodeObject(named));
  });
}

const toManifest = (object: JsonObject): Manifest => ({
  ...object,
  apiVersion: typeof object.apiVersion === 'string' ? object.apiVersion : '',
  kind: String(object.kind),
  metadata: isObject(object.metadata) ? object.metadata : {},
});
