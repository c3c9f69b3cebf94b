/** `wget`, as busybox has it. */
import { fail, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import {
  addressText,
  byteLength,
  CONNECT_MS,
  follow,
  headerOf,
  headText,
  hostHeader,
  type Outcome,
  parseAddress,
  request,
} from './http-client';
import { type Options, readOptions } from './options';

const SYNTAX = {
  flags: 'qScs',
  values: 'OTUPYt',
  long: {
    quiet: 'q',
    'server-response': 'S',
    continue: 'c',
    spider: 's',
    'output-document': 'O',
    timeout: 'T',
    'user-agent': 'U',
    tries: 't',
    'no-check-certificate': 'k',
    'no-verbose': 'q',
  },
  longValues: ['header', 'post-data', 'post-file'],
} as const;

const MAX_REDIRECTS = 5;

export const wget: Program = {
  name: 'wget',
  run: async (args, context) => {
    const options = readOptions(
      args.map((arg) => (arg === '-nv' ? '-q' : arg)),
      SYNTAX,
    );
    const refused = options.unknown ?? options.incomplete;
    if (refused !== undefined) return fail(`wget: unrecognized option '${refused}'\n`);
    const [url] = options.rest;
    if (url === undefined)
      return fail('Usage: wget [-cqS] [--spider] [-O FILE] [--header STR] [--post-data STR] [-T SEC] URL\n');
    return download(url, options, context);
  },
};

async function download(url: string, options: Options, context: ProgramContext): Promise<ProgramResult> {
  let address = parseAddress(url);
  let said = '';
  for (let redirects = 0; ; redirects++) {
    if (!address || (/^[a-z]+:\/\//i.test(url) && !/^https?:/i.test(url))) {
      return fail(`wget: not an http or ftp url: ${url}\n`);
    }
    const body = options.value('post-data') ?? '';
    const method = options.has('post-data') ? 'POST' : options.has('s') ? 'HEAD' : 'GET';
    const headers: Record<string, string> = { host: hostHeader(address), 'user-agent': options.value('U') ?? 'Wget' };
    for (const header of options.all('header')) {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(header) ?? [];
      if (name !== '') headers[name.toLowerCase()] = value;
    }
    const seconds = Number(options.value('T') ?? CONNECT_MS / 1000);
    const timeoutMs = (Number.isFinite(seconds) ? seconds : CONNECT_MS / 1000) * 1000;
    const outcome = await request(address, { method, headers, body, timeoutMs }, context);
    const { host, port } = address;
    if (outcome.ip !== undefined && !options.has('q')) said += `Connecting to ${host} (${outcome.ip}:${port})\n`;
    if (outcome.failure !== undefined) return fail(`${said}wget: ${reason(outcome, host, options)}\n`);
    const { response } = outcome;
    if (options.has('S')) said += headText(response, '\n', '  ');
    const location = headerOf(response, 'location');
    if (location !== undefined && response.status >= 300 && response.status < 400) {
      if (redirects >= MAX_REDIRECTS) return fail(`${said}wget: too many redirections\n`);
      address = follow(address, location);
      continue;
    }
    if (response.status !== 200 && response.status !== 206 && response.status !== 204) {
      return fail(`${said}wget: server returned error: HTTP/1.1 ${response.status} ${response.reason}\n`);
    }
    if (options.has('s'))
      return { stdout: '', stderr: options.has('q') ? said : `${said}remote file exists\n`, exitCode: 0 };
    return save(response.body, addressText(address), said, options, context);
  }
}

function reason({ failure, ip }: Outcome, host: string, options: Options): string {
  switch (failure) {
    case 'unknown host':
      return `bad address '${host}'`;
    case 'refused':
      return `can't connect to remote host (${ip}): Connection refused`;
    case 'timeout':
      return options.has('T') ? 'download timed out' : `can't connect to remote host (${ip}): Connection timed out`;
    case 'tls':
      return 'error getting response: Connection reset by peer';
    default:
      return 'error getting response';
  }
}

async function save(
  body: string,
  url: string,
  said: string,
  options: Options,
  { fs, cwd }: ProgramContext,
): Promise<ProgramResult> {
  const given = options.value('O');
  const name = given ?? (url.replace(/\?.*$/, '').split('/').at(-1) || 'index.html');
  const isQuiet = options.has('q');
  const bar = progress(name, byteLength(body));
  if (name === '-') {
    return {
      stdout: body,
      stderr: isQuiet ? said : `${said}writing to stdout\n${bar}written to stdout\n`,
      exitCode: 0,
    };
  }
  const path = fs.resolvePath(fs.resolvePath(cwd, options.value('P') ?? '.'), name);
  if (given === undefined && (await fs.exists(path))) {
    return fail(`${said}wget: can't open '${name}': File exists\n`);
  }
  try {
    if (path !== '/dev/null') await fs.writeFile(path, body);
  } catch {
    return fail(`${said}wget: can't open '${name}': No such file or directory\n`);
  }
  return { stdout: '', stderr: isQuiet ? said : `${said}saving to '${name}'\n${bar}'${name}' saved\n`, exitCode: 0 };
}

/** As busybox draws it when all has come. */
const progress = (name: string, size: number): string =>
  `${name.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(size).padStart(5)}  0:00:00 ETA\n`;
