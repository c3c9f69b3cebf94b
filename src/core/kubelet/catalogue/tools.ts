/** Images for looking at networks: every client that the catalogue has. */
import type { ImageName } from './image';
import type { ImageModel } from './model';

export const tools = ({ repository }: ImageName): ImageModel => {
  const isCurl = repository === 'curlimages/curl';
  return {
    name: 'tools',
    entrypoint: isCurl ? ['curl'] : ['sh'],
    ...(isCurl && { argsPrefix: ['curl'] }),
    listens: () => [],
    env: {},
    workingDir: '/',
    shells: ['sh', 'bash'],
    files: () => ({}),
    programs: async () => (await import('../network/programs')).toolClients(),
  };
};
