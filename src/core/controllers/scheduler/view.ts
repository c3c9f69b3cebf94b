/** What the scheduler knows of the cluster: its nodes by name, and what the pods on them take, want and are. */
import type { Node, PersistentVolume, Pod } from '../../api/types';
import type { ControllerContext } from '../../apiserver/controller';
import type { Store } from '../../apiserver/store';
import { compareText } from '../../meta/text';
import { Carriers } from './carriers';
import { isPlaced, PodCounts } from './counts';
import { NodeRoom } from './fit';
import { HostPorts } from './host-ports';
import { Nominated, Priorities } from './nominated';
import type { ScoreState } from './scores';
import { Volumes } from './volumes';

export class ClusterView implements ScoreState {
  readonly room = new NodeRoom();
  readonly ports = new HostPorts();
  readonly carriers = new Carriers();
  readonly priorities = new Priorities();
  readonly nominated = new Nominated();
  readonly counts: PodCounts;
  readonly volumes: Volumes;
  readonly store: Store;
  private sorted: ReadonlyMap<string, Node> | undefined;

  constructor(context: ControllerContext) {
    this.store = context.store;
    this.counts = new PodCounts(context.store);
    this.volumes = new Volumes(context);
  }

  /** By name, in order. */
  get nodes(): ReadonlyMap<string, Node> {
    this.sorted ??= new Map(
      [...this.store.list<Node>('nodes')]
        .sort((a, b) => compareText(a.metadata.name, b.metadata.name))
        .map((node) => [node.metadata.name, node]),
    );
    return this.sorted;
  }

  forgetNodes(): void {
    this.sorted = undefined;
  }

  start(): void {
    for (const pod of this.store.list<Pod>('pods')) this.change(undefined, pod);
    for (const volume of this.store.list<PersistentVolume>('persistentvolumes')) this.volumes.note(volume, false);
  }

  /** Takes a pod's change into account. False when nothing changed that another pod could care for. */
  change(old: Pod | undefined, pod: Pod | undefined): boolean {
    this.nominated.change(old, pod);
    if (isSame(old, pod)) return false;
    this.place(old, pod);
    this.priorities.change(old, pod);
    return true;
  }

  /** Supposes that a pod were there, or were not; to be taken back. Of what is counted, everything must have been asked before. */
  place(old: Pod | undefined, pod: Pod | undefined): void {
    this.room.change(old, pod);
    this.ports.change(old, pod);
    this.carriers.change(old, pod);
    this.volumes.change(old, pod);
    this.counts.change(old, pod);
  }
}

const isSame = (old: Pod | undefined, pod: Pod | undefined): boolean => {
  if (!isPlaced(old) && !isPlaced(pod)) return true;
  return (
    old !== undefined &&
    pod !== undefined &&
    old.spec === pod.spec &&
    old.metadata.labels === pod.metadata.labels &&
    (old.metadata.deletionTimestamp === undefined) === (pod.metadata.deletionTimestamp === undefined) &&
    isPlaced(old) === isPlaced(pod)
  );
};
