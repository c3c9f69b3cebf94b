/** Keys and values from files, literals and environment files, as `create configmap` and `create secret` read them. */
import { CommandError } from '../core/client/errors';
import { isConfigMapKey, isEnvVarName } from '../core/meta/names';
import type { FlagSpec } from './flags/spec';
import type { Context } from './verb';

export const keySourceFlags = (): FlagSpec[] => [
  { name: 'from-literal', type: 'array', help: 'A key and its value, as in mode=prod.' },
  {
    name: 'from-file',
    type: 'list',
    help: 'A file, or key=file: its content under its name, or under the key. A folder stands for the files in it.',
  },
  { name: 'from-env-file', type: 'list', help: 'A file of lines KEY=VALUE.' },
];

/** The values by key, as bytes. @throws CommandError for a key that is not valid or comes twice */
export function readKeySources(context: Context, what: 'ConfigMap' | 'Secret', name: string): Map<string, Uint8Array> {
  const { flags } = context;
  const envFiles = flags.list('from-env-file');
  const literals = flags.list('from-literal');
  const files = flags.list('from-file');
  if (envFiles.length > 0 && (literals.length > 0 || files.length > 0))
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  const values = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array): void => {
    const wrong = isConfigMapKey(key);
    if (wrong.length > 0)
      throw new CommandError(
        what === 'ConfigMap'
          ? `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong.join(',')}`
          : `${JSON.stringify(key)} is not valid key name for a Secret ${wrong.join(';')}`,
      );
    if (values.has(key))
      throw new CommandError(
        what === 'ConfigMap'
          ? `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`
          : `cannot add key ${key}, another key by that name already exists`,
      );
    values.set(key, value);
  };
  for (const source of files)
    for (const { key, path } of fileSource(context, source)) add(key, readSource(context, path));
  for (const literal of literals) {
    const equals = literal.indexOf('=');
    if (equals <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, equals), encode(literal.slice(equals + 1)));
  }
  for (const path of envFiles) for (const [key, value] of envFile(context, path)) add(key, encode(value));
  return values;
}

/** `file`, `key=file` or a folder (as ParseFileSource). @throws CommandError */
export function fileSource(context: Context, source: string): { key: string; path: string }[] {
  const [key, path, ...more] = source.split('=');
  if (more.length > 0) throw new CommandError("key names or file paths cannot contain '='");
  if (path === undefined) {
    if (context.host.files.stat(source)?.kind !== 'folder')
      return [{ key: source.slice(source.lastIndexOf('/') + 1), path: source }];
    const folder = source.replace(/\/+$/, '');
    return [...context.host.files.list(source)]
      .sort()
      .map((file) => ({ key: file, path: `${folder}/${file}` }))
      .filter((f) => context.host.files.stat(f.path)?.kind === 'file');
  }
  if (key === '') throw new CommandError(`key name for file path ${path} missing`);
  if (path === '') throw new CommandError(`file path for key name ${key} missing`);
  if (context.host.files.stat(path)?.kind === 'folder')
    throw new CommandError('cannot give a key name for a directory path');
  return [{ key, path }];
}

/** A whole file. @throws CommandError */
export function readSource(context: Context, path: string): Uint8Array {
  if (context.host.files.stat(path)?.kind !== 'file')
    throw new CommandError(`error reading ${path}: no such file or directory`);
  return context.host.files.read(path);
}

/** Lines `KEY=VALUE`; a bare `KEY` takes its value from the environment (as cmdutil.AddFromEnvFile). */
function envFile(context: Context, path: string): [string, string][] {
  if (context.host.files.stat(path)?.kind === 'folder') throw new CommandError('env config file cannot be a directory');
  const text = new TextDecoder().decode(readSource(context, path));
  return text.split('\n').flatMap((raw): [string, string][] => {
    const line = raw.replace(/\r$/, '').replace(/^\s+/, '');
    if (line === '' || line.startsWith('#')) return [];
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    const wrong = isEnvVarName(key);
    if (wrong.length > 0) throw new CommandError(`${JSON.stringify(key)} is not a valid key name: ${wrong.join(';')}`);
    return [[key, equals < 0 ? (context.host.env[key] ?? '') : line.slice(equals + 1)]];
  });
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));

/** The text of UTF-8 bytes, or undefined for bytes that are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
