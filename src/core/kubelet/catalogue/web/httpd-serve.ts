/** What the Apache HTTP server answers, and its programs. */
import { fail, ok, type Program } from '../../shell/program';
import type { HttpRequest, HttpResponse, HttpServer } from '../model';
import { httpTime, logTime, serveFiles } from './files';
import { HTTPD_ROOT } from './httpd';
import type { Site } from './types';

export const serve = (request: HttpRequest, server: HttpServer, version: string): Promise<HttpResponse> =>
  serveFiles(request, server, siteOf(version));

export async function httpdPrograms(version: string, isSmall: boolean): Promise<readonly Program[]> {
  const { busyboxClients, getent } = await import('../../network/programs');
  const daemon = (name: string): Program => ({
    name,
    run: async (args, context) => {
      if (args.includes('-v')) return ok(`Server version: Apache/${version} (Unix)\n`);
      if (args.includes('-t') || args[0] === 'configtest') return fail('Syntax OK\n', 0);
      if (args[0] === 'graceful') return ok();
      return context.runsOn();
    },
  });
  const own = [daemon('httpd'), daemon('httpd-foreground'), daemon('apachectl')];
  return [...own, getent, ...(isSmall ? busyboxClients() : [])];
}

const TEXTS: Readonly<Record<number, (request: HttpRequest) => string>> = {
  403: () => "You don't have permission to access this resource.",
  404: () => 'The requested URL was not found on this server.',
  405: ({ method }) => `The requested method ${method} is not allowed for this URL.`,
  400: () => 'Your browser sent a request that this server could not understand.<br />\n',
};

const siteOf = (version: string): Site => ({
  root: HTTPD_ROOT,
  index: ['index.html'],
  methods: ['POST'],
  listings: true,
  errorPage: (status, reason, request) => {
    const title = `${status} ${status === 405 ? 'Method Not Allowed' : reason}`;
    return (
      '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n' +
      `<title>${title}</title>\n</head><body>\n<h1>${title.slice(4)}</h1>\n<p>${TEXTS[status]?.(request) ?? ''}</p>\n</body></html>\n`
    );
  },
  headers: ({ type, length, modified, location }, now) => ({
    Date: httpTime(now),
    Server: `Apache/${version} (Unix)`,
    ...(location !== undefined && { Location: location }),
    ...(modified !== undefined && {
      'Last-Modified': httpTime(modified),
      ETag: `"${length.toString(16)}-${(modified * 1000).toString(16)}"`,
      'Accept-Ranges': 'bytes',
    }),
    'Content-Length': String(length),
    'Content-Type': modified === undefined && !type.includes(';') ? `${type}; charset=iso-8859-1` : type,
  }),
  logLine: ({ request, status, length, now }) =>
    `${request.from} - - ${logTime(now)} "${request.method} ${request.target} HTTP/1.1" ${status} ${length === 0 ? '-' : length}`,
});
