/** One kubeconfig file: read, checked for its shape, its paths made absolute (as clientcmd's loader). */
import fs from 'node:fs';
import path from 'node:path';
import { loadYaml } from '@kubernetes/client-node/dist/yaml.js';
import { CommandError } from '../../../client/errors';
import { isRecord } from './shape';
import type { KubeCluster, KubeContext, KubeFile, KubeUser, Named } from './types';

/** What a file holds, as it is written there; empty for an empty file. @throws CommandError that names the file and the reason */
export function parseKubeFile(file: string): Record<string, unknown> {
  const text = read(file);
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = loadYaml<unknown>(text);
  } catch (e) {
    throw wrong(file, `yaml: ${e instanceof Error ? e.message.split('\n')[0] : String(e)}`);
  }
  if (value === null || value === undefined) return {};
  if (!isRecord(value)) throw wrong(file, noObject(value));
  const { kind = 'Config', apiVersion = 'v1' } = value;
  if (kind !== 'Config' || apiVersion !== 'v1')
    throw wrong(
      file,
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${SCHEME}`,
    );
  return value;
}

/** @throws CommandError that names the file and the reason */
export function readKubeFile(file: string): KubeFile {
  const value = parseKubeFile(file);
  const folder = path.dirname(path.resolve(file));
  const current = value['current-context'] ?? '';
  if (typeof current !== 'string') throw wrong(file, 'current-context must be a string');
  return {
    currentContext: current,
    clusters: named<KubeCluster>(file, value, 'clusters', 'cluster').map((one) => absolute(one, folder, CLUSTER_PATHS)),
    users: named<KubeUser>(file, value, 'users', 'user').map((one) =>
      commandBeside(absolute(one, folder, USER_PATHS), folder),
    ),
    contexts: named<KubeContext>(file, value, 'contexts', 'context'),
  };
}

/** Where kubectl's reader of these files is from: it says so. */
const SCHEME = '"k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"';

/** As Go complains about a value of another kind. */
function noObject(value: unknown): string {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return (
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${kind} into Go value of type ` +
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
  );
}

const CLUSTER_PATHS = ['certificate-authority'] as const;
const USER_PATHS = ['client-certificate', 'client-key', 'tokenFile'] as const;

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (e) {
    const code = e instanceof Error && 'code' in e ? e.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CommandError(`stat ${file}: no such file or directory`);
    if (code === 'EISDIR') throw wrong(file, `read ${file}: is a directory`);
    if (code === 'EACCES') throw wrong(file, `open ${file}: permission denied`);
    throw e;
  }
}

const wrong = (file: string, why: string): CommandError =>
  new CommandError(`error loading config file ${JSON.stringify(file)}: ${why}`);

/** The entries of one list. @throws CommandError for an entry of another shape */
export function named<T>(file: string, value: Record<string, unknown>, list: string, key: string): Named<T>[] {
  const entries = value[list] ?? [];
  if (!Array.isArray(entries)) throw wrong(file, `${list} must be a list`);
  return entries.map((entry: unknown, i) => {
    if (!isRecord(entry) || typeof entry.name !== 'string') throw wrong(file, `${list}[${i}] has no name`);
    const inner = entry[key] ?? {};
    if (!isRecord(inner)) throw wrong(file, `${list}[${i}].${key} must be an object`);
    return { name: entry.name, value: inner as T };
  });
}

function absolute<T>(entry: Named<T>, folder: string, keys: readonly (keyof T & string)[]): Named<T> {
  const value = { ...entry.value };
  for (const key of keys) {
    const found = value[key];
    if (typeof found === 'string' && found !== '') value[key] = path.resolve(folder, found) as T[typeof key];
  }
  return { ...entry, value };
}

/** A credential plugin that is named by a relative path lies beside the file. */
function commandBeside(entry: Named<KubeUser>, folder: string): Named<KubeUser> {
  const { exec } = entry.value;
  const command = exec?.command;
  if (!exec || typeof command !== 'string' || !command.includes('/') || path.isAbsolute(command)) return entry;
  return { ...entry, value: { ...entry.value, exec: { ...exec, command: path.resolve(folder, command) } } };
}
