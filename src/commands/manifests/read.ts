/** Reads everything that `-f` names into objects, each with its source; what cannot be read becomes an error in its place. */

import type { Manifest } from '../../core/api/types';
import { CommandError, PlainError, throwAll } from '../../core/client/errors';
import type { Host } from '../host';
import { checkHeader, decodeObject, isObject, type JsonObject, jsonType } from './decode';
import { parseDocuments } from './documents';
import { findSources, type Source } from './sources';

/** One object of a file, or why there is none. */
export type FileItem =
  | { readonly source: string; readonly manifest: Manifest; readonly listed?: boolean }
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
  /** How large a file may be, where it is no manifest that somebody wrote. */
  readonly maxBytes?: number;
}

/** A manifest larger than this (in bytes) is refused. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @throws CommandError when a path is wrong; what is wrong inside a file is among the items. */
export async function readManifests(host: Pick<Host, 'files' | 'readStdin'>, options: ReadOptions): Promise<FileItems> {
  const { sources, errors, single } = findSources(options.filenames, options.recursive, host.files);
  throwAll(errors);
  const items: FileItem[] = [];
  for (const source of sources) {
    const bytes = await readSource(host, source, options.maxBytes);
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

/** One file, or standard input for `-`, as it is. @throws CommandError when it cannot be read */
export async function readText(host: Pick<Host, 'files' | 'readStdin'>, filename: string): Promise<string> {
  const bytes = await readSource(host, { name: filename, ...(filename !== '-' && { path: filename }) });
  if (bytes instanceof CommandError) throw bytes;
  return new TextDecoder().decode(bytes);
}

const NOT_THERE = 'no such file or directory';

async function readSource(
  host: Pick<Host, 'files' | 'readStdin'>,
  source: Source,
  maxBytes = MAX_BYTES,
): Promise<Uint8Array | CommandError> {
  if (source.path === undefined) {
    const bytes = await host.readStdin(maxBytes);
    return bytes.length > maxBytes ? tooLarge('standard input', undefined, maxBytes) : bytes;
  }
  const size = host.files.stat(source.path)?.size ?? 0;
  if (size > maxBytes) return tooLarge(`"${source.path}"`, size, maxBytes);
  try {
    return host.files.read(source.path);
  } catch (e) {
    const code = e instanceof Error && 'code' in e ? String(e.code) : '';
    if (!code) throw e;
    if (code === 'EISDIR') return new CommandError(`read ${source.path}: is a directory`);
    const why = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code === 'ENOENT' ? NOT_THERE : code;
    return new CommandError(`open ${source.path}: ${why}`);
  }
}

function tooLarge(what: string, bytes: number | undefined, most: number): CommandError {
  const size = bytes === undefined ? `more than ${most / 1024 / 1024} MiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  return new CommandError(`${what} holds ${size}; a manifest may be at most ${most / 1024 / 1024} MiB`);
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
    const object = decodeObject(value);
    const listed = object.items !== undefined;
    return flatten(object).map((manifest) => ({ source, manifest, ...(listed && { listed }) }));
  } catch (e) {
    if (e instanceof Unlisted || e instanceof PlainError) return [{ source, error: e }];
    if (e instanceof CommandError)
      return [{ source, error: new CommandError(`unable to decode ${JSON.stringify(source)}: ${e.message}`) }];
    throw e;
  }
}

/** What has items is a list and becomes them (as UnstructuredJSONScheme). Those without a kind take theirs from a PodList's. */
function flatten(object: JsonObject): Manifest[] {
  const { items, kind, apiVersion } = object;
  if (items === undefined) return [toManifest(object)];
  if (items !== null && !Array.isArray(items))
    throw new CommandError(
      `json: cannot unmarshal ${jsonType(items)} into Go struct field decodeList.items of type []json.RawMessage`,
    );
  const itemKind = /^(.+)List$/.exec(String(kind))?.[1];
  return (items ?? []).map((item: unknown) => {
    if (item !== null && !isObject(item))
      throw new CommandError(`json: cannot unmarshal ${jsonType(item)} into Go value of type map[string]interface {}`);
    if (Array.isArray(item?.items))
      throw new Unlisted('*unstructured.Unstructured is not a list: no Items field in this object');
    const named = itemKind && !item?.kind ? { ...item, kind: itemKind, apiVersion } : item;
    if (!named?.kind)
      throw new PlainError(
        `unable to get type info from the object "*unstructured.Unstructured": Object 'Kind' is missing in 'object has no kind field '`,
      );
    return toManifest(decodeObject(named));
  });
}

/** What is wrong with a list's items shows only when they are visited, where nobody knows the file any more. */
class Unlisted extends CommandError {}

const toManifest = (object: JsonObject): Manifest => ({
  ...object,
  apiVersion: typeof object.apiVersion === 'string' ? object.apiVersion : '',
  kind: String(object.kind),
  metadata: isObject(object.metadata) ? object.metadata : {},
});
