/** busybox' own small web server, and busybox as the one program that it is. */
import { fail, type Program } from '../../shell/program';
import type { HttpRequest, HttpResponse, HttpServer } from '../model';
import { httpTime, serveFiles } from './files';
import type { Site } from './types';

/** In the foreground it serves; else it would go on behind the shell, and only what the container itself runs is simulated. */
export const busyboxHttpd: Program = {
  name: 'httpd',
  run: async (args, context) => {
    if (args.includes('-f') || args.some((arg) => /^-[a-z]*f/.test(arg))) return context.runsOn();
    return { stdout: '', stderr: '', exitCode: 0 };
  },
};

export const multiCall: Program = {
  name: 'busybox',
  run: async ([applet, ...args], context) => {
    if (applet === undefined) return { stdout: 'BusyBox multi-call binary.\n', stderr: '', exitCode: 0 };
    if (applet.includes('/')) return fail(`${applet}: applet not found\n`, 127);
    return context.exec([applet, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '));
  },
};

export function serve(request: HttpRequest, server: HttpServer): Promise<HttpResponse> {
  const command = server.container.argv.join(' ');
  const folder = /httpd\b[^;&|]*?\s-h\s*(\S+)/.exec(command)?.[1] ?? server.container.workingDir ?? '/';
  return serveFiles(request, server, site(server.fs.resolvePath('/', folder.replaceAll(/["']/g, ''))));
}

const site = (root: string): Site => ({
  root,
  index: ['index.html'],
  methods: [],
  listings: false,
  errorPage: (status, reason) =>
    `<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\n</BODY></HTML>\n`,
  headers: ({ type, length, modified, location }, now) => ({
    Date: httpTime(now),
    Connection: 'close',
    'Content-type': type,
    ...(location !== undefined && { Location: location }),
    ...(modified !== undefined && { 'Accept-Ranges': 'bytes', 'Last-Modified': httpTime(modified) }),
    'Content-length': String(length),
  }),
  logLine: () => '',
});
