/** One node's view of its cluster: the lines of its nodes.conf, in redis' own format. */
import type { IFileSystem } from 'just-bash';
import type { PodContainer } from '../../../apiserver/container-runtime';
import type { Settings } from './settings';
import { countSlots, type Range, rangesText } from './slots';

export interface ClusterNode {
  /** 40 hexadecimal digits. */
  readonly id: string;
  readonly ip: string;
  readonly port: number;
  readonly myself: boolean;
  /** The id of its master; undefined for a master. */
  readonly master: string | undefined;
  readonly epoch: number;
  readonly slots: readonly Range[];
}

export const addressOf = ({ ip, port }: ClusterNode): string => `${ip}:${port}`;

/** The nodes that a server knows; a server that has no file yet knows itself alone. */
export async function readNodes(
  fs: IFileSystem,
  settings: Settings,
  container: PodContainer,
): Promise<readonly ClusterNode[]> {
  if (await fs.exists(settings.nodesFile)) {
    const nodes = (await fs.readFile(settings.nodesFile)).split('\n').flatMap((line) => parse(line) ?? []);
    if (nodes.some(({ myself }) => myself)) return nodes;
  }
  const id = identity(`${container.ref.uid}/${container.ref.container}/${container.hostname}`);
  const ip = settings.announced ?? container.podIP;
  return [{ id, ip, port: settings.port, myself: true, master: undefined, epoch: 0, slots: [] }];
}

export async function writeNodes(
  fs: IFileSystem,
  { nodesFile }: Settings,
  nodes: readonly ClusterNode[],
): Promise<void> {
  const epoch = Math.max(0, ...nodes.map((node) => node.epoch));
  const text = `${nodes.map((node) => lineOf(node)).join('\n')}\nvars currentEpoch ${epoch} lastVoteEpoch 0\n`;
  const folder = nodesFile.replace(/\/[^/]*$/, '');
  if (folder !== '') await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(nodesFile, text);
}

/** A line of `CLUSTER NODES`. `lost`: the node does not answer. */
export function lineOf({ id, ip, port, myself, master, epoch, slots }: ClusterNode, lost = false): string {
  const flags = [...(myself ? ['myself'] : []), master ? 'slave' : 'master', ...(lost ? ['fail'] : [])].join(',');
  const link = lost ? 'disconnected' : 'connected';
  const address = `${ip}:${port}@${port + 10_000}`;
  const own = slots.length > 0 ? ` ${rangesText(slots)}` : '';
  return `${id} ${address} ${flags} ${master ?? '-'} 0 0 ${epoch} ${link}${own}`;
}

function parse(line: string): ClusterNode | undefined {
  const [id, address, flags = '', master, , , epoch, , ...slots] = line.trim().split(/\s+/);
  const [, ip, port] = /^([^:]*):(\d+)/.exec(address ?? '') ?? [];
  if (id === undefined || !/^[0-9a-f]{40}$/.test(id) || ip === undefined || port === undefined) return undefined;
  return {
    id,
    ip,
    port: Number(port),
    myself: flags.split(',').includes('myself'),
    master: master === undefined || master === '-' ? undefined : master,
    epoch: Number(epoch ?? 0),
    slots: slots.flatMap((text): Range[] => {
      const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
      return first === undefined ? [] : [[Number(first), Number(last ?? first)]];
    }),
  };
}

/** 40 hexadecimal digits that belong to a text: real ids are random. */
function identity(text: string): string {
  let digits = '';
  for (let round = 0; digits.length < 40; round++) {
    let hash = 0x811c9dc5 + Math.imul(round, 0x9e3779b9);
    for (const character of `${round}/${text}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    digits += ((hash ^ (hash >>> 15)) >>> 0).toString(16).padStart(8, '0');
  }
  return digits.slice(0, 40);
}

export const hasSlots = ({ slots }: ClusterNode): boolean => countSlots(slots) > 0;
