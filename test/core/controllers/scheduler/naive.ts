/** Whether a node may take a pod, told from the objects alone by the words of the API, as slowly as one likes. */
import type { LabelSelector, Labels, Node, Pod } from '../../../../src/core/api/types';

export interface Scene {
  readonly nodes: readonly Node[];
  /** Without the pod in question. */
  readonly pods: readonly Pod[];
  readonly namespaces: Readonly<Record<string, Labels>>;
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
interface NodeTerm {
  readonly matchExpressions?: readonly Expression[];
  readonly matchFields?: readonly Expression[];
}
interface PodTerm {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}
interface Affinity {
  readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeTerm[] } };
  readonly podAffinity?: readonly PodTerm[];
  readonly podAntiAffinity?: readonly PodTerm[];
}
interface Spread {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelector;
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
  readonly matchLabelKeys?: readonly string[];
}

const labelsOf = ({ metadata }: { metadata: { labels?: Labels } }): Labels => metadata.labels ?? {};
const isThere = (pod: Pod): boolean =>
  Boolean(pod.spec.nodeName) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';

/** The name of the first rule that is broken; undefined when the node may take the pod. */
export function broken(pod: Pod, node: Node, scene: Scene): string | undefined {
  const rules: Record<string, () => boolean> = {
    cordon: () => !node.spec.unschedulable || bears(pod, 'node.kubernetes.io/unschedulable', '', 'NoSchedule'),
    taints: () => bearsAll(pod, node),
    selector: () => isChosen(pod, node),
    ports: () => portsFree(pod, node, scene),
    room: () => hasRoom(pod, node, scene),
    spread: () => isSpread(pod, node, scene),
    affinity: () => hasCompany(pod, node, scene),
    antiAffinity: () => isAlone(pod, node, scene),
    symmetry: () => isWelcome(pod, node, scene),
  };
  return Object.keys(rules).find((rule) => !rules[rule]?.());
}

const bears = (pod: Pod, key: string, value: string, effect: string): boolean =>
  (pod.spec.tolerations ?? []).some(
    (one) =>
      (!one.effect || one.effect === effect) &&
      (!one.key || one.key === key) &&
      (one.operator === 'Exists' || (one.value ?? '') === value),
  );

const bearsAll = (pod: Pod, node: Node): boolean =>
  (node.spec.taints ?? []).every(
    ({ key, value = '', effect }) => effect === 'PreferNoSchedule' || bears(pod, key, value, effect),
  );

function meets({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (value === undefined || !/^-?\d+$/.test(value)) return false;
  return operator === 'Gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
}

const selects = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every((one) => meets(one as Expression, labels));

function affinityOf(pod: Pod): Affinity {
  type Raw = Record<string, { requiredDuringSchedulingIgnoredDuringExecution?: unknown } | undefined>;
  const raw = (pod.spec.affinity ?? {}) as Raw;
  const required = (what: string) => raw[what]?.requiredDuringSchedulingIgnoredDuringExecution;
  return {
    nodeAffinity: { required: required('nodeAffinity') as { nodeSelectorTerms: NodeTerm[] } },
    podAffinity: (required('podAffinity') ?? []) as PodTerm[],
    podAntiAffinity: (required('podAntiAffinity') ?? []) as PodTerm[],
  };
}

function isChosen(pod: Pod, node: Node): boolean {
  const labels = labelsOf(node);
  if (!Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const required = affinityOf(pod).nodeAffinity?.required;
  if (!required) return true;
  return required.nodeSelectorTerms.some(({ matchExpressions = [], matchFields = [] }) => {
    if (matchExpressions.length + matchFields.length === 0) return false;
    const name = { 'metadata.name': node.metadata.name };
    return matchExpressions.every((one) => meets(one, labels)) && matchFields.every((one) => meets(one, name));
  });
}

interface Port {
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
}
const portsOf = (pod: Pod): Port[] =>
  pod.spec.containers.flatMap(({ ports = [] }) => (ports as readonly Port[]).filter(({ hostPort }) => hostPort));

const on = (node: Node, { pods }: Scene): Pod[] =>
  pods.filter((pod) => isThere(pod) && pod.spec.nodeName === node.metadata.name);

function portsFree(pod: Pod, node: Node, scene: Scene): boolean {
  const any = (ip = '0.0.0.0'): boolean => ip === '0.0.0.0';
  const clash = (a: Port, b: Port): boolean =>
    a.hostPort === b.hostPort &&
    (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') &&
    (any(a.hostIP) || any(b.hostIP) || a.hostIP === b.hostIP);
  const taken = on(node, scene).flatMap(portsOf);
  return !portsOf(pod).some((wanted) => taken.some((other) => clash(wanted, other)));
}

const UNITS: Readonly<Record<string, number>> = { m: 0.001, k: 1000 };
const amount = (text = '0'): number => Number.parseFloat(text) * (UNITS[text.at(-1) ?? ''] ?? 1);

function hasRoom(pod: Pod, node: Node, scene: Scene): boolean {
  const others = on(node, scene);
  const offer = (node.status.allocatable ?? {}) as Record<string, string>;
  if (others.length + 1 > amount(offer.pods)) return false;
  const asked = (one: Pod, what: string): number =>
    one.spec.containers.reduce((sum, { resources }) => sum + amount(resources?.requests?.[what]), 0);
  return ['cpu', 'example.com/gpu'].every((what) => {
    const wanted = asked(pod, what);
    if (wanted === 0) return true;
    return others.reduce((sum, other) => sum + asked(other, what), wanted) <= amount(offer[what]);
  });
}

function isSpread(pod: Pod, node: Node, scene: Scene): boolean {
  const constraints = ((pod.spec.topologySpreadConstraints ?? []) as Spread[]).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  return constraints.every((constraint) => {
    const { topologyKey, maxSkew, minDomains = 1 } = constraint;
    const counted = (other: Pod): boolean =>
      selects(constraint.labelSelector, labelsOf(other)) &&
      (constraint.matchLabelKeys ?? []).every(
        (key) => labelsOf(pod)[key] === undefined || labelsOf(other)[key] === labelsOf(pod)[key],
      );
    const sums: Record<string, number> = {};
    for (const one of scene.nodes) {
      if (!constraints.every((other) => labelsOf(one)[other.topologyKey] !== undefined)) continue;
      if (constraint.nodeAffinityPolicy !== 'Ignore' && !isChosen(pod, one)) continue;
      if (constraint.nodeTaintsPolicy === 'Honor' && !bearsAll(pod, one)) continue;
      const domain = labelsOf(one)[topologyKey] as string;
      const same = on(one, scene).filter(
        (other) =>
          other.metadata.namespace === pod.metadata.namespace &&
          other.metadata.deletionTimestamp === undefined &&
          counted(other),
      );
      sums[domain] = (sums[domain] ?? 0) + same.length;
    }
    const domain = labelsOf(node)[topologyKey];
    if (domain === undefined) return false;
    const domains = Object.values(sums);
    if (domains.length === 0) return true;
    const least = domains.length < minDomains ? 0 : Math.min(...domains);
    return (sums[domain] ?? 0) + (counted(pod) ? 1 : 0) - least <= maxSkew;
  });
}

/** Whether a term of `owner` speaks of `other`. */
function speaks(term: PodTerm, owner: Pod, other: Pod, { namespaces }: Scene): boolean {
  const [mine, theirs] = [labelsOf(owner), labelsOf(other)];
  const namespace = other.metadata.namespace ?? '';
  const isOwn = !term.namespaces?.length && !term.namespaceSelector;
  const isMeant = isOwn
    ? namespace === owner.metadata.namespace
    : Boolean(term.namespaces?.includes(namespace)) || selects(term.namespaceSelector, namespaces[namespace] ?? {});
  return (
    isMeant &&
    selects(term.labelSelector, theirs) &&
    (term.matchLabelKeys ?? []).every((key) => mine[key] === undefined || mine[key] === theirs[key]) &&
    (term.mismatchLabelKeys ?? []).every((key) => mine[key] === undefined || mine[key] !== theirs[key])
  );
}

const domainOf = (pod: Pod, key: string, { nodes }: Scene): string | undefined => {
  const node = nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName);
  return node && labelsOf(node)[key];
};

function hasCompany(pod: Pod, node: Node, scene: Scene): boolean {
  const terms = affinityOf(pod).podAffinity ?? [];
  if (!terms.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined)) return false;
  const company = scene.pods.filter(
    (other) => isThere(other) && terms.every((term) => speaks(term, pod, other, scene)),
  );
  const near = ({ topologyKey }: PodTerm): boolean =>
    company.some((other) => domainOf(other, topologyKey, scene) === labelsOf(node)[topologyKey]);
  if (terms.every(near)) return true;
  const isAnywhere = company.some((other) =>
    terms.some(({ topologyKey }) => domainOf(other, topologyKey, scene) !== undefined),
  );
  return !isAnywhere && terms.every((term) => speaks(term, pod, pod, scene));
}

const isAlone = (pod: Pod, node: Node, scene: Scene): boolean =>
  (affinityOf(pod).podAntiAffinity ?? []).every((term) => {
    const domain = labelsOf(node)[term.topologyKey];
    return (
      domain === undefined ||
      !scene.pods.some(
        (other) =>
          isThere(other) && speaks(term, pod, other, scene) && domainOf(other, term.topologyKey, scene) === domain,
      )
    );
  });

const isWelcome = (pod: Pod, node: Node, scene: Scene): boolean =>
  !scene.pods.some(
    (other) =>
      isThere(other) &&
      (affinityOf(other).podAntiAffinity ?? []).some((term) => {
        const domain = labelsOf(node)[term.topologyKey];
        return (
          domain !== undefined && speaks(term, other, pod, scene) && domainOf(other, term.topologyKey, scene) === domain
        );
      }),
  );
