/** MySQL and its relatives: a server whose databases are JSON files in its data folder, and its clients. */
import { type ImageName, PATH, programFiles, runsDaemon, versionOf } from '../image';
import type { ImageModel } from '../model';

export const DATA_FOLDER = '/var/lib/mysql';

export function mysql(image: ImageName): ImageModel {
  const isMaria = image.repository === 'mariadb';
  const version = versionOf(image, isMaria ? '11.4' : '8.4');
  return {
    name: isMaria ? 'mariadb' : 'mysql',
    argsPrefix: ['docker-entrypoint.sh'],
    listens: (container) => {
      if (!runsDaemon(container, ['mysqld', 'mariadbd', 'mysqld_safe', 'docker-entrypoint.sh'])) return [];
      const port = /--port[= ](\d+)/.exec(container.argv.join(' '))?.[1];
      return [{ port: Number(port ?? 3306), protocol: 'mysql' }];
    },
    env: { PATH, [isMaria ? 'MARIADB_VERSION' : 'MYSQL_VERSION']: version },
    workingDir: '/',
    shells: ['sh', 'bash'],
    files: () => ({
      ...programFiles([
        '/usr/bin/mysql',
        '/usr/bin/mysqladmin',
        '/usr/sbin/mysqld',
        '/usr/local/bin/docker-entrypoint.sh',
      ]),
      ...(isMaria && programFiles(['/usr/bin/mariadb', '/usr/bin/mariadb-admin', '/usr/sbin/mariadbd'])),
      '/etc/mysql/conf.d/mysql.cnf': '[mysql]\n',
      [`${DATA_FOLDER}/.keep`]: '',
    }),
    programs: async () => (await import('./programs')).mysqlPrograms(isMaria, version),
    converse: async () => `J\0\0\0\n${version}\0`,
  };
}
