/** What the scheduler's last word on a pod says of the nodes, phrase by phrase, with what lies behind each. */

import { hostPortsOf, NO_FREE_PORTS } from '../../api/host-ports';
import { isSelected, matchesNode, type NodeSelector } from '../../api/node-selection';
import { claimNames } from '../../api/pod';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import { isPlaced } from '../../controllers/scheduler/counts';
import { requestedBy } from '../../controllers/scheduler/fit';
import { speaksOf, termsOf } from '../../controllers/scheduler/terms';
import { constraintsOf } from '../../controllers/scheduler/types';
import { Quantity } from '../../meta/quantity';
import { listed } from './words';
import type { World } from './world';

export interface NodeTrouble {
  readonly rule: string;
  readonly message: string;
  readonly ends: string;
  /** How many such pods a node takes that has nothing on it; absent where another node would not help. */
  readonly perNode?: number;
}

type Look = (world: World, pod: Pod, nodes: readonly Node[], said: string) => NodeTrouble | undefined;

/** Nodes that are named; of more it is counted how many there are. */
const NAMED = 3;

/** In the order of the scheduler's filters. */
export function nodeTroubles(world: World, pod: Pod, said: string): readonly NodeTrouble[] {
  const nodes = world.list<Node>('nodes');
  return LOOKS.flatMap((look) => look(world, pod, nodes, said) ?? []);
}

const cordoned: Look = (_, __, nodes, said) => {
  if (!said.includes('node(s) were unschedulable')) return undefined;
  const names = nodes.filter(({ spec }) => spec.unschedulable).map(({ metadata }) => metadata.name);
  const are = names.length > 1 ? 'are' : 'is';
  return {
    rule: 'node-cordoned',
    message: `node ${listed(names)} ${are} cordoned`,
    ends: `node ${listed(names)} ${are} uncordoned`,
  };
};

const tainted: Look = (_, __, nodes, said) => {
  if (!said.includes('untolerated taint')) return undefined;
  const taints = nodes.flatMap(({ metadata, spec }) =>
    (spec.taints ?? [])
      .filter(({ effect }) => effect !== 'PreferNoSchedule')
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect} on ${metadata.name}`),
  );
  return {
    rule: 'node-taint',
    message: `the pod does not tolerate ${listed(taints)}`,
    ends: 'a taint is removed, or the pod tolerates it',
  };
};

const unselected: Look = (_, pod, nodes, said) => {
  if (!said.includes("didn't match Pod's node affinity/selector")) return undefined;
  const wanted = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  const refused = nodes.filter((node) => !isSelected(pod, node)).length;
  const none = refused === nodes.length ? 'no node' : `of the nodes that are left, none`;
  return wanted.length > 0
    ? {
        rule: 'node-selector',
        message: `${none} has the labels ${listed(wanted)}`,
        ends: `a node gets the labels ${listed(wanted)}, or the pod asks for others`,
      }
    : {
        rule: 'node-selector',
        message: `${none} matches the pod's node affinity`,
        ends: 'a node matches, or the pod asks for less',
      };
};

const portTaken: Look = (_, pod, __, said) => {
  if (!said.includes(NO_FREE_PORTS)) return undefined;
  const ports = [...new Set(hostPortsOf(pod).map(({ port }) => port.replace(/^TCP\//, '')))];
  return {
    rule: 'host-port',
    message: `another pod has host port ${listed(ports)} of the node already: two of them can't be on one node`,
    ends: 'that pod goes, or there is another node',
    perNode: 1,
  };
};

const SHORTAGE = /\d+ Insufficient ([a-z0-9](?:[a-z0-9./-]*[a-z0-9])?)/g;

const short: Look = (world, pod, nodes, said) => {
  const lacking = [...new Set([...said.matchAll(SHORTAGE)].map((match) => match[1] ?? ''))];
  if (lacking.length === 0) return undefined;
  const asks = requestedBy(pod);
  const told = lacking.map((resource) => {
    const left = nodes.map(({ metadata: { name }, status }) => {
      const all = offered(status.allocatable?.[resource], resource);
      const used = usedOf(world, resource).get(name) ?? 0;
      return { name, all, left: all - used };
    });
    left.sort((a, b) => b.left - a.left);
    const shown = left
      .slice(0, NAMED)
      .map((one) => `${one.name} has ${text(Math.max(0, one.left), resource)} of ${text(one.all, resource)}`);
    return {
      asked: `${text(asks[resource] ?? 0, resource)} ${resource}`,
      left: `${listed(shown)}${left.length > NAMED ? ', the others less' : ''}`,
      perNode: Math.floor((left[0]?.all ?? 0) / Math.max(1, asks[resource] ?? 1)),
    };
  });
  const perNode = Math.min(...told.map((one) => one.perNode));
  return {
    rule: 'insufficient-resources',
    message: `no node has enough ${listed(lacking)} left: the pod asks for ${told.map((one) => `${one.asked}, and ${one.left}`).join('; for ')}`,
    ends: `a node has more ${listed(lacking)} left, or the pod asks for less`,
    ...(perNode > 0 && { perNode }),
  };
};

/** What the pods on each node request of a resource. */
const usedOf = (world: World, resource: string): ReadonlyMap<string, number> =>
  world.once(`used/${resource}`, () => {
    const used = new Map<string, number>();
    for (const pod of world.list<Pod>('pods')) {
      const node = pod.spec.nodeName ?? '';
      if (isPlaced(pod)) used.set(node, (used.get(node) ?? 0) + (requestedBy(pod)[resource] ?? 0));
    }
    return used;
  });

const offered = (allocatable: string | undefined, resource: string): number => {
  if (allocatable === undefined) return 0;
  const quantity = Quantity.parse(allocatable);
  return Number(resource === 'cpu' ? quantity.milliValue() : quantity.value());
};

const MI = 1024 * 1024;

/** `500m`, `2Gi`. */
function text(amount: number, resource: string): string {
  const words = resource === 'cpu' ? `${amount}m` : amount > 0 && amount % MI === 0 ? `${amount / MI}Mi` : `${amount}`;
  return Quantity.parse(words).toString();
}

const crowded: Look = (_, __, ___, said) =>
  said.includes('Too many pods')
    ? {
        rule: 'too-many-pods',
        message: 'no node may run one pod more (its allocatable pods are all taken)',
        ends: 'a pod goes, or there is another node',
        perNode: 1,
      }
    : undefined;

const elsewhere: Look = (world, pod, nodes, said) => {
  if (!said.includes("didn't match PersistentVolume's node affinity")) return undefined;
  const bound = claimNames(pod).flatMap((name) => {
    const claim = world.get<PersistentVolumeClaim>('persistentvolumeclaims', pod.metadata.namespace, name);
    const volume = world.get<PersistentVolume>('persistentvolumes', undefined, claim?.spec.volumeName ?? '');
    const required = (volume?.spec.nodeAffinity as { readonly required?: NodeSelector } | undefined)?.required;
    if (!volume || !required) return [];
    const where = nodes.filter((node) => matchesNode(required, node)).map(({ metadata }) => metadata.name);
    return [
      `the volume ${volume.metadata.name} of claim ${name} can be used on ${where.length > 0 ? `${listed(where)} only` : 'no node that is there'}`,
    ];
  });
  return {
    rule: 'volume-node-affinity',
    message: listed(bound) || "a volume can't be reached from the other nodes",
    ends: 'a node that reaches the volume takes the pod',
  };
};

const usedByAnother: Look = (world, pod, _, said) => {
  if (!said.includes('ReadWriteOncePod access mode')) return undefined;
  const names = claimNames(pod);
  const users = world
    .list<Pod>('pods', pod.metadata.namespace)
    .filter((other) => other !== pod && isPlaced(other) && claimNames(other).some((name) => names.includes(name)))
    .map(({ metadata }) => metadata.name);
  return {
    rule: 'claim-in-use',
    message: `its claim may be used by one pod alone (ReadWriteOncePod), and pod ${listed(users)} uses it`,
    ends: `pod ${listed(users)} is gone`,
  };
};

const uneven: Look = (_, pod, __, said) => {
  if (!said.includes("didn't match pod topology spread constraints")) return undefined;
  const keys = constraintsOf(pod)
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
    .map(({ topologyKey, maxSkew }) => `${topologyKey} (maxSkew ${maxSkew})`);
  return {
    rule: 'topology-spread',
    message: `on the other nodes the pods would be spread too unevenly over ${listed(keys)}${
      said.includes('(missing required label)') ? ', or a node has no such label' : ''
    }`,
    ends: 'a node takes the pod on which it is not one too many',
    perNode: 1,
  };
};

const alone: Look = (world, pod, _, said) => {
  if (!said.includes("didn't match pod affinity rules")) return undefined;
  const keys = termsOf(pod).affinity.map(({ topologyKey }) => topologyKey);
  const near = world
    .list<Pod>('pods')
    .filter((other) => isPlaced(other) && termsOf(pod).affinity.every((term) => speaksOf(term, other, world.store)));
  return {
    rule: 'pod-affinity',
    message:
      near.length > 0
        ? `the pods that it must be near to (${listed(near.map(({ metadata }) => metadata.name))}) are on other nodes, by ${listed([...new Set(keys)])}`
        : 'there is no pod on any node that it must be near to (pod affinity)',
    ends: 'a pod that it must be near to is on a node that takes it',
  };
};

const tooNear: Look = (world, pod, _, said) => {
  const own = said.includes("didn't match pod anti-affinity rules");
  if (!own && !said.includes("didn't satisfy existing pods anti-affinity rules")) return undefined;
  const refuses = (a: Pod, b: Pod): boolean => termsOf(a).antiAffinity.some((term) => speaksOf(term, b, world.store));
  const others = world
    .list<Pod>('pods')
    .filter((other) => other !== pod && isPlaced(other) && (refuses(pod, other) || refuses(other, pod)))
    .map(({ metadata, spec }) => `${metadata.name} on ${spec.nodeName}`);
  return {
    rule: 'pod-anti-affinity',
    message: `it must not be beside ${listed(others)} (pod anti-affinity)`,
    ends: 'one of them goes, or there is another node',
    perNode: 1,
  };
};

const LOOKS: readonly Look[] = [
  cordoned,
  tainted,
  unselected,
  portTaken,
  crowded,
  short,
  elsewhere,
  usedByAnother,
  uneven,
  alone,
  tooNear,
];
