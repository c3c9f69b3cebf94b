/** The servers of an ensemble and the tree of nodes that they share: the newest copy of those that answer counts. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../../apiserver/container-runtime';
import type { Network } from '../../network/types';

export interface TreeNode {
  readonly data: string;
  readonly version: number;
  readonly czxid: number;
  readonly mzxid: number;
}

export interface Tree {
  /** Of the last change. */
  readonly zxid: number;
  readonly nodes: Readonly<Record<string, TreeNode>>;
}

const EMPTY: Tree = {
  zxid: 0,
  nodes: {
    '/': { data: '', version: 0, czxid: 0, mzxid: 0 },
    '/zookeeper': { data: '', version: 0, czxid: 0, mzxid: 0 },
  },
};

const FILE = 'version-2/tree.json';
const CONFIGS: readonly string[] = ['/opt/zookeeper/conf/zoo.cfg', '/conf/zoo.cfg', '/usr/etc/zookeeper/zoo.cfg'];

export interface Config {
  readonly dataDir: string;
  readonly port: number;
  /** Host names of the ensemble by server number; none of a server that stands alone. */
  readonly servers: ReadonlyMap<number, string>;
}

/** Out of zoo.cfg, or of the command where the file is not there. */
export async function configOf(fs: IFileSystem, { argv, env }: PodContainer): Promise<Config> {
  const command = argv.join(' ');
  let dataDir = /--data_dir=(\S+?)["']?(\s|$)/.exec(command)?.[1] ?? env.ZOO_DATA_DIR;
  let port = Number(/--client_port=(\d+)/.exec(command)?.[1] ?? 2181);
  const servers = new Map<number, string>();
  for (const path of CONFIGS) {
    if (!(await fs.exists(path))) continue;
    for (const line of (await fs.readFile(path)).split('\n')) {
      const [, name = '', value = ''] = /^\s*([\w.]+)\s*=\s*(\S+)/.exec(line) ?? [];
      if (name === 'dataDir') dataDir = value;
      if (name === 'clientPort') port = Number(value);
      const number = /^server\.(\d+)$/.exec(name)?.[1];
      if (number !== undefined) servers.set(Number(number), value.split(':')[0] ?? '');
    }
    return { dataDir: dataDir ?? '/data', port, servers };
  }
  for (const [, number, host = ''] of (env.ZOO_SERVERS ?? '').matchAll(/server\.(\d+)=([^\s:;]+)/g)) {
    servers.set(Number(number), host);
  }
  return { dataDir: dataDir ?? '/data', port, servers };
}

export interface Member {
  readonly fs: IFileSystem;
  readonly dataDir: string;
  readonly tree: Tree;
}

/** The server itself, and the others of its ensemble that answer. */
export interface Ensemble {
  readonly own: Member;
  readonly members: readonly Member[];
  /** How many it is made of. */
  readonly size: number;
}

export async function openMember(fs: IFileSystem, container: PodContainer): Promise<Member> {
  const { dataDir } = await configOf(fs, container);
  return { fs, dataDir, tree: await readTree(fs, dataDir) };
}

export async function openEnsemble(fs: IFileSystem, container: PodContainer, network: Network): Promise<Ensemble> {
  const { servers, port } = await configOf(fs, container);
  const own = await openMember(fs, container);
  const members = [own];
  for (const host of servers.values()) {
    const connection = network.connect(host, port);
    if (typeof connection === 'string' || connection.protocol !== 'zookeeper') continue;
    if (connection.container.ref.uid === container.ref.uid) continue;
    members.push(await openMember((await connection.open()).fs, connection.container));
  }
  return { own, members, size: Math.max(1, servers.size) };
}

export const hasQuorum = ({ members, size }: Ensemble): boolean => members.length > size / 2;

export function newest({ members, own }: Ensemble): Tree {
  return members.reduce((best, { tree }) => (tree.zxid > best.zxid ? tree : best), own.tree);
}

async function readTree(fs: IFileSystem, dataDir: string): Promise<Tree> {
  const path = `${dataDir}/${FILE}`;
  return (await fs.exists(path)) ? (JSON.parse(await fs.readFile(path)) as Tree) : EMPTY;
}

export async function writeTree({ members }: Ensemble, tree: Tree): Promise<void> {
  for (const { fs, dataDir } of members) {
    await fs.mkdir(`${dataDir}/version-2`, { recursive: true });
    await fs.writeFile(`${dataDir}/${FILE}`, `${JSON.stringify(tree, undefined, 2)}\n`);
  }
}
