/**
 * The garbage collector of pods: those whose node is gone, and those that would end on a node which was declared out of
 * service (as podgc/gc_controller.go). Their kubelet can't say that they have ended: it is taken for granted.
 */
import type { Node, Pod } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { withDisruption } from '../../apiserver/disruption-target';
import { readiness } from '../../apiserver/nodes';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';

/** How long a node may be missing until its pods go. */
const QUARANTINE_MS = 40_000;
/** How often is looked. */
const PERIOD_MS = 20_000;
const ORPHANS_TIMER = 'pod-gc/orphans';
const OUT_OF_SERVICE_TIMER = 'pod-gc/out-of-service';
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

export class PodGarbageCollector implements Controller {
  readonly name = 'pod-gc';
  /** Nodes to look at. */
  private readonly queue = new WorkQueue();
  private readonly outOfService = new Set<string>();

  constructor(private readonly context: ControllerContext) {}

  start(): void {
    for (const node of this.context.store.list<Node>('nodes')) this.note(node);
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'nodes': {
        const node = event.object as Node;
        if (event.type === 'DELETED') {
          this.outOfService.delete(node.metadata.name);
          this.context.schedule(this.context.now() + QUARANTINE_MS, ORPHANS_TIMER, node.metadata.name);
        } else this.note(node);
        break;
      }
      case 'pods': {
        const { metadata, spec } = event.object as Pod;
        if (event.type === 'DELETED' || !spec.nodeName) return;
        if (metadata.deletionTimestamp !== undefined && this.outOfService.has(spec.nodeName))
          this.queue.add(spec.nodeName);
        // A pod that was put on a node by name, which is not there.
        else if ((event.old as Pod | undefined)?.spec.nodeName !== spec.nodeName && !this.node(spec.nodeName))
          this.context.schedule(this.context.now() + QUARANTINE_MS, ORPHANS_TIMER, spec.nodeName);
        break;
      }
    }
  }

  processNext(): boolean {
    const name = this.queue.take();
    if (name === undefined) return false;
    const next = (Math.floor(this.context.now() / PERIOD_MS) + 1) * PERIOD_MS;
    this.context.schedule(next, OUT_OF_SERVICE_TIMER, name);
    return true;
  }

  onTimer(kind: string, name: string): void {
    const node = this.node(name);
    if (kind === ORPHANS_TIMER && !node) this.collect(name, true);
    if (kind === OUT_OF_SERVICE_TIMER && node && this.outOfService.has(name)) this.collect(name, false);
  }

  private note(node: Node): void {
    const { name } = node.metadata;
    const isOut = readiness(node) !== 'True' && (node.spec?.taints ?? []).some((taint) => taint.key === OUT_OF_SERVICE);
    if (!isOut) this.outOfService.delete(name);
    else if (!this.outOfService.has(name)) {
      this.outOfService.add(name);
      this.queue.add(name);
    }
  }

  private collect(name: string, isOrphaned: boolean): void {
    for (const pod of [...this.context.store.list<Pod>('pods')]) {
      if (pod.spec.nodeName !== name) continue;
      if (isOrphaned || pod.metadata.deletionTimestamp !== undefined) this.end(pod, isOrphaned);
    }
  }

  private end(pod: Pod, isOrphaned: boolean): void {
    const { store } = this.context;
    const { phase } = pod.status;
    if (phase !== 'Succeeded' && phase !== 'Failed') {
      const status = isOrphaned
        ? withDisruption(pod.status, 'DeletionByPodGC', 'PodGC: node no longer exists', this.context.now())
        : pod.status;
      store.updateStatus<Pod>(pod, { ...status, phase: 'Failed' });
    }
    const { namespace = '', name, uid } = pod.metadata;
    store.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  }

  private node(name: string): Node | undefined {
    return this.context.store.get<Node>('nodes', '', name);
  }
}
