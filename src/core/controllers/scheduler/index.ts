/**
 * The scheduler: gives a pending pod a node once its claims allow it. Filters and scores are those of kube-scheduler's default
 * profile; what they ask about other pods is counted as pods come and go, so that a pod costs the same among many.
 */
import type { KubeObject, PersistentVolume, PersistentVolumeClaim, Pod, PodCondition } from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { toTime } from '../../meta/time';
import { isPlaced } from './counts';
import { type FoundNodes, findNodes } from './filters';
import { message } from './message';
import { namedNodes } from './node-affinity';
import { priorityOf } from './nominated';
import { findPreemption } from './preemption';
import { best } from './scores';
import { COMPONENT } from './types';
import { driveOut } from './victims';
import { ClusterView } from './view';
import { selectedNode } from './volumes';
import { WaitingPods } from './waiting';

/** Terms of affinity that no node can meet. */
const CONFLICT = 'pod affinity terms conflict. not found';

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

export class Scheduler implements Controller {
  readonly name = 'scheduler';
  private readonly queue = new WorkQueue();
  /** Looked at again when a claim, a volume or a node changes, or a pod goes. */
  private readonly waiting = new WaitingPods();
  private readonly view: ClusterView;

  constructor(private readonly context: ControllerContext) {
    this.view = new ClusterView(context);
  }

  /** Looks for pods that wait for a node in a cluster that was loaded. */
  start(): void {
    this.view.start();
    for (const pod of this.context.store.list<Pod>('pods')) if (wantsNode(pod)) this.waiting.add(keyOf(pod), pod);
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'pods':
        this.observePod(event);
        break;
      case 'persistentvolumes':
        this.view.volumes.note(event.object as PersistentVolume, event.type === 'DELETED');
        if (this.view.nodes.size > 1) this.retry(this.waiting.wanting(event.object as PersistentVolume));
        break;
      case 'nodes':
        this.view.forgetNodes();
        this.retry(this.waiting.all());
        break;
      case 'persistentvolumeclaims':
        this.retry(this.waiting.using(event.object as PersistentVolumeClaim));
        break;
    }
  }

  processNext(): boolean {
    const key = this.queue.take();
    if (key === undefined) return false;
    const at = key.indexOf('/');
    const pod = this.context.store.get<Pod>('pods', key.slice(0, at), key.slice(at + 1));
    if (pod && wantsNode(pod)) this.schedule(key, pod);
    return true;
  }

  private observePod(event: StoreEvent): void {
    const pod = event.type === 'DELETED' ? undefined : (event.object as Pod);
    const old = event.old as Pod | undefined;
    const moved = this.view.change(old, pod);
    const key = keyOf(event.object);
    if (pod && wantsNode(pod)) {
      if (event.type === 'ADDED' || old?.spec !== pod.spec) this.queue.add(key);
      return;
    }
    this.waiting.delete(key, event.object as Pod);
    // A pod that went leaves room, not yet one that ends; one that came is somebody to be near to.
    if (event.type === 'DELETED' || (isPlaced(old) && !isPlaced(pod))) this.retry(this.waiting.all());
    else if (moved && old?.metadata.deletionTimestamp === pod?.metadata.deletionTimestamp)
      this.retry(this.waiting.besideOthers());
  }

  private retry(keys: readonly string[]): void {
    for (const key of keys) this.queue.add(key);
  }

  private schedule(key: string, pod: Pod): void {
    const { view } = this;
    const trouble = namedNodes(pod)?.size === 0 ? CONFLICT : view.volumes.trouble(pod);
    if (trouble !== undefined) {
      this.fail(key, pod, `0/${view.nodes.size} nodes are available: ${trouble}`);
      return;
    }
    const needs = view.volumes.needs(pod);
    if (view.volumes.isComing(needs, view.nodes)) {
      // The volume is being made for this pod: scheduling goes on when it is there.
      this.waiting.add(key, pod);
      return;
    }
    const found = findNodes(view, pod);
    if (found.nodes.length === 0) {
      this.makeRoom(key, pod, found);
      return;
    }
    const liked = needs.unbound.length > 0 ? needs.unbound.map(selectedNode).find(Boolean) : view.volumes.madeFor(pod);
    const node = best(view, pod, found.nodes, liked);
    if (needs.unbound.length === 0) {
      this.bind(key, pod, node.metadata.name);
      return;
    }
    this.waiting.add(key, pod);
    view.volumes.reserve(needs, node);
  }

  /** Drives pods that matter less from a node, where that helps; the pod waits for their end. */
  private makeRoom(key: string, pod: Pod, found: FoundNodes): void {
    const { view } = this;
    const say = (preemption?: string): string => message(view.nodes.size, found.refusals.values(), preemption);
    if (view.nodes.size === 0) {
      this.fail(key, pod, say());
      return;
    }
    if (priorityOf(pod) > view.priorities.lowest()) this.context.derive('disruption');
    const preemption = findPreemption(view, pod, found);
    if ('why' in preemption) {
      this.fail(key, pod, say(preemption.why), preemption.goesOn ? pod.status.nominatedNodeName : undefined);
      return;
    }
    const { candidate } = preemption;
    // Some are gone at once: the pod must hear of it.
    this.waiting.add(key, pod);
    for (const other of driveOut(this.context, view, pod, candidate)) this.queue.add(keyOf(other));
    this.fail(key, pod, say(), candidate.node.metadata.name);
  }

  private bind(key: string, pod: Pod, nodeName: string): void {
    this.waiting.delete(key, pod);
    const scheduled: PodCondition = {
      lastProbeTime: null,
      lastTransitionTime: toTime(this.context.now()),
      status: 'True',
      type: 'PodScheduled',
    };
    const { nominatedNodeName: _, ...status } = pod.status;
    const bound = this.context.store.bind(pod, {
      spec: { ...pod.spec, nodeName },
      status: { ...status, conditions: withCondition(pod.status.conditions, scheduled) },
    });
    const text = `Successfully assigned ${key} to ${nodeName}`;
    this.context.recorder.event(bound, 'Normal', 'Scheduled', text, COMPONENT);
  }

  /** `nominated` is the node where room is being made for the pod. */
  private fail(key: string, pod: Pod, text: string, nominated?: string): void {
    this.waiting.add(key, pod);
    const before = pod.status.conditions?.find((c) => c.type === 'PodScheduled');
    const { nominatedNodeName, ...others } = pod.status;
    const isTold = before?.status === 'False' && before.message === text;
    if (isTold && nominatedNodeName === nominated) return;
    if (!isTold) this.context.recorder.event(pod, 'Warning', 'FailedScheduling', text, COMPONENT);
    const condition: PodCondition = {
      lastProbeTime: null,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : toTime(this.context.now()),
      message: text,
      reason: 'Unschedulable',
      status: 'False',
      type: 'PodScheduled',
    };
    this.context.store.updateStatus(pod, {
      ...others,
      ...(nominated !== undefined && { nominatedNodeName: nominated }),
      conditions: withCondition(pod.status.conditions, condition),
    });
  }
}

const wantsNode = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  pod.metadata.deletionTimestamp === undefined &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  pod.status.phase !== 'Succeeded' &&
  pod.status.phase !== 'Failed' &&
  !(Array.isArray(pod.spec.schedulingGates) && pod.spec.schedulingGates.length > 0);

function withCondition(conditions: readonly PodCondition[] | undefined, condition: PodCondition): PodCondition[] {
  return [...(conditions ?? []).filter((c) => c.type !== condition.type), condition];
}
