/** What would give a pod a node: each way out is tried in a copy of the cluster, so that no advice is given that does not help. */

import type { NodeTerm } from '../../api/node-selection';
import type { Node, Pod } from '../../api/types';
import { numberOf } from '../../apiserver/nodes';
import { affinityOf, HOSTNAME, REQUIRED } from '../../controllers/scheduler/types';
import type { Cluster } from '../cluster';
import { MAX_NODES, setNodes } from '../nodes';
import { nodeFaults } from './faults';
import type { World } from './world';

interface Way {
  readonly commands: readonly string[];
  apply(copy: Cluster): void;
}

/** For so long the copy is played: a node joins, comes back and is seen in it, ms. */
const PLAYED_MS = 10_000;
/** Of many nodes that a label could be given to, so many are tried. */
const NODES_TRIED = 3;

/**
 * The commands of the first way that leads to a node, the least invasive first; undefined where nobody knows one. `wanted` pods
 * are in the same trouble; `isShort` says that another node would answer it.
 */
export function wayToNode(world: World, pod: Pod, isShort: boolean, wanted: number): readonly string[] | undefined {
  const nodes = world.list<Node>('nodes');
  const openings = [healing(world, nodes), uncordoning(nodes), untainting(nodes)].filter((way) => way !== undefined);
  const open = openings.length > 1 ? [joined(openings)] : [];
  const labels = labelling(pod, nodes);
  const after = openings.flatMap((way) => labels.map((label) => joined([way, label])));
  const last = open.flatMap((way) => labels.map((label) => joined([way, label])));
  const more = isShort ? adding(world, nodes, wanted) : undefined;
  const ways = [...openings, ...labels, ...open, ...after, ...last, ...(more ? [more] : [])];
  const way = ways.find((one) => helps(world, pod, one));
  // Where none is enough, what opens nodes is the first step: then the scheduler says what else is in the way.
  return way?.commands ?? (openings.length > 0 ? joined(openings).commands : undefined);
}

function helps(world: World, pod: Pod, way: Way): boolean {
  const copy = world.copy();
  way.apply(copy);
  copy.settle(world.now + PLAYED_MS);
  return Boolean((copy.store.byUid(pod.metadata.uid) as Pod | undefined)?.spec.nodeName);
}

const joined = (ways: readonly Way[]): Way => ({
  commands: ways.flatMap(({ commands }) => commands),
  apply: (copy) => {
    for (const way of ways) way.apply(copy);
  },
});

/** Nodes that are cut off on purpose come back. */
function healing(world: World, nodes: readonly Node[]): Way | undefined {
  const faults = nodes.flatMap(({ metadata }) => nodeFaults(world, metadata.name));
  const commands = [...new Set(faults.flatMap(({ remedy = [] }) => remedy))];
  if (commands.length === 0) return undefined;
  return {
    commands,
    apply: (copy) => {
      for (const { id, target } of world.faults) if (target === 'node') copy.heal(id);
    },
  };
}

function change(copy: Cluster, name: string, to: (node: Node) => Node): void {
  const node = copy.store.get<Node>('nodes', '', name);
  if (node) copy.store.update<Node>(to(node));
}

function uncordoning(nodes: readonly Node[]): Way | undefined {
  const names = nodes.filter(({ spec }) => spec.unschedulable).map(({ metadata }) => metadata.name);
  if (names.length === 0) return undefined;
  return {
    commands: names.map((name) => `uncordon ${name}`),
    apply: (copy) => {
      for (const name of names)
        change(copy, name, ({ spec: { unschedulable: _, ...spec }, ...node }) => ({
          ...node,
          spec: { ...spec, ...(spec.taints && { taints: spec.taints.filter(({ key }) => !isSystem(key)) }) },
        }));
    },
  };
}

/** Taints that controllers set and take away. */
const isSystem = (key: string): boolean => key.startsWith('node.kubernetes.io/');

function untainting(nodes: readonly Node[]): Way | undefined {
  const repelling = nodes.flatMap(({ metadata, spec }) =>
    (spec.taints ?? [])
      .filter(({ key, effect }) => effect !== 'PreferNoSchedule' && !isSystem(key))
      .map((taint) => ({ ...taint, node: metadata.name })),
  );
  if (repelling.length === 0) return undefined;
  return {
    commands: repelling.map(({ node, key, effect }) => `taint nodes ${node} ${key}:${effect}-`),
    apply: (copy) => {
      for (const { node: name } of repelling)
        change(copy, name, (node) => ({
          ...node,
          spec: {
            ...node.spec,
            taints: (node.spec.taints ?? []).filter((taint) => isSystem(taint.key)),
          },
        }));
    },
  };
}

/** The labels that the pod asks of its node are given to one; a host name is no label that one gives. */
function labelling(pod: Pod, nodes: readonly Node[]): readonly Way[] {
  const wanted = wantedLabels(pod);
  const keys = Object.keys(wanted ?? {});
  if (!wanted || keys.length === 0) return [];
  if (HOSTNAME in wanted) {
    const number = numberOf(wanted[HOSTNAME] ?? '');
    return keys.length > 1 || number === undefined || number > MAX_NODES
      ? []
      : [
          {
            commands: [`sim config nodes=${number}`],
            apply: (copy) => setNodes(copy.store, Math.max(number, highest(nodes))),
          },
        ];
  }
  return nodes.slice(0, NODES_TRIED).map(({ metadata: { name, labels = {} } }) => {
    const missing = keys.filter((key) => labels[key] !== wanted[key]);
    const words = missing.map((key) => `${key}=${wanted[key]}`).join(' ');
    const over = missing.some((key) => labels[key] !== undefined) ? ' --overwrite' : '';
    return {
      commands: [`label node ${name} ${words}${over}`],
      apply: (copy) =>
        change(copy, name, (node) => ({
          ...node,
          metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...wanted } },
        })),
    };
  });
}

/** Labels that meet the pod's selector and the first term of its affinity; undefined where it asks for something else. */
function wantedLabels(pod: Pod): Readonly<Record<string, string>> | undefined {
  const wanted: Record<string, string> = { ...pod.spec.nodeSelector };
  const [term] = affinityOf(pod)?.nodeAffinity?.[REQUIRED]?.nodeSelectorTerms ?? [];
  return term && !meet(term, wanted) ? undefined : wanted;
}

function meet({ matchExpressions = [], matchFields = [] }: NodeTerm, wanted: Record<string, string>): boolean {
  for (const { key, operator, values = [] } of matchExpressions) {
    if (operator === 'Exists') wanted[key] ??= 'true';
    else if (operator === 'In' && values[0] !== undefined) wanted[key] ??= values[0];
    else return false;
  }
  return matchFields.length === 0;
}

const highest = (nodes: readonly Node[]): number =>
  Math.max(0, ...nodes.map(({ metadata }) => numberOf(metadata.name) ?? 0));

/** One more node, or as many as the pods in this trouble. */
function adding(world: World, nodes: readonly Node[], wanted: number): Way | undefined {
  const count = highest(nodes) + Math.max(1, wanted);
  if (count > MAX_NODES || world.faults.some(({ target, name }) => target === 'node' && name === '*')) return undefined;
  return {
    commands: [`sim config nodes=${count}`],
    apply: (copy) => setNodes(copy.store, count),
  };
}
