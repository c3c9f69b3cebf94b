/** A running server as its client finds it: commands on keys, on the cluster, and about the server itself. */
import type { PodContainer } from '../../../apiserver/container-runtime';
import { matchesWildcard } from '../../../meta/wildcard';
import type { Connection, Network, Peer } from '../../network/types';
import { COMMANDS, type Keys, readKeys, writeKeys } from './data';
import { addressOf, type ClusterNode, hasSlots, lineOf, readNodes, writeNodes } from './nodes';
import { array, bulk, error, integer, OK, plain, type Reply, status } from './reply';
import { type Settings, settingsOf } from './settings';
import { countSlots, SLOTS, slotOf } from './slots';

export interface Client {
  readonly network: Network;
  /** ms since 1970 */
  readonly now: number;
  /** The password that was given with -a. */
  readonly password?: string;
}

export class RedisServer {
  private authorized: boolean;

  private constructor(
    readonly container: PodContainer,
    readonly settings: Settings,
    private readonly peer: Peer,
    private readonly client: Client,
    private readonly version: string,
  ) {
    this.authorized = settings.password === undefined || settings.password === client.password;
  }

  static async open(connection: Connection, client: Client): Promise<RedisServer> {
    const { container, model } = connection;
    const peer = await connection.open();
    const { file } = settingsOf(container);
    const text = file !== undefined && (await peer.fs.exists(file)) ? await peer.fs.readFile(file) : undefined;
    const version = model?.env.REDIS_VERSION ?? '7.0';
    return new RedisServer(container, settingsOf(container, text), peer, client, version);
  }

  /** The server of a container that is starting: nobody can connect to it yet. */
  static own(container: PodContainer, settings: Settings, peer: Peer, client: Client, version: string): RedisServer {
    return new RedisServer(container, settings, peer, client, version);
  }

  /** Another server of the cluster; undefined where none answers. */
  async at(host: string, port: number): Promise<RedisServer | undefined> {
    const connection = this.client.network.connect(host, port);
    if (typeof connection === 'string' || connection.protocol !== 'redis') return undefined;
    return RedisServer.open(connection, this.client);
  }

  nodes(): Promise<readonly ClusterNode[]> {
    return readNodes(this.peer.fs, this.settings, this.container);
  }

  async setNodes(nodes: readonly ClusterNode[]): Promise<void> {
    await writeNodes(this.peer.fs, this.settings, nodes);
  }

  async myself(): Promise<ClusterNode> {
    const nodes = await this.nodes();
    const [first] = nodes;
    const own = nodes.find(({ myself }) => myself) ?? first;
    if (!own) throw new Error('a node does not know itself');
    return own;
  }

  keys(): Promise<Keys> {
    return readKeys(this.peer.fs, this.settings.dir, this.client.now);
  }

  async execute([name = '', ...args]: readonly string[]): Promise<Reply> {
    const command = name.toLowerCase();
    if (command === 'auth') return this.authenticate(args);
    if (!this.authorized && command !== 'hello' && command !== 'quit') return error('NOAUTH Authentication required.');
    if (Object.hasOwn(COMMANDS, command)) return this.onKeys(command, args);
    switch (command) {
      case 'ping':
        return args.length > 0 ? bulk(args[0] ?? '') : status('PONG');
      case 'echo':
        return args.length === 1 ? bulk(args[0] ?? '') : wrongCount(command);
      case 'select':
        return args[0] === '0' ? OK : error('ERR DB index is out of range');
      case 'time':
        return array([String(Math.floor(this.client.now / 1000)), '0']);
      case 'quit':
      case 'save':
        return OK;
      case 'bgsave':
        return status('Background saving started');
      case 'role':
        return this.role();
      case 'info':
        return plain(await this.info(args[0]?.toLowerCase()));
      case 'config':
        return this.config(args);
      case 'cluster':
        return this.cluster(args);
      default:
        return error(
          `ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`,
        );
    }
  }

  private authenticate(args: readonly string[]): Reply {
    const password = args.at(-1);
    if (password === undefined) return wrongCount('auth');
    if (this.settings.password === undefined) {
      return error(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    }
    if (password !== this.settings.password)
      return error('WRONGPASS invalid username-password pair or user is disabled.');
    this.authorized = true;
    return OK;
  }

  private async onKeys(name: string, args: readonly string[]): Promise<Reply> {
    const command = COMMANDS[name];
    if (!command) return error(`ERR unknown command '${name}'`);
    if (args.length < command.words[0] || args.length > command.words[1]) return wrongCount(name);
    const names =
      command.keys === 'none'
        ? []
        : command.keys === 'first'
          ? args.slice(0, 1)
          : args.filter((_, i) => command.keys === 'all' || i % 2 === 0);
    if (this.settings.isCluster) {
      const moved = await this.elsewhere(names);
      if (moved) return moved;
    }
    const primary = this.settings.isCluster ? undefined : await this.primary();
    if (this.settings.replicaOf && command.writes)
      return error("READONLY You can't write against a read only replica.");
    const isReplica = this.settings.isCluster && (await this.myself()).master !== undefined;
    if (isReplica && command.writes) return error("READONLY You can't write against a read only replica.");
    // A replica that reaches its primary has what the primary has.
    const keys = primary ? await primary.keys() : await this.keys();
    const reply = command.run(keys, args, this.client.now);
    if (primary) await writeKeys(this.peer.fs, this.settings.dir, keys);
    if (command.writes && reply.kind !== 'error') {
      await writeKeys(this.peer.fs, this.settings.dir, keys);
      if (this.settings.isCluster) await this.replicate(keys);
    }
    return reply;
  }

  private async primary(): Promise<RedisServer | undefined> {
    const { replicaOf } = this.settings;
    return replicaOf ? this.at(replicaOf[0], replicaOf[1]) : undefined;
  }

  /** Why a cluster's node does not answer for these keys itself. */
  private async elsewhere(names: readonly string[]): Promise<Reply | undefined> {
    const [first] = names;
    if (first === undefined) return undefined;
    const slot = slotOf(first);
    if (names.some((name) => slotOf(name) !== slot))
      return error("CROSSSLOT Keys in request don't hash to the same slot");
    const nodes = await this.nodes();
    const owner = nodes.find(({ slots }) => slots.some(([from, to]) => slot >= from && slot <= to));
    if (!owner) return error('CLUSTERDOWN Hash slot not served');
    if (!(await this.isUp(nodes))) return error('CLUSTERDOWN The cluster is down');
    return owner.myself ? undefined : error(`MOVED ${slot} ${addressOf(owner)}`);
  }

  private answers(node: ClusterNode): boolean {
    const connection = this.client.network.connect(node.ip, node.port);
    return node.myself || (typeof connection !== 'string' && connection.protocol === 'redis');
  }

  private async isUp(nodes: readonly ClusterNode[]): Promise<boolean> {
    const covered = nodes.filter((node) => this.answers(node)).reduce((sum, { slots }) => sum + countSlots(slots), 0);
    return covered === SLOTS;
  }

  private async replicate(keys: Keys): Promise<void> {
    const nodes = await this.nodes();
    const own = nodes.find(({ myself }) => myself);
    for (const node of nodes) {
      if (node.master === undefined || node.master !== own?.id) continue;
      const replica = await this.at(node.ip, node.port);
      if (replica) await writeKeys(replica.peer.fs, replica.settings.dir, keys);
    }
  }

  private async role(): Promise<Reply> {
    const { replicaOf } = this.settings;
    if (replicaOf)
      return {
        kind: 'array',
        items: [bulk('slave'), bulk(replicaOf[0]), integer(replicaOf[1]), bulk('connected'), integer(0)],
      };
    return { kind: 'array', items: [bulk('master'), integer(0), array([])] };
  }

  private config([action = '', ...names]: readonly string[]): Reply {
    if (action.toLowerCase() !== 'get')
      return error(`ERR CONFIG ${action.toUpperCase()} is not simulated: change the configuration file`);
    const all: Readonly<Record<string, string>> = {
      appendonly: 'no',
      'cluster-enabled': 'no',
      maxmemory: '0',
      save: '3600 1 300 100 60 10000',
      ...this.settings.all,
      dir: this.settings.dir,
      port: String(this.settings.port),
    };
    const chosen = Object.keys(all).filter((name) => names.some((pattern) => matches(pattern.toLowerCase(), name)));
    return array(chosen.sort().flatMap((name) => [name, all[name] ?? '']));
  }

  private async info(section: string | undefined): Promise<string> {
    const { isCluster, port, replicaOf } = this.settings;
    const keys = (await (await this.primary())?.keys()) ?? (await this.keys());
    const count = Object.keys(keys).length;
    const expiring = Object.values(keys).filter(({ expires }) => expires !== undefined).length;
    const own = isCluster ? await this.myself() : undefined;
    const clusterMaster =
      own?.master === undefined ? undefined : (await this.nodes()).find(({ id }) => id === own.master);
    const primary = replicaOf ?? (clusterMaster ? ([clusterMaster.ip, clusterMaster.port] as const) : undefined);
    const isLinked = primary !== undefined && (await this.at(primary[0], primary[1])) !== undefined;
    const sections: Readonly<Record<string, readonly string[]>> = {
      server: [
        '# Server',
        `redis_version:${this.version}`,
        `redis_mode:${isCluster ? 'cluster' : 'standalone'}`,
        'os:Linux x86_64',
        'process_id:1',
        `tcp_port:${port}`,
      ],
      clients: ['# Clients', 'connected_clients:1'],
      replication: [
        '# Replication',
        `role:${primary ? 'slave' : 'master'}`,
        ...(primary
          ? [`master_host:${primary[0]}`, `master_port:${primary[1]}`, `master_link_status:${isLinked ? 'up' : 'down'}`]
          : []),
        `connected_slaves:${isCluster && own ? (await this.nodes()).filter((node) => node.master === own.id && this.answers(node)).length : 0}`,
      ],
      cluster: ['# Cluster', `cluster_enabled:${isCluster ? 1 : 0}`],
      keyspace: ['# Keyspace', ...(count > 0 ? [`db0:keys=${count},expires=${expiring},avg_ttl=0`] : [])],
    };
    const names =
      section && section !== 'all' && section !== 'default' && section !== 'everything'
        ? [section]
        : Object.keys(sections);
    return names
      .map((name) => sections[name]?.map((line) => `${line}\r\n`).join('') ?? '')
      .filter(Boolean)
      .join('\r\n');
  }

  private async cluster([action = '', ...args]: readonly string[]): Promise<Reply> {
    if (!this.settings.isCluster) return error('ERR This instance has cluster support disabled');
    const nodes = await this.nodes();
    switch (action.toLowerCase()) {
      case 'myid':
        return bulk((await this.myself()).id);
      case 'nodes':
        return plain(`${nodes.map((node) => lineOf(node, !this.answers(node))).join('\n')}\n`);
      case 'keyslot':
        return args.length === 1 ? integer(slotOf(args[0] ?? '')) : wrongCount('cluster|keyslot');
      case 'countkeysinslot':
        return integer(Object.keys(await this.keys()).filter((key) => slotOf(key) === Number(args[0])).length);
      case 'info':
        return plain(await this.clusterInfo(nodes));
      case 'slots':
        return slotsReply(nodes);
      case 'meet':
        return this.meet(args[0] ?? '', Number(args[1]));
      default:
        return error(`ERR the simulated server has no CLUSTER ${action.toUpperCase()}`);
    }
  }

  private async clusterInfo(nodes: readonly ClusterNode[]): Promise<string> {
    const assigned = nodes.reduce((sum, { slots }) => sum + countSlots(slots), 0);
    const up = nodes.filter((node) => this.answers(node)).reduce((sum, { slots }) => sum + countSlots(slots), 0);
    const epoch = Math.max(0, ...nodes.map((node) => node.epoch));
    const lines = [
      `cluster_state:${up === SLOTS ? 'ok' : 'fail'}`,
      `cluster_slots_assigned:${assigned}`,
      `cluster_slots_ok:${up}`,
      'cluster_slots_pfail:0',
      `cluster_slots_fail:${assigned - up}`,
      `cluster_known_nodes:${nodes.length}`,
      `cluster_size:${nodes.filter(hasSlots).length}`,
      `cluster_current_epoch:${epoch}`,
      `cluster_my_epoch:${nodes.find(({ myself }) => myself)?.epoch ?? 0}`,
    ];
    return lines.map((line) => `${line}\r\n`).join('');
  }

  /** Two nodes, and all that they know, get to know one another. */
  private async meet(host: string, port: number): Promise<Reply> {
    const other = await this.at(host, port);
    if (!other) return error(`ERR Invalid node address specified: ${host}:${port}`);
    const all = new Map<string, ClusterNode>();
    for (const server of [this, other]) {
      for (const node of await server.nodes()) {
        const known = all.get(node.id);
        if (!known || node.myself) all.set(node.id, { ...node, ip: node.myself ? server.container.podIP : node.ip });
      }
    }
    await spread([...all.values()], this);
    return OK;
  }
}

/** Writes what is known of a cluster into each of its nodes that answers. */
export async function spread(nodes: readonly ClusterNode[], through: RedisServer): Promise<void> {
  for (const node of nodes) {
    const server = await through.at(node.ip, node.port);
    const own = server && (await server.myself());
    if (own?.id === node.id) await server?.setNodes(nodes.map((each) => ({ ...each, myself: each.id === node.id })));
  }
}

/**
 * What a node does when it starts: it keeps its id, takes its new address, and tells those whom it still reaches. They
 * answer with the addresses that they know.
 */
export async function rejoin(own: RedisServer): Promise<void> {
  const ip = own.settings.announced ?? own.container.podIP;
  const nodes = (await own.nodes()).map((node) => (node.myself ? { ...node, ip, port: own.settings.port } : node));
  const myself = nodes.find((node) => node.myself);
  let known = nodes;
  for (const node of nodes) {
    if (node.myself || !myself) continue;
    const other = await own.at(node.ip, node.port);
    if (!other) continue;
    const theirs = await other.nodes();
    if (!theirs.some(({ id, myself: isSelf }) => isSelf && id === node.id)) continue;
    await other.setNodes(theirs.map((each) => (each.id === myself.id ? { ...each, ip, port: myself.port } : each)));
    known = known.map((each) => (each.myself ? each : { ...each, ...fresher(theirs, each) }));
  }
  await own.setNodes(known);
}

/** What others know of a node, beside who it is to itself. */
function fresher(theirs: readonly ClusterNode[], { id }: ClusterNode): Partial<ClusterNode> {
  const found = theirs.find((node) => node.id === id);
  return found ? { ip: found.ip, port: found.port } : {};
}

const wrongCount = (name: string): Reply => error(`ERR wrong number of arguments for '${name}' command`);

const matches = (pattern: string, name: string): boolean => matchesWildcard(pattern, name);

function slotsReply(nodes: readonly ClusterNode[]): Reply {
  const item = ({ ip, port, id }: ClusterNode): Reply => ({
    kind: 'array',
    items: [bulk(ip), integer(port), bulk(id), array([])],
  });
  const items = nodes.flatMap((node) =>
    node.slots.map(([first, last]): Reply => {
      const replicas = nodes.filter(({ master }) => master === node.id);
      return { kind: 'array', items: [integer(first), integer(last), item(node), ...replicas.map(item)] };
    }),
  );
  return { kind: 'array', items };
}
