/** ZooKeeper: the image of the StatefulSet tutorial and the official one. Four-letter words, status, and a shared tree. */
import { type ImageName, PATH, programFiles, runsDaemon, versionOf } from '../image';
import type { ImageModel } from '../model';

const DAEMONS: readonly string[] = ['zkServer.sh', 'start-zookeeper', 'docker-entrypoint.sh', 'zkGenConfig.sh'];

/** Of registry.k8s.io and its predecessors: started by `start-zookeeper`; everything else is laid out as the official image. */
export function zookeeper(image: ImageName): ImageModel {
  const isTutorial = image.registry !== 'docker.io' || image.repository !== 'zookeeper';
  const version = versionOf(image, '3.9.4');
  const bin = isTutorial ? '/opt/zookeeper/bin' : '/apache-zookeeper/bin';
  return {
    name: 'zookeeper',
    ...(!isTutorial && { argsPrefix: ['docker-entrypoint.sh'] }),
    listens: (container) => {
      if (!runsDaemon(container, DAEMONS)) return [];
      const port = /--client_port=(\d+)/.exec(container.argv.join(' '))?.[1];
      return [
        { port: Number(port ?? 2181), protocol: 'zookeeper' },
        { port: 2888, protocol: 'tcp' },
        { port: 3888, protocol: 'tcp' },
      ];
    },
    env: {
      ZOO_VERSION: version,
      PATH: `${PATH}:${bin}`,
    },
    workingDir: '/',
    shells: ['sh', 'bash'],
    files: () =>
      programFiles([
        `${bin}/zkServer.sh`,
        `${bin}/zkCli.sh`,
        ...(isTutorial ? ['/usr/bin/start-zookeeper', '/usr/bin/zookeeper-ready'] : ['/docker-entrypoint.sh']),
      ]),
    programs: async () => (await import('./programs')).zookeeperPrograms(isTutorial, version),
    converse: async (input, server) => (await import('./words')).answer(input, server, version),
  };
}
