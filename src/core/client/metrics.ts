/** What pods and nodes use, as the metrics API of a real cluster tells it (metrics.k8s.io, as kubectl's metricsutil reads it). */
import type { KubeObject } from '../api/types';
import { Quantity } from '../meta/quantity';
import { compareText } from '../meta/text';
import { CommandError } from './errors';
import type { Remote } from './remote';

const GROUP = 'metrics.k8s.io';
const PATH = `/apis/${GROUP}/v1beta1`;

/** By resource: `cpu`, `memory`, `swap`. */
export type Usage = ReadonlyMap<string, Quantity>;

export interface Measured {
  readonly namespace: string;
  readonly name: string;
  readonly usage: Usage;
}

export interface PodMetrics extends Measured {
  /** In the order of their names. */
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

export interface NodeMetrics extends Measured {
  /** What the node has to give; `usage` is empty where nothing was measured. */
  readonly available: Usage;
}

/** What is asked for: one by its name, or all that selectors choose. */
export interface MetricsQuery {
  /** Undefined for all namespaces. */
  readonly namespace?: string;
  readonly name: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

interface RawMetrics {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly usage?: Readonly<Record<string, string>>;
  readonly containers?: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

/** @throws CommandError where nothing is measured, ApiError */
export async function podMetrics(remote: Remote, query: MetricsQuery): Promise<readonly PodMetrics[]> {
  await requireMetrics(remote);
  const where = query.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(query.namespace)}`;
  const found = await read<RawMetrics>(remote, `${PATH}${where}/pods`, query);
  return found.map(({ metadata: { name, namespace = '' }, containers = [] }) => {
    const each = containers
      .map((container) => ({ name: container.name, usage: usageOf(container.usage) }))
      .sort((a, b) => compareText(a.name, b.name));
    return { namespace, name, containers: each, usage: totalOf(each.map(({ usage }) => usage)) };
  });
}

/** @throws CommandError where nothing is measured, ApiError */
export async function nodeMetrics(
  remote: Remote,
  query: MetricsQuery,
  showsCapacity: boolean,
): Promise<readonly NodeMetrics[]> {
  await requireMetrics(remote);
  const found = await read<RawMetrics>(remote, `${PATH}/nodes`, query);
  if (found.length === 0) throw new CommandError('metrics not available yet');
  const measured = new Map(found.map(({ metadata, usage }) => [metadata.name, usageOf(usage ?? {})]));
  const nodes = await read<NodeFacts>(remote, '/api/v1/nodes', query);
  return nodes.map(({ metadata: { name }, status = {} }) => {
    const available = new Map(usageOf((showsCapacity ? status.capacity : status.allocatable) ?? {}));
    const swap = status.nodeInfo?.swap?.capacity;
    if (swap !== undefined) available.set('swap', Quantity.parse(swap));
    return { namespace: '', name, usage: measured.get(name) ?? new Map(), available };
  });
}

interface NodeFacts extends KubeObject {
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly nodeInfo?: { readonly swap?: { readonly capacity?: number } };
  };
}

export function totalOf(usages: readonly Usage[]): Usage {
  const total = new Map<string, Quantity>();
  for (const usage of usages)
    for (const [resource, quantity] of usage) total.set(resource, total.get(resource)?.add(quantity) ?? quantity);
  return total;
}

/** By what is used most, or by namespace and name. */
export function inOrder<T extends Measured>(measured: readonly T[], by: string): T[] {
  const byName = (a: T, b: T): number => compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
  if (by === '') return [...measured].sort(byName);
  const zero = Quantity.parse('0');
  return [...measured].sort((a, b) => (b.usage.get(by) ?? zero).compare(a.usage.get(by) ?? zero) || byName(a, b));
}

async function requireMetrics(remote: Remote): Promise<void> {
  const { groups = [] } = JSON.parse(await remote.raw({ method: 'GET', path: '/apis' })) as {
    readonly groups?: readonly { readonly name: string }[];
  };
  if (!groups.some(({ name }) => name === GROUP)) throw new CommandError('Metrics API not available');
}

/** One object by its name, or the items of a list. */
async function read<T>(remote: Remote, path: string, query: MetricsQuery): Promise<readonly T[]> {
  if (query.name !== '') {
    const one = await remote.raw({ method: 'GET', path: `${path}/${encodeURIComponent(query.name)}` });
    return [JSON.parse(one) as T];
  }
  const { labelSelector, fieldSelector } = query;
  const parameters = new URLSearchParams({
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  });
  const text = await remote.raw({ method: 'GET', path: parameters.size > 0 ? `${path}?${parameters}` : path });
  return (JSON.parse(text) as { readonly items?: readonly T[] }).items ?? [];
}

const usageOf = (usage: Readonly<Record<string, string>>): Usage =>
  new Map(Object.entries(usage).map(([resource, text]) => [resource, Quantity.parse(text)]));
