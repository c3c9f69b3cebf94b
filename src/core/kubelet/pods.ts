/** The pods as the kubelet knows them: how to find one, what is remembered of it, and what is told of it. */
import type { Pod } from '../api/types';
import type { ControllerContext } from '../apiserver/controller';
import { alone } from '../apiserver/event-series';
import { EMPTY, type PodRecord } from './memory';
import type { Happening } from './progress';
import { podKey } from './timers';

const COMPONENT = 'kubelet';

const memoryKey = (uid: string): string => `kubelet/${uid}`;
/** Of a pod whose volumes can't be mounted yet. */
const mountKey = (pod: Pod): string => `kubelet/${pod.metadata.uid}/mount`;

export class KubeletPods {
  constructor(private readonly context: ControllerContext) {}

  /** The pod of a key as podKey makes it; undefined where it has gone, though another may have its name. */
  find(key: string): Pod | undefined {
    const [namespace = '', name = '', uid] = key.split('/');
    const pod = this.context.store.get<Pod>('pods', namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }

  recall(pod: Pod): PodRecord {
    return (this.context.memory.get(memoryKey(pod.metadata.uid)) as PodRecord | undefined) ?? EMPTY;
  }

  remember(pod: Pod, record: PodRecord): void {
    if (record !== EMPTY) this.context.memory.set(memoryKey(pod.metadata.uid), record);
  }

  forget(pod: Pod): void {
    this.context.memory.delete(memoryKey(pod.metadata.uid));
    this.context.memory.delete(mountKey(pod));
  }

  waitsForMount(pod: Pod): boolean {
    return this.context.memory.has(mountKey(pod));
  }

  /** Notes which mount the pod waits for, in words; undefined once it waits no more. */
  noteMount(pod: Pod, message: string | undefined): void {
    if (message === undefined) this.context.memory.delete(mountKey(pod));
    else this.context.memory.set(mountKey(pod), message);
  }

  tell(pod: Pod, happenings: readonly Happening[]): void {
    for (const { type, reason, message, container } of happenings) {
      const part = container === undefined ? undefined : containerPath(pod, container);
      this.context.recorder.event(pod, type, reason, message, COMPONENT, part);
    }
  }

  /** Asks for a timer of the pod at an instant, ms. */
  schedule(pod: Pod, at: number, timer: string): void {
    this.context.schedule(at, timer, podKey(pod));
  }
}

/** Where the container stands in the pod (as GenerateContainerRef), one string for all pods that have it. */
function containerPath({ spec }: Pod, name: string): string {
  const isIn = (containers: readonly { readonly name: string }[] | undefined): boolean =>
    containers?.some((container) => container.name === name) ?? false;
  const list = isIn(spec.containers)
    ? 'containers'
    : isIn(spec.initContainers)
      ? 'initContainers'
      : 'ephemeralContainers';
  return alone(`spec.${list}{${name}}`)[0];
}
