/**
 * The life of nodes: they join, they fall silent, they return. What the kubelet of a node posts about itself is written here,
 * and so is what the node controller makes of its silence (as node_lifecycle_controller.go). While every node is well there
 * are no timers: a heartbeat that comes is not worth one.
 */
import type { Node, Pod, PodCondition } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import type { FaultChange } from '../../apiserver/faults';
import { healthy, nodeLabels, nodeStatus, numberOf, readiness } from '../../apiserver/nodes';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { toTime } from '../../meta/time';
import { EvictionRate } from './rate';
import { type Evictions, evictionsOf, waitsToDrive, wantedTaints, zoneOf } from './taints';

/** How long a node may be silent (the default of --node-monitor-grace-period). */
const GRACE_MS = 50_000;
const MONITOR_TIMER = 'node-lifecycle/monitor';
/** A node's turn to drive its pods away. */
const TURN_TIMER = 'node-lifecycle/turn';
const COMPONENT = 'node-controller';

const memoryKey = (node: string): string => `node-lifecycle/${node}`;
/** Conditions that only the kubelet knows. */
const POSTED: ReadonlySet<string> = new Set(['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']);

export class NodeLifecycleController implements Controller {
  readonly name = 'node-lifecycle';
  private readonly queue = new WorkQueue();
  /** Nodes that are closed, as far as their kubelets have told. */
  private readonly closed = new Set<string>();

  private readonly rate: EvictionRate;

  constructor(private readonly context: ControllerContext) {
    this.rate = new EvictionRate(context);
  }

  start(): void {
    for (const node of this.nodes()) if (node.spec?.unschedulable) this.closed.add(node.metadata.name);
  }

  observe(event: StoreEvent): void {
    if (resourceKey(event.resource) !== 'nodes') return;
    const node = event.object as Node;
    const { name } = node.metadata;
    if (event.type === 'DELETED') {
      this.forget(name);
      this.closed.delete(name);
      this.restIn(node);
    } else this.queue.add(name);
    // How many nodes are well decides for all of them whether pods are evicted.
    const old = event.old as Node | undefined;
    if (event.type === 'MODIFIED' && old && readiness(old) === readiness(node)) return;
    if (event.type === 'ADDED' && readiness(node) === undefined) return;
    for (const other of this.nodes()) if (readiness(other) !== 'True') this.queue.add(other.metadata.name);
  }

  onFault({ target, name }: FaultChange): void {
    if (target === 'node') this.queue.add(name);
  }

  onTimer(kind: string, name: string): void {
    if (kind === TURN_TIMER) {
      this.queue.add(name);
      return;
    }
    const node = this.get(name);
    if (!node || !this.context.faults.isNodeLost(name) || readiness(node) === 'Unknown') return;
    const wasReady = readiness(node) === 'True';
    const silent = this.context.store.updateStatus(node, {
      ...node.status,
      conditions: (node.status?.conditions ?? []).map((condition) => this.unknown(condition)),
    });
    if (!wasReady) return;
    const message = `Node ${name} status is now: NodeNotReady`;
    this.context.recorder.event(silent, 'Normal', 'NodeNotReady', message, COMPONENT);
    for (const pod of this.context.store.list<Pod>('pods')) if (pod.spec.nodeName === name) this.markNotReady(pod);
  }

  processNext(): boolean {
    const name = this.queue.take();
    if (name === undefined) return false;
    const node = this.get(name);
    if (!node) return true;
    if (this.context.faults.isNodeLost(name)) this.miss(node);
    else this.hear(node);
    this.taint(name);
    return true;
  }

  /** The node's kubelet can't be heard: from when on is remembered. */
  private miss({ metadata: { name } }: Node): void {
    if (this.context.memory.has(memoryKey(name))) return;
    this.context.memory.set(memoryKey(name), { since: this.context.now() });
    this.context.schedule(this.context.now() + GRACE_MS, MONITOR_TIMER, name);
  }

  /** The node's kubelet posts what it has to say. */
  private hear(node: Node): void {
    const { name } = node.metadata;
    this.forget(name);
    const state = readiness(node);
    if (state === undefined) this.join(node);
    else if (state === 'Unknown') this.rejoin(node);
    const isClosed = node.spec?.unschedulable === true;
    if (isClosed === this.closed.has(name)) return;
    if (isClosed) this.closed.add(name);
    else this.closed.delete(name);
    this.announce(node, isClosed ? 'NodeNotSchedulable' : 'NodeSchedulable');
  }

  private join(node: Node): void {
    const { store } = this.context;
    const { name, labels = {} } = node.metadata;
    const labelled = store.update<Node>({
      ...node,
      metadata: { ...node.metadata, labels: { ...nodeLabels(name), ...labels, 'kubernetes.io/hostname': name } },
    });
    const address = numberOf(name) === undefined ? this.context.nextNumber('node-address') + 1 : 0;
    const posted = nodeStatus(name, this.context.now(), address);
    // What a manifest says of the machine is believed.
    store.updateStatus(labelled, { ...posted, ...labelled.status, conditions: posted.conditions });
  }

  private rejoin(node: Node): void {
    const others = (node.status.conditions ?? []).filter(({ type }) => !POSTED.has(type));
    const conditions = [...others, ...healthy(this.context.now())];
    this.announce(this.context.store.updateStatus(node, { ...node.status, conditions }), 'NodeReady');
  }

  private announce(node: Node, what: string): void {
    const message = `Node ${node.metadata.name} status is now: ${what}`;
    this.context.recorder.event(node, 'Normal', what, message, 'kubelet');
  }

  private taint(name: string): void {
    const node = this.get(name);
    if (!node) return;
    const isWell = readiness(node) === 'True';
    if (isWell) this.restIn(node);
    const evictions = isWell ? 'go' : this.inTurn(node, evictionsOf(node, [...this.nodes()]));
    const taints = wantedTaints(node, evictions, toTime(this.context.now()));
    if (!taints) return;
    const { taints: _, ...spec } = node.spec ?? {};
    this.context.store.update<Node>({ ...node, spec: taints.length > 0 ? { ...spec, taints } : spec });
  }

  /** Nodes of a zone drive their pods away one after the other: the others hold on until it is their turn. */
  private inTurn(node: Node, evictions: Evictions): Evictions {
    if ((evictions !== 'go' && evictions !== 'slow') || !waitsToDrive(node)) return evictions;
    const turn = this.rate.take(zoneOf(node), evictions);
    if (turn === undefined) return evictions;
    this.context.schedule(turn, TURN_TIMER, node.metadata.name);
    return 'hold';
  }

  private restIn(node: Node): void {
    const zone = zoneOf(node);
    this.rate.rest(zone, () =>
      [...this.nodes()].every((other) => zoneOf(other) !== zone || readiness(other) === 'True'),
    );
  }

  private unknown(condition: PodCondition): PodCondition {
    if (!POSTED.has(condition.type)) return condition;
    return {
      ...condition,
      lastTransitionTime: toTime(this.context.now()),
      message: 'Kubelet stopped posting node status.',
      reason: 'NodeStatusUnknown',
      status: 'Unknown',
    };
  }

  /** Nobody can tell any more whether the pod serves (as MarkPodsNotReady). */
  private markNotReady(pod: Pod): void {
    const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True') return;
    const lastTransitionTime = toTime(this.context.now());
    const conditions = pod.status.conditions?.map((condition) =>
      condition === ready ? { ...condition, lastTransitionTime, status: 'False' } : condition,
    );
    const marked = this.context.store.updateStatus<Pod>(pod, { ...pod.status, ...(conditions && { conditions }) });
    this.context.recorder.event(marked, 'Warning', 'NodeNotReady', 'Node is not ready', COMPONENT);
  }

  private forget(name: string): void {
    if (!this.context.memory.delete(memoryKey(name))) return;
    this.context.cancel(MONITOR_TIMER, name);
  }

  private get(name: string): Node | undefined {
    return this.context.store.get<Node>('nodes', '', name);
  }

  private nodes(): Iterable<Node> {
    return this.context.store.list<Node>('nodes');
  }
}
