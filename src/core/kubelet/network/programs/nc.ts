/** `nc`: opens connections, and hands what it is given to whoever listens. */
import type { HttpResponse } from '../../catalogue/model';
import { fail, type Program, type ProgramContext } from '../../shell/program';
import { exchange } from '../http';
import type { Connection, Refusal } from '../types';
import { byteLength, CONNECT_MS, headText } from './http-client';
import { readOptions } from './options';

export type NcStyle = 'busybox' | 'openbsd';

export const nc = (style: NcStyle, name = 'nc'): Program => ({
  name,
  run: async (args, context) => {
    const options = readOptions(args, { flags: 'zvnu46NlkCt', values: 'wqpseix' });
    if (options.unknown) return fail(`nc: invalid option -- '${options.unknown.slice(1)}'\n`);
    if (options.incomplete) return fail(`nc: option requires an argument -- '${options.incomplete.slice(1)}'\n`);
    if (options.has('l')) return context.runsOn();
    const [host, ports] = options.rest;
    if (host === undefined || ports === undefined) return fail('usage: nc [-zv] [-w SECONDS] HOST PORT\n');
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports);
    if (!range) return fail(`nc: bad port '${ports}'\n`);
    const first = Number(range[1]);
    const last = Math.min(Number(range[2] ?? first), first + 1000);
    const isVerbose = options.has('v');
    const wait = options.value('w');
    let stderr = '';
    let exitCode = 1;
    for (let port = first; port <= last; port++) {
      const connection = context.network.connect(host, port);
      if (typeof connection === 'string') {
        if (connection === 'timeout') await context.sleep(wait === undefined ? CONNECT_MS : Number(wait) * 1000);
        context.networkFailed();
        if (isVerbose || style === 'busybox' || connection === 'unknown host')
          stderr += refusalText(style, connection, host, port, context);
        if (connection === 'unknown host') break;
        continue;
      }
      exitCode = 0;
      if (isVerbose) stderr += openText(style, host, port, connection);
      if (!options.has('z')) return { stdout: await converse(connection, context), stderr, exitCode: 0 };
    }
    return { stdout: '', stderr, exitCode };
  },
});

function refusalText(
  style: NcStyle,
  refusal: Refusal,
  host: string,
  port: number,
  { network }: ProgramContext,
): string {
  const reason = refusal === 'timeout' ? 'timed out' : 'Connection refused';
  if (style === 'busybox') {
    if (refusal === 'unknown host') return `nc: bad address '${host}'\n`;
    const [ip] = network.resolve(host);
    return refusal === 'timeout' ? 'nc: timed out\n' : `nc: ${host} (${ip}:${port}): ${reason}\n`;
  }
  if (refusal === 'unknown host') return `nc: getaddrinfo for host "${host}" port ${port}: Name or service not known\n`;
  return `nc: connect to ${host} port ${port} (tcp) ${refusal === 'timeout' ? 'timed out: Operation now in progress' : `failed: ${reason}`}\n`;
}

const openText = (style: NcStyle, host: string, port: number, { address }: Connection): string =>
  style === 'busybox'
    ? `${host} (${address}:${port}) open\n`
    : `Connection to ${host}${host === address ? '' : ` (${address})`} ${port} port [tcp/*] succeeded!\n`;

/** What the other end says to the standard input. */
async function converse(connection: Connection, context: ProgramContext): Promise<string> {
  const { model, container, protocol } = connection;
  if (protocol === 'http' || !model) return http(connection, context);
  if (!model.converse) return '';
  const { fs, log } = await connection.open();
  return model.converse(context.stdin, { container, fs, now: context.now(), log });
}

/** A request that was typed by hand. */
async function http(connection: Connection, context: ProgramContext): Promise<string> {
  const [head = '', body = ''] = context.stdin.split(/\r?\n\r?\n/);
  const [line = '', ...lines] = head.split(/\r?\n/);
  const [, method = '', target = ''] = /^([A-Z]+) (\S+)(?: HTTP\/1\.[01])?$/.exec(line) ?? [];
  if (method === '') return context.stdin === '' || !connection.model ? '' : BAD_REQUEST;
  const headers = Object.fromEntries(
    lines.flatMap((text) => {
      const [, name, value = ''] = /^([^:]+):\s*(.*)$/.exec(text) ?? [];
      return name === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
  const response = await exchange(
    connection,
    { method, target, headers, body, from: context.container.podIP },
    context.now(),
  );
  return response ? rendered(response, method) : '';
}

const rendered = (response: HttpResponse, method: string): string =>
  `${headText(response)}\r\n${method === 'HEAD' ? '' : response.body}`;

const BAD_BODY = 'Bad Request\n';
const BAD_REQUEST = `HTTP/1.1 400 Bad Request\r\nContent-Length: ${byteLength(BAD_BODY)}\r\nConnection: close\r\n\r\n${BAD_BODY}`;
