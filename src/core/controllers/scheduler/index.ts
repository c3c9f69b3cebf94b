/**
 * The scheduler: gives a pending pod a node once its claims are bound. Nodes are looked at in order of their names; the
 * first that takes the pod gets it.
 */
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
import { toTime } from '../../meta/time';

const COMPONENT = 'default-scheduler';
const UNBOUND = 'pod has unbound immediate PersistentVolumeClaims. not found';

const keyOf = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

export class Scheduler implements Controller {
  readonly name = 'scheduler';
  private readonly queue = new WorkQueue();
  /** Pods that found no place, by key: looked at again when a claim or a node changes. */
  private readonly waiting = new Set<string>();

  constructor(private readonly context: ControllerContext) {}

  /** Looks for pods that wait for a node in a cluster that was loaded. */
  start(): void {
    for (const pod of this.context.store.list<Pod>('pods')) if (wantsNode(pod)) this.waiting.add(keyOf(pod));
  }

  observe(event: StoreEvent): void {
    switch (resourceKey(event.resource)) {
      case 'pods': {
        const pod = event.object as Pod;
        if (event.type !== 'DELETED' && wantsNode(pod)) {
          if (event.type === 'ADDED' || specChanged(event)) this.queue.add(keyOf(pod));
        } else {
          this.waiting.delete(keyOf(pod));
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
    const reasons = new Map<string, number>();
    for (const node of nodes) {
      const reason = unfit(pod, node);
      if (reason === undefined) {
        this.bind(key, pod, node.metadata.name);
        return;
      }
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
    const summary =
      nodes.length === 0
        ? 'no nodes available to schedule pods'
        : `0/${nodes.length} nodes are available: ${why}. ${noPreemption(nodes.length)}`;
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
      if (claim.status.phase !== 'Bound' && !this.bindsLater(claim)) return UNBOUND;
      if (claim.status.phase !== 'Bound') return 'waiting for a volume to be created for the first consumer. not found';
    }
    return undefined;
  }

  private bindsLater(claim: PersistentVolumeClaim): boolean {
    const name = claim.spec.storageClassName;
    if (!name) return false;
    const storageClass = this.context.store.get<StorageClass>('storageclasses.storage.k8s.io', '', name);
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
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

const noPreemption = (nodes: number): string =>
  `preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;

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
