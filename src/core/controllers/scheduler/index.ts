/**
 * The scheduler: gives a pending pod a node once its claims are bound. Nodes are looked at in order of their names; the
 * first that takes the pod gets it.
 */
import { claimNames } from '../../api/pod';
import type {
  KubeObject,
  Node,
  PersistentVolumeClaim,
  Pod,
  PodCondition,
  StorageClass,
  Toleration,
} from '../../api/types';
import { type Controller, type ControllerContext, WorkQueue } from '../../apiserver/controller';
import { resourceKey } from '../../apiserver/storage';
import type { StoreEvent } from '../../apiserver/watch';
import { compareText } from '../../meta/text';
import { toTime } from '../../meta/time';
import { NodeRoom } from './fit';

const COMPONENT = 'default-scheduler';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const UNBOUND = 'pod has unbound immediate PersistentVolumeClaims. not found';
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

export class Scheduler implements Controller {
  readonly name = 'scheduler';
  private readonly queue = new WorkQueue();
  /** Pods that found no place, by key: looked at again when a claim or a node changes. */
  private readonly waiting = new Set<string>();

  private readonly room = new NodeRoom();

  constructor(private readonly context: ControllerContext) {}

  /** Looks for pods that wait for a node in a cluster that was loaded. */
  start(): void {
    for (const pod of this.context.store.list<Pod>('pods')) {
      this.room.change(undefined, pod);
      if (wantsNode(pod)) this.waiting.add(keyOf(pod));
    }
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'pods': {
        const pod = event.object as Pod;
        this.room.change(event.old as Pod | undefined, event.type === 'DELETED' ? undefined : pod);
        if (event.type !== 'DELETED' && wantsNode(pod)) {
          if (event.type === 'ADDED' || specChanged(event)) this.queue.add(keyOf(pod));
        } else {
          this.waiting.delete(keyOf(pod));
          // A pod that went leaves room.
          if (event.type === 'DELETED') for (const key of this.waiting) this.queue.add(key);
        }
        break;
      }
      case 'persistentvolumeclaims':
      case 'nodes':
        for (const key of this.waiting) this.queue.add(key);
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

  private schedule(key: string, pod: Pod): void {
    const nodes = [...this.context.store.list<Node>('nodes')].sort((a, b) =>
      a.metadata.name < b.metadata.name ? -1 : 1,
    );
    const claimTrouble = this.claimTrouble(pod);
    if (claimTrouble !== undefined) {
      this.fail(key, pod, `0/${nodes.length} nodes are available: ${claimTrouble}`);
      return;
    }
    const unbound = this.unboundClasses(pod);
    if (unbound.some((storageClass) => storageClass.provisioner !== NO_PROVISIONER)) {
      // The volume is being made for this pod: scheduling goes on when it is there.
      this.waiting.add(key);
      return;
    }
    const reasons = new Map<string, number>();
    // Nodes on which pods of a lower priority could have made room, had there been any.
    let crowded = 0;
    for (const node of nodes) {
      const reason = unfit(pod, node) ?? (unbound.length > 0 ? NO_VOLUME : undefined);
      const shortage = reason === undefined ? this.room.shortage(pod, node) : undefined;
      if (reason === undefined && !shortage) {
        this.bind(key, pod, node.metadata.name);
        return;
      }
      if (shortage && !shortage.isHopeless) crowded += 1;
      for (const why of shortage?.reasons ?? [reason ?? '']) reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
    const why = [...reasons]
      .map(([reason, count]) => `${count} ${reason}`)
      .sort(compareText)
      .join(', ');
    const summary =
      nodes.length === 0
        ? 'no nodes available to schedule pods'
        : `0/${nodes.length} nodes are available: ${why}. ${noPreemption(nodes.length, crowded)}`;
    this.fail(key, pod, summary);
  }

  private bind(key: string, pod: Pod, nodeName: string): void {
    this.waiting.delete(key);
    const scheduled: PodCondition = {
      lastProbeTime: null,
      lastTransitionTime: toTime(this.context.now()),
      status: 'True',
      type: 'PodScheduled',
    };
    const bound = this.context.store.bind(pod, {
      spec: { ...pod.spec, nodeName },
      status: { ...pod.status, conditions: withCondition(pod.status.conditions, scheduled) },
    });
    const message = `Successfully assigned ${key} to ${nodeName}`;
    this.context.recorder.event(bound, 'Normal', 'Scheduled', message, COMPONENT);
  }

  private fail(key: string, pod: Pod, message: string): void {
    this.waiting.add(key);
    const before = pod.status.conditions?.find((c) => c.type === 'PodScheduled');
    if (before?.status === 'False' && before.message === message) return;
    this.context.recorder.event(pod, 'Warning', 'FailedScheduling', message, COMPONENT);
    const condition: PodCondition = {
      lastProbeTime: null,
      lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : toTime(this.context.now()),
      message,
      reason: 'Unschedulable',
      status: 'False',
      type: 'PodScheduled',
    };
    this.context.store.updateStatus(pod, {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, condition),
    });
  }

  /** Why the pod's claims keep it from any node (as the VolumeBinding plug-in's PreFilter). */
  private claimTrouble(pod: Pod): string | undefined {
    for (const volume of pod.spec.volumes ?? []) {
      const name = volume.persistentVolumeClaim?.claimName;
      if (name === undefined) continue;
      const claim = this.context.store.get<PersistentVolumeClaim>(
        'persistentvolumeclaims',
        pod.metadata.namespace ?? '',
        name,
      );
      if (!claim) return `persistentvolumeclaim "${name}" not found. not found`;
      if (claim.metadata.deletionTimestamp !== undefined)
        return `persistentvolumeclaim "${name}" is being deleted. not found`;
      if (claim.status.phase === 'Lost')
        return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}". not found`;
      if (claim.status.phase !== 'Bound' && !this.classThatWaits(claim)) return UNBOUND;
    }
    return undefined;
  }

  /** The classes of the pod's claims that are bound only when a consumer is there, and are not yet. */
  private unboundClasses(pod: Pod): StorageClass[] {
    return claimNames(pod).flatMap((name) => {
      const namespace = pod.metadata.namespace ?? '';
      const claim = this.context.store.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name);
      return claim && claim.status.phase !== 'Bound' ? (this.classThatWaits(claim) ?? []) : [];
    });
  }

  private classThatWaits(claim: PersistentVolumeClaim): StorageClass | undefined {
    const name = claim.spec.storageClassName;
    if (!name) return undefined;
    const storageClass = this.context.store.get<StorageClass>('storageclasses.storage.k8s.io', '', name);
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' ? storageClass : undefined;
  }
}

const wantsNode = (pod: Pod): boolean =>
  !pod.spec.nodeName &&
  pod.metadata.deletionTimestamp === undefined &&
  (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
  pod.status.phase !== 'Succeeded' &&
  pod.status.phase !== 'Failed' &&
  !(Array.isArray(pod.spec.schedulingGates) && pod.spec.schedulingGates.length > 0);

const specChanged = (event: StoreEvent): boolean => event.old?.spec !== event.object.spec;

function noPreemption(nodes: number, crowded: number): string {
  const reasons = [
    crowded > 0 ? `${crowded} No preemption victims found for incoming pod` : '',
    nodes > crowded ? `${nodes - crowded} Preemption is not helpful for scheduling` : '',
  ];
  return `preemption: 0/${nodes} nodes are available: ${reasons.filter((reason) => reason !== '').join(', ')}.`;
}

/** Why the node can't take the pod; undefined when it can. */
function unfit(pod: Pod, node: Node): string | undefined {
  const tolerations = pod.spec.tolerations ?? [];
  if (
    node.spec.unschedulable &&
    !tolerations.some((t) => tolerates(t, 'node.kubernetes.io/unschedulable', '', 'NoSchedule'))
  ) {
    return 'node(s) were unschedulable';
  }
  const taint = node.spec.taints?.find(
    (t) =>
      (t.effect === 'NoSchedule' || t.effect === 'NoExecute') &&
      !tolerations.some((toleration) => tolerates(toleration, t.key, t.value ?? '', t.effect)),
  );
  if (taint) return `node(s) had untolerated taint(s) {${taint.key}: ${taint.value ?? ''}}`;
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  return selected ? undefined : "node(s) didn't match Pod's node affinity/selector";
}

const tolerates = (toleration: Toleration, key: string, value: string, effect: string): boolean =>
  (!toleration.effect || toleration.effect === effect) &&
  (!toleration.key || toleration.key === key) &&
  (toleration.operator === 'Exists' || (toleration.key === key && (toleration.value ?? '') === value));

function withCondition(conditions: readonly PodCondition[] | undefined, condition: PodCondition): PodCondition[] {
  return [...(conditions ?? []).filter((c) => c.type !== condition.type), condition];
}
