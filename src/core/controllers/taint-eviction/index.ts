/**
 * Evicts pods from nodes with NoExecute taints that they do not tolerate, or tolerate for a time (as taint_eviction.go). Evicting
 * is deleting, budgets or not: on a node that can't be reached the pod stays Terminating.
 */
import type { Node, Pod, Toleration } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { withDisruption } from '../../apiserver/disruption-target';
import { resourceKey } from '../../apiserver/storage';
import { type Taint, tolerates } from '../../apiserver/tolerations';
import type { StoreEvent } from '../../apiserver/watch';

const EVICT_TIMER = 'taint-eviction/evict';
const COMPONENT = 'taint-eviction-controller';

const keyOf = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}/${pod.metadata.uid}`;
const memoryKey = (key: string): string => `taint-eviction/${key}`;

/** An eviction that is still to come, ms. */
interface Planned {
  readonly since: number;
  readonly at: number;
}

export class TaintEvictionController implements Controller {
  readonly name = 'taint-eviction';
  private readonly nodes = new WorkQueue();
  private readonly pods = new WorkQueue();
  /** The NoExecute taints of the nodes that have any. */
  private readonly tainted = new Map<string, readonly Taint[]>();

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    for (const node of this.context.store.list<Node>('nodes')) this.note(node);
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'nodes':
        if (event.type === 'DELETED') this.tainted.delete(event.object.metadata.name);
        else if ((event.old as Node | undefined)?.spec?.taints !== (event.object as Node).spec?.taints)
          this.nodes.add(event.object.metadata.name);
        break;
      case 'pods':
        if (this.tainted.size > 0) this.observePod(event);
        break;
    }
  }

  processNext(): boolean {
    const name = this.nodes.take();
    if (name !== undefined) {
      const node = this.context.store.get<Node>('nodes', '', name);
      if (node && this.note(node)) {
        for (const pod of this.podsOn(name)) this.judge(pod);
        if (!this.tainted.has(name)) this.context.cancel(EVICT_TIMER, name);
      }
      return true;
    }
    const key = this.pods.take();
    if (key === undefined) return false;
    const pod = this.find(key);
    if (pod) this.judge(pod);
    return true;
  }

  /** Pods of one node that have the same patience go together. */
  onTimer(_kind: string, name: string): void {
    for (const pod of this.podsOn(name)) {
      const key = memoryKey(keyOf(pod));
      const planned = this.context.memory.get(key) as Planned | undefined;
      if (!planned || planned.at > this.context.now()) continue;
      this.context.memory.delete(key);
      this.evict(pod);
    }
  }

  private observePod(event: StoreEvent): void {
    const pod = event.object as Pod;
    if (event.type === 'DELETED') {
      this.cancel(pod, false);
      return;
    }
    const old = event.old as Pod | undefined;
    const isNew = old?.spec.nodeName !== pod.spec.nodeName || old?.spec.tolerations !== pod.spec.tolerations;
    if (isNew && this.tainted.has(pod.spec.nodeName ?? '')) this.pods.add(keyOf(pod));
  }

  /** False when the node's NoExecute taints are as they were. */
  private note({ metadata, spec }: Node): boolean {
    const taints = (spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
    const before = this.tainted.get(metadata.name) ?? [];
    if (taints.length > 0) this.tainted.set(metadata.name, taints);
    else this.tainted.delete(metadata.name);
    return JSON.stringify(before) !== JSON.stringify(taints);
  }

  /** Evicts the pod, plans it, or lets it be (as processPodOnNode). */
  private judge(pod: Pod): void {
    const taints = this.tainted.get(pod.spec.nodeName ?? '') ?? [];
    const patience = patienceOf(taints, pod.spec.tolerations ?? []);
    if (patience === Number.POSITIVE_INFINITY) {
      this.cancel(pod, true);
      return;
    }
    const now = this.context.now();
    if (patience === 0) {
      this.cancel(pod, true);
      this.evict(pod);
      return;
    }
    const planned = this.context.memory.get(memoryKey(keyOf(pod))) as Planned | undefined;
    const since = planned?.since ?? now;
    // A plan is never put off by what is seen later.
    if (planned && since + patience < now + patience) return;
    this.cancel(pod, planned !== undefined);
    this.context.memory.set(memoryKey(keyOf(pod)), { since, at: since + patience });
    this.context.schedule(since + patience, EVICT_TIMER, pod.spec.nodeName ?? '');
  }

  private evict(pod: Pod): void {
    const { namespace = '', name } = pod.metadata;
    const message = `Marking for deletion Pod ${namespace}/${name}`;
    this.context.recorder.event(pod, 'Normal', 'TaintManagerEviction', message, COMPONENT);
    const status = withDisruption(
      pod.status,
      'DeletionByTaintManager',
      'Taint manager: deleting due to NoExecute taint',
      this.context.now(),
    );
    if (status !== pod.status) this.context.store.updateStatus(pod, status);
    this.context.store.delete('pods', namespace, name);
  }

  private cancel(pod: Pod, isTold: boolean): void {
    if (!this.context.memory.delete(memoryKey(keyOf(pod))) || !isTold) return;
    const message = `Cancelling deletion of Pod ${pod.metadata.namespace}/${pod.metadata.name}`;
    this.context.recorder.event(pod, 'Normal', 'TaintManagerEviction', message, COMPONENT);
  }

  private podsOn(node: string): Pod[] {
    return [...this.context.store.list<Pod>('pods')].filter((pod) => pod.spec.nodeName === node);
  }

  private find(key: string): Pod | undefined {
    const [namespace = '', name = '', uid] = key.split('/');
    const pod = this.context.store.get<Pod>('pods', namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }
}

/** How long the taints are borne, ms: 0 where one is not, Infinity where all are for good. */
function patienceOf(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let patience = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    // The first toleration that fits counts (as GetMatchingTolerations).
    const toleration = tolerations.find((candidate) => tolerates(candidate, taint));
    if (!toleration) return 0;
    const { tolerationSeconds } = toleration;
    if (tolerationSeconds !== undefined) patience = Math.min(patience, Math.max(0, Number(tolerationSeconds)) * 1000);
  }
  return patience;
}
