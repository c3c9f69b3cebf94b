/** The four-letter words: `ruok`, `stat`, `srvr`, `mntr`, `conf`. */
import type { HttpServer } from '../model';
import { configOf, openMember } from './ensemble';

export async function answer(input: string, { fs, container }: HttpServer, version: string): Promise<string> {
  const word = input.trim().slice(0, 4);
  const { tree } = await openMember(fs, container);
  const config = await configOf(fs, container);
  const { size } = config.servers;
  // Who leads is elected; here it is the server with the highest number.
  const last = [...config.servers].sort(([a], [b]) => b - a)[0]?.[1].split('.')[0];
  const mode = size <= 1 ? 'standalone' : last === container.hostname ? 'leader' : 'follower';
  const count = Object.keys(tree.nodes).length;
  switch (word) {
    case 'ruok':
      return 'imok';
    case 'srvr':
    case 'stat':
      return (
        `Zookeeper version: ${version}\n${word === 'stat' ? 'Clients:\n\n' : ''}Latency min/avg/max: 0/0/0\nReceived: 1\nSent: 0\n` +
        `Connections: 1\nOutstanding: 0\nZxid: 0x${tree.zxid.toString(16)}\nMode: ${mode}\nNode count: ${count}\n`
      );
    case 'mntr':
      return [
        `zk_version\t${version}`,
        'zk_avg_latency\t0',
        'zk_num_alive_connections\t1',
        'zk_outstanding_requests\t0',
        `zk_server_state\t${mode}`,
        `zk_znode_count\t${count}`,
      ]
        .map((line) => `${line}\n`)
        .join('');
    case 'conf':
      return `clientPort=${config.port}\ndataDir=${config.dataDir}/version-2\nserverId=0\n`;
    default:
      return '';
  }
}
