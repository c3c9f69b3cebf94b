/** nginx: its document root over HTTP, its configuration checked, its access log. */
import type { PodContainer } from '../../../apiserver/container-runtime';
import { type ImageName, isAlpine, PATH, programFiles, runsDaemon, versionOf } from '../image';
import type { ImageModel, Listener } from '../model';

export const NGINX_ROOT = '/usr/share/nginx/html';
const NEWEST = '1.29.0';

/** `nginx-unprivileged` is the same on port 8080. */
export function nginx(image: ImageName): ImageModel {
  const version = versionOf(image, NEWEST);
  const port = image.repository.endsWith('nginx-unprivileged') ? 8080 : 80;
  return {
    name: 'nginx',
    argsPrefix: ['docker-entrypoint.sh'],
    listens: (container, declared) => listeners(container, declared, port),
    env: { PATH, NGINX_VERSION: version },
    workingDir: '/',
    shells: isAlpine(image) ? ['sh', 'ash'] : ['sh', 'bash'],
    files: () => ({
      ...programFiles(['/usr/sbin/nginx', '/docker-entrypoint.sh', '/usr/bin/curl']),
      [`${NGINX_ROOT}/index.html`]: WELCOME,
      [`${NGINX_ROOT}/50x.html`]: BROKEN,
      '/etc/nginx/nginx.conf': MAIN_CONFIG,
      '/etc/nginx/conf.d/default.conf': SITE_CONFIG.replace('%PORT%', String(port)),
      '/etc/nginx/mime.types': 'types {\n    text/html html htm;\n    text/css css;\n    application/json json;\n}\n',
    }),
    programs: async () => (await import('./nginx-programs')).nginxPrograms(version, isAlpine(image)),
    serveHttp: async (request, server) => (await import('./nginx-serve')).serve(request, server, version),
  };
}

/** Where its configuration is mounted over, it may listen on whatever its pod declares. */
function listeners(container: PodContainer, declared: readonly number[], port: number): readonly Listener[] {
  if (!runsDaemon(container, ['nginx', 'nginx-debug', 'docker-entrypoint.sh'])) return [];
  const isOwn = container.mounts.some(({ path }) => path === '/etc/nginx' || path.startsWith('/etc/nginx/'));
  return [...new Set([port, ...(isOwn ? declared : [])])].map((each) => ({ port: each, protocol: 'http' }));
}

const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page says that the web server is there and answers. What it shows is yours to put in its place.</p>
</body>
</html>
`;

const BROKEN = `<!DOCTYPE html>
<html>
<head>
<title>Error</title>
</head>
<body>
<h1>An error occurred.</h1>
</body>
</html>
`;

const MAIN_CONFIG = `user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /var/run/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log  main;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const SITE_CONFIG = `server {
    listen       %PORT%;
    server_name  localhost;

    location / {
        root   ${NGINX_ROOT};
        index  index.html index.htm;
    }

    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   ${NGINX_ROOT};
    }
}
`;
