/** A running server: who may come in, what its variables say. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../../apiserver/container-runtime';
import { parseImage, versionOf } from '../image';
import { SqlError } from './errors';
import type { Value } from './expressions';

export interface Login {
  readonly user: string;
  readonly password: string;
  /** The client's address as the server sees it. */
  readonly from: string;
}

const CONFIG_FILES: readonly string[] = ['/etc/my.cnf', '/etc/mysql/my.cnf'];
const CONFIG_FOLDERS: readonly string[] = ['/etc/mysql/conf.d', '/etc/mysql/mysql.conf.d', '/etc/my.cnf.d'];

/** Throws SqlError 1045 where the password is not the one that the container's environment set. */
export function admit({ env }: PodContainer, { user, password, from }: Login): void {
  const variable = (name: string): string | undefined => env[`MYSQL_${name}`] ?? env[`MARIADB_${name}`];
  const known = new Map<string, string>([['root', variable('ROOT_PASSWORD') ?? '']]);
  const own = variable('USER');
  if (own !== undefined) known.set(own, variable('PASSWORD') ?? '');
  if (known.get(user) === password) return;
  const using = password === '' ? 'NO' : 'YES';
  throw new SqlError(1045, '28000', `Access denied for user '${user}'@'${from}' (using password: ${using})`);
}

/** Options of the [mysqld] sections of the server's files and of its command, `-` written as `_`. */
async function options(fs: IFileSystem, { argv }: PodContainer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const paths = [...CONFIG_FILES];
  for (const folder of CONFIG_FOLDERS) {
    if (!(await fs.exists(folder))) continue;
    const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.cnf')).sort();
    paths.push(...names.map((name) => `${folder}/${name}`));
  }
  for (const path of paths) {
    if (!(await fs.exists(path))) continue;
    let isServer = false;
    for (const line of (await fs.readFile(path)).split('\n')) {
      const section = /^\s*\[(.+)\]/.exec(line)?.[1];
      if (section !== undefined) isServer = /^(mysqld(-.*)?|mariadb(d)?|server)$/.test(section);
      const [, name, value] = /^\s*([\w-]+)\s*(?:=\s*(.*?))?\s*$/.exec(line) ?? [];
      if (isServer && name !== undefined) found[name.replaceAll('-', '_')] = value ?? 'ON';
    }
  }
  for (const word of argv) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name !== undefined) found[name.replaceAll('-', '_')] = value ?? 'ON';
  }
  return found;
}

/** The server's variables by name, in order. */
export async function variablesOf(fs: IFileSystem, container: PodContainer): Promise<Readonly<Record<string, Value>>> {
  const set = await options(fs, container);
  const image = parseImage(container.image);
  const isMaria = image.repository === 'mariadb';
  const version = versionOf(image, isMaria ? '11.4' : '8.4');
  const given = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, cast(value)]));
  return {
    autocommit: 'ON',
    character_set_server: 'utf8mb4',
    collation_server: 'utf8mb4_0900_ai_ci',
    datadir: '/var/lib/mysql/',
    gtid_mode: 'OFF',
    log_bin: isMaria || version.startsWith('5.') ? 'OFF' : 'ON',
    max_connections: 151,
    port: 3306,
    read_only: 'OFF',
    server_id: isMaria || !version.startsWith('5.') ? 1 : 0,
    socket: '/var/run/mysqld/mysqld.sock',
    super_read_only: 'OFF',
    version_comment: isMaria ? 'mariadb.org binary distribution' : 'MySQL Community Server - GPL',
    wait_timeout: 28_800,
    ...given,
    hostname: container.hostname,
    version: isMaria ? `${version}-MariaDB` : version,
  };
}

const cast = (value: string): Value => (/^\d+$/.test(value) ? Number(value) : value);
