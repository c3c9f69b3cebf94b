/** Redis and Valkey: data and cluster state as files of the server's folder, and the client that works on them. */
import { type ImageName, isAlpine, PATH, programFiles, runsDaemon, versionOf } from '../image';
import type { ImageModel } from '../model';
import { settingsOf } from './settings';

export function redis(image: ImageName): ImageModel {
  const isValkey = image.repository.startsWith('valkey');
  const version = versionOf(image, isValkey ? '8.1' : '8.2');
  const names = isValkey ? ['valkey', 'redis'] : ['redis'];
  return {
    name: isValkey ? 'valkey' : 'redis',
    argsPrefix: ['docker-entrypoint.sh'],
    listens: (container) => {
      if (!runsDaemon(container, ['redis-server', 'valkey-server', 'docker-entrypoint.sh'])) return [];
      const { port, isCluster } = settingsOf(container);
      return [{ port, protocol: 'redis' }, ...(isCluster ? [{ port: port + 10_000, protocol: 'redis bus' }] : [])];
    },
    env: { PATH, REDIS_VERSION: version },
    workingDir: '/data',
    shells: isAlpine(image) ? ['sh', 'ash'] : ['sh', 'bash'],
    files: () => ({
      ...programFiles(names.flatMap((name) => [`/usr/local/bin/${name}-server`, `/usr/local/bin/${name}-cli`])),
      ...programFiles(['/usr/local/bin/docker-entrypoint.sh']),
      '/data/.keep': '',
    }),
    programs: async () => (await import('./programs')).redisPrograms(names, version, isAlpine(image)),
    converse: async (input, server) => (await import('./converse')).converse(input, server),
  };
}
