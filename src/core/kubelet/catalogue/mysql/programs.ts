/** The clients `mysql` and `mysqladmin`, and the server's own programs. */
import { type Options, readOptions } from '../../network/programs/options';
import type { Connection } from '../../network/types';
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import { entrypoint } from '../image';
import { DATA_FOLDER } from '.';
import { SqlError } from './errors';
import { statements } from './lexer';
import { printRows, type Style } from './print';
import { admit, variablesOf } from './server';
import { SqlSession } from './session';
import { Tables } from './tables';

export async function mysqlPrograms(isMaria: boolean, version: string): Promise<readonly Program[]> {
  const { curl, getent } = await import('../../network/programs');
  const names = isMaria ? ['mysql', 'mariadb'] : ['mysql'];
  const admins = isMaria ? ['mysqladmin', 'mariadb-admin'] : ['mysqladmin'];
  const servers = isMaria ? ['mysqld', 'mariadbd'] : ['mysqld'];
  return [
    ...names.map((name) => client(name, isMaria, version)),
    ...admins.map((name) => admin(name, isMaria, version)),
    ...servers.map((name) => server(name, version)),
    entrypoint(isMaria ? 'mariadbd' : 'mysqld', prepared),
    getent,
    ...(isMaria ? [] : [curl]),
  ];
}

/** A new data folder needs a root password, or the word that it shall have none. */
function prepared({ env }: ProgramContext): ProgramResult | undefined {
  const names = [
    'ROOT_PASSWORD',
    'ALLOW_EMPTY_PASSWORD',
    'RANDOM_ROOT_PASSWORD',
    'ALLOW_EMPTY_ROOT_PASSWORD',
    'ROOT_PASSWORD_FILE',
  ];
  if (names.some((name) => env.get(`MYSQL_${name}`) || env.get(`MARIADB_${name}`))) return undefined;
  return fail(
    '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n' +
      '    You need to specify one of the following as an environment variable:\n' +
      '    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n',
  );
}

const server = (name: string, version: string): Program => ({
  name,
  run: async (args, context) => {
    if (args.includes('--version') || args.includes('-V'))
      return ok(`/usr/sbin/${name}  Ver ${version} for Linux on x86_64\n`);
    return context.runsOn();
  },
});

const SYNTAX = {
  flags: 'NBtsErfvwCAnqbX',
  values: 'hueDPS',
  long: {
    host: 'h',
    user: 'u',
    execute: 'e',
    database: 'D',
    port: 'P',
    socket: 'S',
    'skip-column-names': 'N',
    batch: 'B',
    table: 't',
    silent: 's',
    vertical: 'E',
    raw: 'r',
    force: 'f',
    verbose: 'v',
    'no-auto-rehash': 'A',
    wait: 'w',
    compress: 'C',
    version: 'V',
    'skip-ssl': 'skip-ssl',
    ssl: 'ssl',
  },
  longValues: [
    'protocol',
    'ssl-mode',
    'connect-timeout',
    'connect_timeout',
    'default-character-set',
    'defaults-file',
    'defaults-extra-file',
  ],
} as const;

interface Invocation {
  readonly options: Options;
  readonly password: string;
  /** A password stood on the command line. */
  readonly isWarned: boolean;
}

/** `-pSECRET` is one word; `-p` alone would ask, and has nobody to ask. */
function read(args: readonly string[], { env }: ProgramContext): Invocation {
  let password = env.get('MYSQL_PWD') ?? '';
  let isWarned = false;
  const rest = args.filter((arg) => {
    const given = /^(?:-p|--password=)([\s\S]+)$/.exec(arg)?.[1];
    if (given !== undefined) {
      password = given;
      isWarned = true;
    }
    return given === undefined && arg !== '-p' && arg !== '--password';
  });
  return { options: readOptions(rest, { ...SYNTAX, flags: `${SYNTAX.flags}V` }), password, isWarned };
}

/** Opens the connection that the options mean, or says why there is none. */
function connect(options: Options, context: ProgramContext): Connection | string {
  const host = options.value('h') ?? 'localhost';
  const port = Number(options.value('P') ?? 3306);
  const connection = context.network.connect(host === 'localhost' ? '127.0.0.1' : host, port);
  if (typeof connection !== 'string') return connection;
  context.networkFailed();
  if (connection === 'unknown host') return `2005 (HY000): Unknown MySQL server host '${host}' (-2)`;
  if (host === 'localhost') {
    return "2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)";
  }
  return `2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (${connection === 'timeout' ? 110 : 111})`;
}

/** Logs in and opens a session. Throws SqlError. */
async function open(
  connection: Connection,
  { options, password }: Invocation,
  context: ProgramContext,
): Promise<SqlSession> {
  const host = options.value('h') ?? 'localhost';
  const from =
    host === 'localhost'
      ? 'localhost'
      : connection.container.podIP === context.container.podIP
        ? host
        : context.container.podIP;
  const user = options.value('u') ?? 'root';
  if (connection.protocol !== 'mysql')
    throw new SqlError(2013, 'HY000', "Lost connection to MySQL server at 'handshake'");
  admit(connection.container, { user, password, from });
  const { fs } = await connection.open();
  const variables = await variablesOf(fs, connection.container);
  return new SqlSession(new Tables(fs, DATA_FOLDER), { variables, user: `${user}@${from}`, now: context.now() });
}

const errorText = ({ number, state, message }: SqlError, line?: number): string =>
  `ERROR ${number} (${state})${line === undefined ? '' : ` at line ${line}`}: ${message}\n`;

const client = (name: string, isMaria: boolean, version: string): Program => ({
  name,
  run: async (args, context) => {
    const invocation = read(args, context);
    const { options } = invocation;
    if (options.has('V')) return ok(`${name}  Ver ${version} for Linux on x86_64\n`);
    const refused = options.unknown ?? options.incomplete;
    if (refused !== undefined) return fail(`${name}: [ERROR] ${name}: unknown option '${refused}'.\n`, 7);
    const warning =
      invocation.isWarned && !isMaria
        ? `${name}: [Warning] Using a password on the command line interface can be insecure.\n`
        : '';
    const connection = connect(options, context);
    if (typeof connection === 'string') return fail(`${warning}ERROR ${connection}\n`);
    try {
      const session = await open(connection, invocation, context);
      const database = options.value('D') ?? options.rest[0];
      if (database !== undefined) await session.choose(database);
      const { stdout, stderr, exitCode } = await runScript(session, options, context);
      return { stdout, stderr: warning + stderr, exitCode };
    } catch (error) {
      if (error instanceof SqlError) return fail(warning + errorText(error));
      throw error;
    }
  },
});

/** Rows in frames where a terminal looks on, with tabs where a program does. */
function styleOf(options: Options, { env }: ProgramContext): Style {
  if (options.has('E')) return 'vertical';
  if (options.has('t')) return 'table';
  return env.has('TERM') && !options.has('B') && !options.has('s') ? 'table' : 'tabs';
}

async function runScript(session: SqlSession, options: Options, context: ProgramContext): Promise<ProgramResult> {
  const style = styleOf(options, context);
  const given = options.all('e');
  const script = given.length > 0 ? given.join(';\n') : context.stdin;
  let [stdout, stderr, exitCode] = ['', '', 0];
  for (const { sql, vertical, line } of statements(script)) {
    if (/^(exit|quit|\\q)$/i.test(sql)) break;
    try {
      const rows = await session.execute(sql);
      if (rows) stdout += printRows(rows, vertical ? 'vertical' : style, !options.has('N'));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      stderr += errorText(error, line);
      exitCode = 1;
      if (!options.has('f')) break;
    }
  }
  return { stdout, stderr, exitCode };
}

const admin = (name: string, isMaria: boolean, version: string): Program => ({
  name,
  run: async (args, context) => {
    const invocation = read(args, context);
    const { options } = invocation;
    const warning =
      invocation.isWarned && !isMaria
        ? `${name}: [Warning] Using a password on the command line interface can be insecure.\n`
        : '';
    const refused = options.unknown ?? options.incomplete;
    if (refused !== undefined) return fail(`${name}: [ERROR] ${name}: unknown option '${refused}'.\n`, 7);
    const [command] = options.rest;
    if (command === undefined) return fail(`Usage: ${name} [OPTIONS] ping|status|version\n`);
    if (!/^(ping|status|version)$/.test(command)) return fail(`${warning}${name}: Unknown command: '${command}'\n`);
    const host = options.value('h') ?? 'localhost';
    const connection = connect(options, context);
    if (typeof connection === 'string') {
      const text = connection.replace(/^\d+ \(\w+\): /, '');
      const head = `${warning}${name}: connect to server at '${host}' failed\nerror: '${text}'\n`;
      return fail(
        `${head}Check that mysqld is running on ${host} and that the port is ${options.value('P') ?? 3306}.\n`,
      );
    }
    try {
      await open(connection, invocation, context);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      // A ping that is refused has found a server all the same.
      const text = `${name}: connect to server at '${host}' failed\nerror: '${error.message}'\n`;
      return { stdout: '', stderr: warning + text, exitCode: command === 'ping' && error.number === 1045 ? 0 : 1 };
    }
    const { stdout } = answerOf(command, name, version);
    return { stdout, stderr: warning, exitCode: 0 };
  },
});

function answerOf(command: string, name: string, version: string): ProgramResult {
  if (command === 'ping') return ok('mysqld is alive\n');
  if (command === 'version') return ok(`${name}  Ver ${version} for Linux on x86_64\nServer version\t\t${version}\n`);
  return ok(
    'Uptime: 60  Threads: 2  Questions: 10  Slow queries: 0  Opens: 100  Flush tables: 3  Open tables: 20  Queries per second avg: 0.100\n',
  );
}
