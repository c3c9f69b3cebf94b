/** Answers HTTP requests from a folder of files, as nginx and httpd do. */
import type { HttpRequest, HttpResponse, HttpServer } from '../model';
import type { ContentHeaders, Site } from './types';

export const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  xml: 'text/xml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/x-icon',
  pdf: 'application/pdf',
};

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly content: Omit<ContentHeaders, 'length'>;
}

export async function serveFiles(request: HttpRequest, server: HttpServer, site: Site): Promise<HttpResponse> {
  return respond(await answer(request, server, site), request, server, site);
}

/** Puts headers around an answer and writes the access log. */
export function respond(answer: Answer, request: HttpRequest, server: HttpServer, site: Site): HttpResponse {
  const { status, body, content } = answer;
  const length = new TextEncoder().encode(body).length;
  const isHead = request.method === 'HEAD';
  const line = site.logLine({ request, status, length: isHead ? 0 : length, now: server.now });
  if (line !== '') server.log(line);
  return {
    status,
    reason: REASONS[status] ?? 'Unknown',
    headers: site.headers({ ...content, length }, server.now),
    body: isHead ? '' : body,
  };
}

export function errorAnswer(
  status: number,
  request: HttpRequest,
  site: Site,
  extra: Partial<ContentHeaders> = {},
): Answer {
  const body = site.errorPage(status, REASONS[status] ?? 'Unknown', request);
  return { status, body, content: { type: 'text/html', ...extra } };
}

async function answer(request: HttpRequest, { fs }: HttpServer, site: Site): Promise<Answer> {
  const path = decoded(request.target);
  if (path === undefined) return errorAnswer(400, request, site);
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && !site.methods.includes(method)) {
    return errorAnswer(405, request, site);
  }
  const file = fs.resolvePath(site.root, `.${path}`);
  if (file !== site.root && !file.startsWith(`${site.root.replace(/\/$/, '')}/`))
    return errorAnswer(400, request, site);
  if (!(await fs.exists(file))) return errorAnswer(404, request, site);
  const stat = await fs.stat(file);
  if (!stat.isDirectory) return path.endsWith('/') ? errorAnswer(404, request, site) : fileAnswer(file, fs);
  if (!path.endsWith('/')) {
    const host = request.headers.host ?? 'localhost';
    return errorAnswer(301, request, site, { location: `http://${host}${path}/` });
  }
  for (const name of site.index) {
    const index = fs.resolvePath(file, name);
    if (await fs.exists(index)) return fileAnswer(index, fs);
  }
  return site.listings ? listing(path, await fs.readdir(file)) : errorAnswer(403, request, site);
}

async function fileAnswer(path: string, fs: HttpServer['fs']): Promise<Answer> {
  const { mtime } = await fs.stat(path);
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const type = TYPES[ending] ?? 'application/octet-stream';
  return { status: 200, body: await fs.readFile(path), content: { type, modified: mtime.getTime() } };
}

function listing(path: string, names: readonly string[]): Answer {
  const parent = path === '/' ? [] : ['<li><a href="../"> Parent Directory</a></li>'];
  const items = [...parent, ...[...names].sort().map((name) => `<li><a href="${name}"> ${name}</a></li>`)];
  const title = `Index of ${path === '/' ? path : path.slice(0, -1)}`;
  const body =
    `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>${title}</title>\n </head>\n` +
    ` <body>\n<h1>${title}</h1>\n<ul>${items.join('\n')}\n</ul>\n</body></html>\n`;
  return { status: 200, body, content: { type: 'text/html;charset=UTF-8' } };
}

/** The path of a target, without its query; undefined for one that can't be read or leads out. */
function decoded(target: string): string | undefined {
  const [path = ''] = target.replace(/^https?:\/\/[^/]+/i, '').split(/[?#]/);
  try {
    const text = decodeURIComponent(path);
    return text.startsWith('/') && !text.includes('\0') ? text.replaceAll(/\/{2,}/g, '/') : undefined;
  } catch {
    return undefined;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `[21/Nov/2026:13:00:00 +0000]` */
export function logTime(ms: number): string {
  const date = new Date(ms);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `[${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000]`;
}

/** As the Date header. */
export const httpTime = (ms: number): string => new Date(ms).toUTCString();
