/** The tables of `top` (as kubectl's TopCmdPrinter): every cell ends a column, the last one too. */
import type { Quantity } from '../core/meta/quantity';
import { layOut, TABLE_STOPS } from './tabwriter';

type Usage = ReadonlyMap<string, Quantity>;

export interface TopOptions {
  readonly noHeaders: boolean;
  readonly showSwap: boolean;
}

export interface NodeRow {
  readonly name: string;
  /** Empty where nothing was measured. */
  readonly usage: Usage;
  readonly available: Usage;
}

export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly usage: Usage;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

const UNIT = { cpu: 'cores', memory: 'bytes', swap: 'bytes' } as const;
type Resource = keyof typeof UNIT;
const MEBI = 1024n * 1024n;

const resourcesOf = ({ showSwap }: TopOptions): readonly Resource[] =>
  showSwap ? ['cpu', 'memory', 'swap'] : ['cpu', 'memory'];

export function printNodes(nodes: readonly NodeRow[], options: TopOptions): string {
  const resources = resourcesOf(options);
  const header = resources.flatMap((resource) => [titleOf(resource), `${resource.toUpperCase()}(%)`]);
  const rows = nodes.map(({ name, usage, available }) => [
    name,
    ...resources.flatMap((resource) =>
      usage.size === 0
        ? ['<unknown>', '<unknown>']
        : [amountOf(usage, resource), ...share(usage.get(resource), available.get(resource))],
    ),
  ]);
  return printed([...(options.noHeaders ? [] : [['NAME', ...header]]), ...rows]);
}

export interface PodOptions extends TopOptions {
  readonly withNamespace: boolean;
  readonly byContainer: boolean;
  /** Adds the sum of all. */
  readonly total?: Usage;
}

export function printPods(pods: readonly PodRow[], options: PodOptions): string {
  const { noHeaders, withNamespace, byContainer, total } = options;
  const resources = resourcesOf(options);
  const amounts = (usage: Usage): string[] => resources.map((resource) => amountOf(usage, resource));
  const names = [...(withNamespace ? ['NAMESPACE'] : []), ...(byContainer ? ['POD'] : []), 'NAME'];
  const rows = pods.flatMap(({ namespace, name, usage, containers }) => {
    const place = [...(withNamespace ? [namespace] : []), name];
    if (!byContainer) return [[...place, ...amounts(usage)]];
    return containers.map((container) => [...place, container.name, ...amounts(container.usage)]);
  });
  const blank = names.map(() => '');
  return printed([
    ...(noHeaders ? [] : [[...names, ...resources.map(titleOf)]]),
    ...rows,
    ...(total
      ? [
          [...blank, ...resources.map(() => '________')],
          [...blank, ...amounts(total)],
        ]
      : []),
  ]);
}

const titleOf = (resource: Resource): string => `${resource.toUpperCase()}(${UNIT[resource]})`;

/** Thousandths of a cpu, or mebibytes. */
function amountOf(usage: Usage, resource: Resource): string {
  const quantity = usage.get(resource);
  if (resource === 'cpu') return `${quantity?.milliValue() ?? 0n}m`;
  return `${(quantity?.value() ?? 0n) / MEBI}Mi`;
}

/** In whole percent; nothing where it is not known of how much. */
function share(used: Quantity | undefined, available: Quantity | undefined): string[] {
  if (!available) return [];
  const part = (Number(used?.milliValue() ?? 0n) / Number(available.milliValue())) * 100;
  return [`${Math.trunc(part)}%`];
}

const printed = (lines: readonly (readonly string[])[]): string =>
  layOut(lines.map((cells) => `${cells.map((cell) => `${cell}\t`).join('')}\n`).join(''), TABLE_STOPS);
