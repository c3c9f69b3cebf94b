/** Whether a node has room for what a pod requests (as the NodeResourcesFit plug-in, for cpu and memory). */
import { isPodTerminal } from '../../api/pod';
import type { Container, Node, Pod } from '../../api/types';
import { Quantity } from '../../meta/quantity';

const RESOURCES = ['cpu', 'memory'] as const;

/** Thousandths of a cpu, bytes of memory. */
type Amounts = Readonly<Record<(typeof RESOURCES)[number], number>>;

const requested = new WeakMap<Pod['spec'], Amounts | null>();

export interface Shortage {
  /** `Insufficient cpu`, one for each resource. */
  readonly reasons: readonly string[];
  /** The node would be too small even without its pods: making room there is no help. */
  readonly isHopeless: boolean;
}

/** What the pods on each node request, kept up to date pod by pod. */
export class NodeRoom {
  private readonly used = new Map<string, Record<(typeof RESOURCES)[number], number>>();

  /** Takes a pod's change into account; `old` is the version before, `pod` the one now. */
  change(old: Pod | undefined, pod: Pod | undefined): void {
    if (old) this.count(old, -1);
    if (pod) this.count(pod, 1);
  }

  /** What the node lacks for the pod; undefined when it fits. */
  shortage(pod: Pod, node: Node): Shortage | undefined {
    const wanted = requestsOf(pod);
    const offered = node.status?.allocatable;
    if (!wanted || !offered) return undefined;
    const used = this.used.get(node.metadata.name);
    const reasons: string[] = [];
    let isHopeless = false;
    for (const resource of RESOURCES) {
      const total = offered[resource];
      if (total === undefined || wanted[resource] <= 0) continue;
      const room = amount(total, resource);
      if ((used?.[resource] ?? 0) + wanted[resource] <= room) continue;
      reasons.push(`Insufficient ${resource}`);
      if (wanted[resource] > room) isHopeless = true;
    }
    return reasons.length > 0 ? { reasons, isHopeless } : undefined;
  }

  private count(pod: Pod, by: 1 | -1): void {
    const { nodeName } = pod.spec;
    const amounts = nodeName && !isPodTerminal(pod) ? requestsOf(pod) : undefined;
    if (!nodeName || !amounts) return;
    let used = this.used.get(nodeName);
    if (!used) {
      used = { cpu: 0, memory: 0 };
      this.used.set(nodeName, used);
    }
    for (const resource of RESOURCES) used[resource] += by * amounts[resource];
  }
}

/** The sum over the containers, or what an init container needs alone if that is more; undefined for nothing. */
function requestsOf({ spec }: Pod): Amounts | undefined {
  const known = requested.get(spec);
  if (known !== undefined) return known ?? undefined;
  const inits = spec.initContainers ?? [];
  const running = [...spec.containers, ...inits.filter((container) => container.restartPolicy === 'Always')];
  const total = (resource: (typeof RESOURCES)[number]): number => {
    const sum = running.reduce((sofar, container) => sofar + requestOf(container, resource), 0);
    return inits.reduce((most, container) => Math.max(most, requestOf(container, resource)), sum);
  };
  const amounts = { cpu: total('cpu'), memory: total('memory') };
  const some = amounts.cpu > 0 || amounts.memory > 0;
  requested.set(spec, some ? amounts : null);
  return some ? amounts : undefined;
}

function requestOf(container: Container, resource: (typeof RESOURCES)[number]): number {
  const text = container.resources?.requests?.[resource];
  return text === undefined ? 0 : amount(text, resource);
}

function amount(text: string, resource: (typeof RESOURCES)[number]): number {
  const quantity = Quantity.parse(text);
  return Number(resource === 'cpu' ? quantity.milliValue() : quantity.value());
}
