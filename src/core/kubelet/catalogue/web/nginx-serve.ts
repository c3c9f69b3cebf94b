/** What nginx answers to a request, by the server and the location of its configuration. */
import { goRegExpMatches } from '../../../meta/go-regexp';
import type { HttpRequest, HttpResponse, HttpServer } from '../model';
import { errorAnswer, httpTime, logTime, respond, serveFiles } from './files';
import { NGINX_ROOT } from './nginx';
import { DEFAULT_CONFIG_PATH, type Directive, readConfig } from './nginx-config';
import type { Site } from './types';

export async function serve(request: HttpRequest, server: HttpServer, version: string): Promise<HttpResponse> {
  const block = await serverBlock(server);
  const path = request.target.split('?')[0] ?? '/';
  const location = block && locationOf(block, path);
  const scope = [location?.block ?? [], block ?? []];
  const site = siteOf(scope, version);
  const returned = last(scope, 'return');
  if (returned) return answer(returned, request, server, site, last(scope, 'default_type')?.[1]);
  if (last([location?.block ?? []], 'proxy_pass')) {
    // Nobody else is asked in its place: what is behind a proxy is not simulated.
    return respond(errorAnswer(502, request, site), request, server, site);
  }
  const alias = last([location?.block ?? []], 'alias')?.[1];
  if (alias !== undefined && location) {
    const prefix = location.words.at(-1) ?? '/';
    const inner = { ...request, target: `/${request.target.slice(prefix.length)}`.replace('//', '/') };
    return serveFiles(inner, server, { ...site, root: alias.replace(/(.)\/$/, '$1') });
  }
  return serveFiles(request, server, site);
}

/** The first server of the configuration; none where it can't be read: a running nginx keeps what it had. */
async function serverBlock({ fs }: HttpServer): Promise<readonly Directive[] | undefined> {
  try {
    const http = (await readConfig(fs, DEFAULT_CONFIG_PATH)).find(({ words }) => words[0] === 'http');
    return http?.block?.find(({ words }) => words[0] === 'server')?.block;
  } catch {
    return undefined;
  }
}

/** An exact location, else the longest prefix, as nginx chooses among those that are no patterns. */
function locationOf(block: readonly Directive[], path: string): Directive | undefined {
  const locations = block.filter(({ words }) => words[0] === 'location');
  const exact = locations.find(({ words }) => words[1] === '=' && words[2] === path);
  if (exact) return exact;
  const pattern = locations.find(({ words }) => /^~\*?$/.test(words[1] ?? '') && matches(words, path));
  if (pattern) return pattern;
  return locations
    .filter(({ words }) => (words[1] ?? '').startsWith('/') || words[1] === '^~')
    .filter(({ words }) => path.startsWith(words.at(-1) ?? ''))
    .sort((a, b) => (b.words.at(-1) ?? '').length - (a.words.at(-1) ?? '').length)[0];
}

function matches([, kind, pattern = '']: readonly string[], path: string): boolean {
  const found = goRegExpMatches(kind === '~*' ? `(?i)${pattern}` : pattern, path);
  return found ?? matchesLookingAround(pattern, kind === '~*' ? 'i' : '', path);
}

/** What only a backtracking engine can match; not where it would try for ever: repetitions of repetitions, long paths. */
function matchesLookingAround(pattern: string, flags: string, path: string): boolean {
  if (path.length > 500 || /[*+}?][^()]*\)[*+{]/.test(pattern.slice(0, 1000))) return false;
  try {
    return new RegExp(pattern, flags).test(path);
  } catch {
    return false;
  }
}

/** A directive of the innermost block that has it. */
function last(scope: readonly (readonly Directive[])[], name: string): readonly string[] | undefined {
  for (const block of scope) {
    const found = block.findLast(({ words }) => words[0] === name);
    if (found) return found.words;
  }
  return undefined;
}

function answer(
  [, first = '', second]: readonly string[],
  request: HttpRequest,
  server: HttpServer,
  site: Site,
  type = 'text/plain',
): HttpResponse {
  const status = /^\d{3}$/.test(first) ? Number(first) : 302;
  const text = /^\d{3}$/.test(first) ? second : first;
  if (status >= 300 && status < 400) {
    return respond(
      errorAnswer(status, request, site, { location: filled(text ?? '', request, server) }),
      request,
      server,
      site,
    );
  }
  if (text === undefined) return respond(errorAnswer(status, request, site), request, server, site);
  return respond({ status, body: filled(text, request, server), content: { type } }, request, server, site);
}

/** Variables and escapes of a text. */
function filled(text: string, request: HttpRequest, { container }: HttpServer): string {
  const values: Readonly<Record<string, string>> = {
    hostname: container.hostname,
    host: (request.headers.host ?? 'localhost').replace(/:\d+$/, ''),
    request_uri: request.target,
    uri: request.target.split('?')[0] ?? '/',
    remote_addr: request.from,
    server_addr: container.podIP,
    scheme: 'http',
    request_method: request.method,
    http_user_agent: request.headers['user-agent'] ?? '',
  };
  return text
    .replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => values[name] ?? '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
}

function siteOf(scope: readonly (readonly Directive[])[], version: string): Site {
  const token = last(scope, 'server_tokens')?.[1] === 'off' ? 'nginx' : `nginx/${version}`;
  return {
    root: (last(scope, 'root')?.[1] ?? NGINX_ROOT).replace(/(.)\/$/, '$1'),
    index: last(scope, 'index')?.slice(1) ?? ['index.html', 'index.htm'],
    methods: [],
    listings: last(scope, 'autoindex')?.[1] === 'on',
    errorPage: (status, reason) =>
      `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n` +
      `<hr><center>${token}</center>\r\n</body>\r\n</html>\r\n`,
    headers: ({ type, length, modified, location }, now) => ({
      Server: token,
      Date: httpTime(now),
      'Content-Type': type,
      'Content-Length': String(length),
      ...(modified !== undefined && { 'Last-Modified': httpTime(modified) }),
      ...(location !== undefined && { Location: location }),
      Connection: 'keep-alive',
      ...(modified !== undefined && {
        ETag: `"${Math.floor(modified / 1000).toString(16)}-${length.toString(16)}"`,
        'Accept-Ranges': 'bytes',
      }),
    }),
    logLine: ({ request, status, length, now }) =>
      `${request.from} - - ${logTime(now)} "${request.method} ${request.target} HTTP/1.1" ${status} ${length} ` +
      `"${request.headers.referer ?? '-'}" "${request.headers['user-agent'] ?? '-'}" "${request.headers['x-forwarded-for'] ?? '-'}"`,
  };
}
