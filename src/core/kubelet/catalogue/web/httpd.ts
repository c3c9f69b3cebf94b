/** The Apache HTTP server: its document root over HTTP, and its access log. */
import type { PodContainer } from '../../../apiserver/container-runtime';
import { type ImageName, isAlpine, PATH, programFiles, runsDaemon, versionOf } from '../image';
import type { ImageModel, Listener } from '../model';

export const HTTPD_ROOT = '/usr/local/apache2/htdocs';
const CONFIG = '/usr/local/apache2/conf';
const NEWEST = '2.4.66';

export function httpd(image: ImageName): ImageModel {
  const version = versionOf(image, NEWEST);
  const folder = '/usr/local/apache2';
  return {
    name: 'httpd',
    listens: listeners,
    env: { PATH: `${PATH}:${folder}/bin`, HTTPD_PREFIX: folder, HTTPD_VERSION: version },
    workingDir: folder,
    shells: isAlpine(image) ? ['sh', 'ash'] : ['sh', 'bash'],
    files: () => ({
      ...programFiles([`${folder}/bin/httpd`, `${folder}/bin/apachectl`, '/usr/local/bin/httpd-foreground']),
      [`${HTTPD_ROOT}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n',
      [`${CONFIG}/httpd.conf`]: `ServerRoot "${folder}"\nListen 80\nDocumentRoot "${HTTPD_ROOT}"\nDirectoryIndex index.html\n`,
    }),
    programs: async () => (await import('./httpd-serve')).httpdPrograms(version, isAlpine(image)),
    serveHttp: async (request, server) => (await import('./httpd-serve')).serve(request, server, version),
  };
}

function listeners(container: PodContainer, declared: readonly number[]): readonly Listener[] {
  if (!runsDaemon(container, ['httpd', 'httpd-foreground', 'apachectl'])) return [];
  const isOwn = container.mounts.some(({ path }) => path === CONFIG || path.startsWith(`${CONFIG}/`));
  return [...new Set([80, ...(isOwn ? declared : [])])].map((port) => ({ port, protocol: 'http' }));
}
