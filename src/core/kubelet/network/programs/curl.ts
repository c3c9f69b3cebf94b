/** `curl`: HTTP to what listens in the cluster, with curl's messages and exit codes. */
import { fail, ok, type Program, type ProgramContext, type ProgramResult } from '../../shell/program';
import {
  type Address,
  addressText,
  byteLength,
  CONNECT_MS,
  type Failure,
  follow,
  headerOf,
  headText,
  hostHeader,
  type Outcome,
  parseAddress,
  request,
} from './http-client';
import { type Options, readOptions } from './options';

const VERSION = '7.88.1';
const MAX_REDIRECTS = 50;

const SYNTAX = {
  flags: 'sSOIivLkfGgNn46#a',
  values: 'oXdHwmuAebcTFx',
  long: {
    silent: 's',
    'show-error': 'S',
    'remote-name': 'O',
    head: 'I',
    include: 'i',
    verbose: 'v',
    location: 'L',
    insecure: 'k',
    fail: 'f',
    get: 'G',
    'no-buffer': 'N',
    ipv4: '4',
    ipv6: '6',
    'progress-bar': '#',
    output: 'o',
    request: 'X',
    data: 'd',
    'data-raw': 'raw',
    'data-binary': 'binary',
    header: 'H',
    'write-out': 'w',
    'max-time': 'm',
    user: 'u',
    'user-agent': 'A',
    referer: 'e',
    'no-progress-meter': 's',
    'fail-with-body': 'fail-with-body',
    'retry-connrefused': 'retry-connrefused',
    compressed: 'compressed',
    'http1.1': 'http1.1',
    version: 'V',
  },
  longValues: ['connect-timeout', 'retry', 'retry-delay', 'max-redirs', 'url', 'data-raw', 'data-binary', 'noproxy'],
} as const;

export const curl: Program = {
  name: 'curl',
  run: async (args, context) => {
    const options = readOptions(args, { ...SYNTAX, flags: `${SYNTAX.flags}V`, long: SYNTAX.long });
    if (options.has('V')) return ok(`curl ${VERSION}\nProtocols: http\n`);
    const refused = options.unknown ?? options.incomplete;
    if (refused !== undefined) {
      const what = options.unknown ? 'is unknown' : 'requires parameter';
      return fail(`curl: option ${refused}: ${what}\ncurl: try 'curl --help' for more information\n`, 2);
    }
    for (const letter of ['T', 'F', 'x', 'b', 'c']) {
      if (options.has(letter)) return fail(`curl: option -${letter}: is not simulated\n`, 2);
    }
    const urls = [...options.all('url'), ...options.rest];
    if (urls.length === 0) return fail("curl: try 'curl --help' for more information\n", 2);
    const results: ProgramResult[] = [];
    for (const url of urls) results.push(await fetchOne(url, options, context));
    return {
      stdout: results.map(({ stdout }) => stdout).join(''),
      stderr: results.map(({ stderr }) => stderr).join(''),
      exitCode: results.at(-1)?.exitCode ?? 0,
    };
  },
};

async function fetchOne(url: string, options: Options, context: ProgramContext): Promise<ProgramResult> {
  const first = parseAddress(url);
  if (!first) {
    const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(url)?.[1];
    if (scheme) return failed(1, `Protocol "${scheme}" not supported or disabled in libcurl`, options);
    return failed(3, 'URL using bad/illegal format or missing URL', options);
  }
  const body = await bodyOf(options, context);
  if (body === undefined) return failed(26, 'Failed to open/read local data from file/application', options);
  const asGet = options.has('G') && body !== '';
  let address = asGet ? { ...first, target: first.target + (first.target.includes('?') ? '&' : '?') + body } : first;
  let log = '';
  let heads = '';
  const seconds = Number(options.value('connect-timeout') ?? options.value('m') ?? CONNECT_MS / 1000);
  const timeoutMs = Math.max(0, Number.isFinite(seconds) ? seconds : CONNECT_MS / 1000) * 1000;
  const begun = context.now();
  let method = methodOf(options, asGet ? '' : body);
  for (let redirects = 0; ; redirects++) {
    const sent = asGet ? '' : body;
    const headers = headersOf(options, address, sent);
    const outcome = await request(address, { method, headers, body: sent, timeoutMs }, context);
    const took = context.now() - begun;
    if (options.has('v')) log += verbose(address, method, headers, outcome);
    if (outcome.failure !== undefined) {
      const { code, message } = explain(outcome.failure, address, took);
      const { stderr } = failed(code, message, options);
      return { stdout: heads + written(options, { address, took, code }), stderr: log + stderr, exitCode: code };
    }
    const { response } = outcome;
    if (options.has('i') || options.has('I')) heads += `${headText(response)}\r\n`;
    const location = headerOf(response, 'location');
    if (options.has('L') && location !== undefined && response.status >= 300 && response.status < 400) {
      const next = follow(address, location);
      if (redirects >= Number(options.value('max-redirs') ?? MAX_REDIRECTS) || !next) {
        return failed(47, `Maximum (${redirects}) redirects followed`, options);
      }
      address = next;
      if (response.status === 303) method = 'GET';
      continue;
    }
    const text = method === 'HEAD' ? '' : response.body;
    const report = written(options, { address, took, code: 0, outcome, redirects, size: byteLength(text) });
    if (response.status >= 400 && options.has('f')) {
      const { stderr } = failed(22, `The requested URL returned error: ${response.status}`, options);
      return { stdout: report, stderr: log + stderr, exitCode: 22 };
    }
    const saved = await save(heads + text, options, address, context);
    if (saved === undefined) return failed(23, 'Failure writing output to destination', options);
    return { stdout: saved + report, stderr: log, exitCode: 0 };
  }
}

function failed(code: number, message: string, options: Options): ProgramResult {
  const isSilent = options.has('s') && !options.has('S');
  return fail(isSilent ? '' : `curl: (${code}) ${message}\n`, code);
}

function methodOf(options: Options, body: string): string {
  const hasData = options.has('d') || options.has('raw') || options.has('binary') || body !== '';
  return options.value('X') ?? (options.has('I') ? 'HEAD' : hasData && !options.has('G') ? 'POST' : 'GET');
}

/** All data joined by `&`; `@file` is read, `@-` is standard input. Undefined where a file can't be read. */
async function bodyOf(options: Options, context: ProgramContext): Promise<string | undefined> {
  const parts: string[] = [...options.all('data-raw')];
  for (const name of ['d', 'data-binary']) {
    for (const value of options.all(name)) {
      if (!value.startsWith('@')) {
        parts.push(value);
        continue;
      }
      const path = context.fs.resolvePath(context.cwd, value.slice(1));
      if (value !== '@-' && !(await context.fs.exists(path))) return undefined;
      const text = value === '@-' ? context.stdin : await context.fs.readFile(path);
      parts.push(name === 'd' ? text.replaceAll(/[\r\n]/g, '') : text);
    }
  }
  return parts.join('&');
}

function headersOf(options: Options, address: Address, body: string): Record<string, string> {
  const headers: Record<string, string> = {
    host: hostHeader(address),
    'user-agent': options.value('A') ?? `curl/${VERSION}`,
    accept: '*/*',
  };
  const user = options.value('u');
  if (user !== undefined) headers.authorization = `Basic ${btoa(user)}`;
  const referer = options.value('e');
  if (referer !== undefined) headers.referer = referer;
  if (body !== '') {
    headers['content-length'] = String(byteLength(body));
    headers['content-type'] = 'application/x-www-form-urlencoded';
  }
  for (const header of options.all('H')) {
    const [, name = '', value = ''] = /^([^:;]+)[:;]\s*(.*)$/.exec(header) ?? [];
    if (name === '') continue;
    if (value === '' && header.includes(':')) delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = value;
  }
  return headers;
}

function explain(failure: Failure, { host, port }: Address, took: number): { code: number; message: string } {
  switch (failure) {
    case 'unknown host':
      return { code: 6, message: `Could not resolve host: ${host}` };
    case 'refused':
      return { code: 7, message: `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server` };
    case 'timeout':
      return { code: 28, message: `Failed to connect to ${host} port ${port} after ${took} ms: Timeout was reached` };
    case 'tls':
      return { code: 35, message: 'error:0A00010B:SSL routines::wrong version number' };
    case 'empty':
      return { code: 52, message: 'Empty reply from server' };
  }
}

const HEADER_NAMES: Readonly<Record<string, string>> = { 'user-agent': 'User-Agent' };
const capital = (name: string): string =>
  HEADER_NAMES[name] ??
  name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());

function verbose(
  address: Address,
  method: string,
  headers: Readonly<Record<string, string>>,
  outcome: Outcome,
): string {
  const { host, port, target } = address;
  const trying = outcome.ip === undefined ? '' : `*   Trying ${outcome.ip}:${port}...\n`;
  if (outcome.failure === 'unknown host') return `* Could not resolve host: ${host}\n* Closing connection 0\n`;
  if (outcome.failure === 'refused') {
    const reason = `* Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server\n`;
    return `${trying}* connect to ${outcome.ip} port ${port} failed: Connection refused\n${reason}* Closing connection 0\n`;
  }
  if (outcome.failure === 'timeout') return `${trying}* Connection timed out\n* Closing connection 0\n`;
  const sent = Object.entries(headers).map(([name, value]) => `> ${capital(name)}: ${value}\n`);
  const head = `${trying}* Connected to ${host} (${outcome.ip}) port ${port} (#0)\n> ${method} ${target} HTTP/1.1\n${sent.join('')}> \n`;
  if (outcome.failure !== undefined) return `${head}* Empty reply from server\n* Closing connection 0\n`;
  const received = headText(outcome.response, '\n', '< ');
  return `${head}${received}< \n* Connection #0 to host ${host} left intact\n`;
}

/** Writes to the file that was asked for, and returns what is left for standard output. Undefined where it can't be written. */
async function save(
  text: string,
  options: Options,
  address: Address,
  { fs, cwd }: ProgramContext,
): Promise<string | undefined> {
  const remote = options.has('O') ? address.target.replace(/\?.*$/, '').split('/').at(-1) : undefined;
  const path = options.value('o') ?? remote;
  if (path === undefined || path === '-') return text;
  if (path === '') return undefined;
  if (path === '/dev/null') return '';
  try {
    await fs.writeFile(fs.resolvePath(cwd, path), text);
    return '';
  } catch {
    return undefined;
  }
}

interface Facts {
  readonly address: Address;
  readonly took: number;
  readonly code: number;
  readonly outcome?: Outcome;
  readonly redirects?: number;
  readonly size?: number;
}

/** What `-w` asks for. */
function written(options: Options, { address, took, code, outcome, redirects = 0, size = 0 }: Facts): string {
  const format = options.value('w');
  if (format === undefined) return '';
  const response = outcome?.failure === undefined ? outcome?.response : undefined;
  const status = String(response?.status ?? 0).padStart(3, '0');
  const seconds = (took / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: status,
    response_code: status,
    size_download: String(size),
    time_total: seconds,
    time_connect: seconds,
    time_namelookup: '0.000000',
    content_type: (response && headerOf(response, 'content-type')) ?? '',
    url_effective: addressText(address),
    remote_ip: outcome?.ip ?? '',
    remote_port: String(address.port),
    num_redirects: String(redirects),
    exitcode: String(code),
    method: methodOf(options, ''),
    scheme: address.scheme.toUpperCase(),
    http_version: '1.1',
  };
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };
  return format
    .replaceAll(/%\{([^}]*)\}/g, (_, name: string) => values[name] ?? '')
    .replaceAll(/\\([ntr\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}
