/** Whether a node has room for what a pod requests, and how much would be left (as the NodeResourcesFit plug-in). */
import type { Container, Node, Pod } from '../../api/types';
import { Quantity } from '../../meta/quantity';
import { isPlaced } from './counts';
import type { Refusal } from './types';

/** Thousandths of a cpu, bytes of memory and the like, pieces of anything else. */
type Amounts = Readonly<Record<string, number>>;

interface Asked {
  readonly requests: Amounts;
  /** For scores a pod that asks for nothing still counts for a little (as GetNonzeroRequests). */
  readonly weight: { readonly cpu: number; readonly memory: number };
}

const LITTLE_CPU = 100;
const LITTLE_MEMORY = 200 * 1024 * 1024;
const NOTHING: Amounts = {};
const FIRST = ['cpu', 'memory', 'ephemeral-storage'];

const asked = new WeakMap<Pod['spec'], Asked>();
const offers = new WeakMap<object, Amounts>();

interface Used {
  pods: number;
  readonly requests: Record<string, number>;
  readonly weight: { cpu: number; memory: number };
}

/** What the pods on each node request, kept up to date pod by pod. */
export class NodeRoom {
  private readonly used = new Map<string, Used>();

  /** Takes a pod's change into account; `old` is the version before, `pod` the one now. */
  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  /** Pods on the node that have not ended. */
  pods(node: string): number {
    return this.used.get(node)?.pods ?? 0;
  }

  /** What the node lacks for the pod; undefined when it fits. */
  shortage(pod: Pod, node: Node): Refusal | undefined {
    const offered = offerOf(node);
    if (!offered) return undefined;
    const used = this.used.get(node.metadata.name);
    const reasons: string[] = [];
    let isFinal = false;
    if (offered.pods !== undefined && (used?.pods ?? 0) + 1 > offered.pods) reasons.push('Too many pods');
    const { requests } = askedBy(pod);
    for (const resource in requests) {
      const wanted = requests[resource] as number;
      if (wanted <= 0) continue;
      const room = offered[resource] ?? (FIRST.includes(resource) ? Number.POSITIVE_INFINITY : 0);
      if ((used?.requests[resource] ?? 0) + wanted <= room) continue;
      reasons.push(`Insufficient ${resource}`);
      if (wanted > room) isFinal = true;
    }
    return reasons.length > 0 ? { reasons, isFinal } : undefined;
  }

  /** How much would be left with the pod, 0 to 100, the mean of cpu and memory (as LeastAllocated). */
  leastAllocated(pod: Pod, node: Node): number {
    const { weight } = askedBy(pod);
    const used = this.used.get(node.metadata.name)?.weight;
    return this.mean(node, (resource, room) => {
      const wanted = (used?.[resource] ?? 0) + weight[resource];
      return wanted > room ? 0 : Math.floor(((room - wanted) * 100) / room);
    });
  }

  /** How evenly cpu and memory would be used, 0 to 100; 0 for a pod that asks for nothing (as BalancedAllocation). */
  balanced(pod: Pod, node: Node): number {
    const { requests } = askedBy(pod);
    if (requests === NOTHING) return 0;
    const offered = offerOf(node);
    const used = this.used.get(node.metadata.name)?.requests;
    const shares = (['cpu', 'memory'] as const).flatMap((resource) => {
      const room = offered?.[resource] ?? 0;
      return room > 0 ? [Math.min(1, ((used?.[resource] ?? 0) + (requests[resource] ?? 0)) / room)] : [];
    });
    const [a, b] = shares;
    const deviation = a !== undefined && b !== undefined ? Math.abs(a - b) / 2 : 0;
    return Math.floor((1 - deviation) * 100);
  }

  private mean(node: Node, score: (resource: 'cpu' | 'memory', room: number) => number): number {
    const offered = offerOf(node);
    const scores = (['cpu', 'memory'] as const).flatMap((resource) => {
      const room = offered?.[resource] ?? 0;
      return room > 0 ? [score(resource, room)] : [];
    });
    return scores.length === 0 ? 0 : Math.floor(scores.reduce((sum, one) => sum + one, 0) / scores.length);
  }

  private count(pod: Pod, by: 1 | -1): void {
    if (!isPlaced(pod)) return;
    const node = pod.spec.nodeName as string;
    let used = this.used.get(node);
    if (!used) {
      used = { pods: 0, requests: {}, weight: { cpu: 0, memory: 0 } };
      this.used.set(node, used);
    }
    used.pods += by;
    const { requests, weight } = askedBy(pod);
    used.weight.cpu += by * weight.cpu;
    used.weight.memory += by * weight.memory;
    for (const resource in requests)
      used.requests[resource] = (used.requests[resource] ?? 0) + by * (requests[resource] as number);
  }
}

/** What a pod requests in all, by resource: thousandths of a cpu, bytes, pieces. */
export const requestedBy = (pod: Pod): Amounts => askedBy(pod).requests;

/** The sum over the containers, or what an init container needs beside the sidecars if that is more; what is given for the pod as a whole counts instead. */
function askedBy({ spec }: Pod): Asked {
  const known = asked.get(spec);
  if (known) return known;
  const inits = spec.initContainers ?? [];
  const everyone = [...spec.containers, ...inits];
  const names = new Set(everyone.flatMap((container) => Object.keys(container.resources?.requests ?? {})));
  const overhead = (spec.overhead ?? {}) as Readonly<Record<string, string>>;
  const whole = wholeOf(spec);
  for (const name of [...Object.keys(overhead), ...Object.keys(whole)]) names.add(name);
  const total = (of: (container: Container) => number): number => {
    let sidecars = 0;
    let most = 0;
    for (const container of inits) {
      if (container.restartPolicy === 'Always') {
        sidecars += of(container);
        most = Math.max(most, sidecars);
      } else most = Math.max(most, sidecars + of(container));
    }
    return Math.max(most, sidecars + spec.containers.reduce((sum, container) => sum + of(container), 0));
  };
  const requests: Record<string, number> = {};
  for (const name of [
    ...FIRST.filter((first) => names.has(first)),
    ...[...names].filter((n) => !FIRST.includes(n)).sort(),
  ]) {
    const extra = overhead[name] === undefined ? 0 : amount(overhead[name] as string, name);
    requests[name] = (whole[name] ?? total((container) => requestOf(container, name, 0))) + extra;
  }
  const some = Object.values(requests).some((value) => value > 0);
  const weight = {
    cpu: whole.cpu ?? total((container) => requestOf(container, 'cpu', LITTLE_CPU)),
    memory: whole.memory ?? total((container) => requestOf(container, 'memory', LITTLE_MEMORY)),
  };
  const answer = { requests: some ? requests : NOTHING, weight };
  asked.set(spec, answer);
  return answer;
}

/** What is requested for the pod as a whole (`spec.resources`). */
function wholeOf({ resources }: Pod['spec']): Amounts {
  const { requests = {} } = (resources ?? {}) as { readonly requests?: Readonly<Record<string, string>> };
  return Object.fromEntries(Object.entries(requests).map(([name, text]) => [name, amount(text, name)]));
}

function requestOf(container: Container, resource: string, otherwise: number): number {
  const text = container.resources?.requests?.[resource];
  return text === undefined ? otherwise : amount(text, resource);
}

function offerOf(node: Node): Amounts | undefined {
  const { allocatable } = node.status ?? {};
  if (!allocatable) return undefined;
  let offer = offers.get(allocatable);
  if (!offer) {
    offer = Object.fromEntries(Object.entries(allocatable).map(([name, text]) => [name, amount(text, name)]));
    offers.set(allocatable, offer);
  }
  return offer;
}

function amount(text: string, resource: string): number {
  const quantity = Quantity.parse(text);
  return Number(resource === 'cpu' ? quantity.milliValue() : quantity.value());
}
