/** One kubeconfig file: read, checked for its shape, its paths made absolute; and written back (as clientcmd's loader). */
import fs from 'node:fs';
import path from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node/dist/yaml.js';
import { CommandError } from '../../../client/errors';
import type { KubeCluster, KubeContext, KubeFile, KubeUser, Named } from './types';

/** @throws CommandError that names the file and the reason */
export function readKubeFile(file: string): KubeFile {
  const text = read(file);
  if (text.trim() === '') return EMPTY;
  let value: unknown;
  try {
    value = loadYaml<unknown>(text);
  } catch (e) {
    throw wrong(file, `yaml: ${e instanceof Error ? e.message.split('\n')[0] : String(e)}`);
  }
  if (value === null || value === undefined) return EMPTY;
  if (!isRecord(value)) throw wrong(file, noObject(value));
  const { kind = 'Config', apiVersion = 'v1' } = value;
  if (kind !== 'Config' || apiVersion !== 'v1')
    throw wrong(
      file,
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${SCHEME}`,
    );
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

/**
 * Changes what a file holds, and leaves the rest of it as it was. The file is replaced in one step.
 * @throws CommandError
 */
export function changeKubeFile(file: string, change: (value: Record<string, unknown>) => void): void {
  const value = loadYaml<unknown>(read(file));
  if (!isRecord(value)) throw wrong(file, 'it holds no object');
  change(value);
  // A link stays a link: the file behind it is replaced.
  const target = fs.realpathSync(file);
  const next = `${target}.stsctl-next`;
  try {
    const { mode } = fs.statSync(target);
    fs.writeFileSync(next, dumpYaml(value, YAML_STYLE), {
      mode: mode & 0o777,
    });
    fs.renameSync(next, target);
  } catch (e) {
    throw new CommandError(`cannot write ${file}: ${e instanceof Error ? e.message : String(e)}`);
  }
}

/** As kubectl writes it: sorted, lists as far left as their names. */
const YAML_STYLE: object = { sortKeys: true, noArrayIndent: true, lineWidth: -1 };

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

const EMPTY: KubeFile = { currentContext: '', clusters: [], users: [], contexts: [] };

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

function named<T>(file: string, value: Record<string, unknown>, list: string, key: string): Named<T>[] {
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

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
