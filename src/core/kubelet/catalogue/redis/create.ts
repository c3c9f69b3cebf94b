/** `redis-cli --cluster create`: deals slots out to masters and gives them replicas, in redis-cli's order and words. */
import { fail, type ProgramContext, type ProgramResult } from '../../shell/program';
import { connectTo, type Target } from './connect';
import type { ClusterNode } from './nodes';
import { type RedisServer, spread } from './server';
import { countSlots, rangesText, shares } from './slots';

interface Member {
  /** As it was named on the command line. */
  readonly name: string;
  readonly server: RedisServer;
  readonly id: string;
}

export async function createCluster(
  words: readonly string[],
  options: { readonly replicas: number; readonly yes: boolean; readonly password: string | undefined },
  context: ProgramContext,
): Promise<ProgramResult> {
  const members: Member[] = [];
  for (const word of words) {
    const target = parseTarget(word);
    if (!target) return fail(`Invalid address format: ${word}\n`);
    const server = await connectTo(target, options.password, context);
    if (typeof server === 'string') return fail(`${server}\n`);
    if (!server.settings.isCluster) return fail(`[ERR] Node ${word} is not configured as a cluster node.\n`);
    const refusal = await server.execute(['CLUSTER', 'INFO']);
    if (refusal.kind === 'error') return fail(`[ERR] Unable to load info for node ${word}: ${refusal.text}\n`);
    if ((await server.nodes()).length > 1 || Object.keys(await server.keys()).length > 0) {
      return fail(
        `[ERR] Node ${word} is not empty. Either the node already knows other nodes (check with CLUSTER NODES) or contains some key in database 0.\n`,
      );
    }
    members.push({ name: word, server, id: (await server.myself()).id });
  }
  const twice = members.find(({ id }, i) => members.findIndex((other) => other.id === id) !== i);
  if (twice) return fail(`[ERR] Node ${twice.name} is named twice\n`);
  const count = Math.floor(members.length / (options.replicas + 1));
  if (count < 3) {
    return fail(
      '*** ERROR: Invalid configuration for cluster creation.\n*** Redis Cluster requires at least 3 master nodes.\n' +
        `*** This is not possible with ${members.length} nodes and ${options.replicas} replicas per node.\n` +
        `*** At least ${3 * (options.replicas + 1)} nodes are required.\n`,
    );
  }
  return carryOut(members, count, options.replicas, options.yes, context);
}

export function parseTarget(word: string): Target | undefined {
  const match = /^(.+):(\d{1,5})$/.exec(word);
  return match ? { host: match[1] ?? '', port: Number(match[2]) } : undefined;
}

async function carryOut(
  members: readonly Member[],
  count: number,
  replicas: number,
  yes: boolean,
  context: ProgramContext,
): Promise<ProgramResult> {
  const ranges = shares(count);
  const masters = members.slice(0, count);
  let text = `>>> Performing hash slots allocation on ${members.length} nodes...\n`;
  for (const [i, [first, last]] of ranges.entries()) text += `Master[${i}] -> Slots ${first} - ${last}\n`;
  // redis-cli turns the list by one before it deals replicas out.
  const others = members.slice(count);
  const waiting = [...others.slice(1), ...others.slice(0, 1)];
  const masterOf = new Map<string, Member>();
  const assign = (master: Member) => {
    const replica = waiting.shift();
    if (!replica) return;
    masterOf.set(replica.id, master);
    text += `Adding replica ${replica.name} to ${master.name}\n`;
  };
  for (const master of masters) for (let i = 0; i < replicas; i++) assign(master);
  if (waiting.length > 0) text += 'Adding extra replicas...\n';
  for (let i = 0; waiting.length > 0; i++) {
    const master = masters[i % masters.length];
    if (master) assign(master);
  }
  const nodes = members.map(({ id, server }, i): ClusterNode => {
    const range = ranges[i];
    return {
      id,
      ip: server.settings.announced ?? server.container.podIP,
      port: server.settings.port,
      myself: false,
      master: masterOf.get(id)?.id,
      epoch: masterOf.has(id) ? 0 : i + 1,
      slots: range && i < count ? [range] : [],
    };
  });
  const epochs = new Map(nodes.map((node) => [node.id, node.epoch]));
  const complete = nodes.map((node) =>
    node.master === undefined ? node : { ...node, epoch: epochs.get(node.master) ?? 0 },
  );
  for (const [i, node] of complete.entries()) text += describe(node, members[i]?.name ?? '', undefined);
  if (!yes) {
    context.print(`${text}Can I set the above configuration? (type 'yes' to accept): `);
    text = '';
    if (context.typed(0)?.trim() !== 'yes') return { stdout: '\n*** Aborting...\n', stderr: '', exitCode: 1 };
  }
  text += '>>> Nodes configuration updated\n>>> Assign a different config epoch to each node\n';
  text += '>>> Sending CLUSTER MEET messages to join the cluster\nWaiting for the cluster to join\n.\n';
  const [first] = members;
  if (first) await spread(complete, first.server);
  await context.sleep(1000);
  const [head] = complete;
  const seen = [...complete.filter((node) => node === head), ...complete.filter((node) => node !== head)];
  text += `>>> Performing Cluster Check (using node ${first?.name})\n`;
  for (const node of seen) {
    const own = complete.filter(({ master }) => master === node.id).length;
    text += describe(node, node === head ? (first?.name ?? '') : `${node.ip}:${node.port}`, own);
  }
  return { stdout: text + VERDICT, stderr: '', exitCode: 0 };
}

export const VERDICT =
  '[OK] All nodes agree about slots configuration.\n>>> Check for open slots...\n>>> Check slots coverage...\n' +
  '[OK] All 16384 slots covered.\n';

/** A node as redis-cli lists it; the replicas of a master are counted in a check only. */
export function describe({ id, master, slots }: ClusterNode, name: string, replicas: number | undefined): string {
  const count = countSlots(slots);
  if (master !== undefined) {
    const own = replicas === undefined ? '' : '   slots: (0 slots) slave\n';
    return `S: ${id} ${name}\n${own}   replicates ${master}\n`;
  }
  const more = replicas ? `   ${replicas} additional replica(s)\n` : '';
  const ranges = rangesText(slots)
    .split(' ')
    .filter(Boolean)
    .map((range) => `[${range}]`)
    .join(',');
  return `M: ${id} ${name}\n   slots:${ranges} (${count} slots) master\n${more}`;
}
