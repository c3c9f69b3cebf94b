/** What is broken in the simulated world just now, as controllers and the kubelet may ask. Who broke it is the simulation's business. */
import type { PersistentVolumeClaim, Pod } from '../api/types';

/** One life of one container. */
export interface ContainerLife {
  readonly pod: Pod;
  readonly container: string;
  /** Its restart count. */
  readonly restart: number;
}

/** A fault that something is about to suffer. */
export interface Blow {
  /** Names the fault for `struck`. */
  readonly fault: string;
  /** Since when it is there, ms. */
  readonly since: number;
  /** The next try may go well: the fault strikes a number of times, or by chance. */
  readonly passes: boolean;
}

export interface Crash extends Blow {
  readonly how: 'crash' | 'oom';
}

/** What happens to the pull of an image. */
export interface BadPull extends Blow {
  /** Undefined where the image is not found. */
  readonly slowMs?: number;
}

/** Questions change nothing: who suffers a blow says so with `struck`. */
export interface Faults {
  /** Nothing is broken. */
  readonly isEmpty: boolean;
  /** The node is cut off: its kubelet neither hears nor says anything, and what it ran is out of reach. */
  isNodeLost(node: string): boolean;
  /** Whether this life of a container is to end by itself. */
  crash(life: ContainerLife): Crash | undefined;
  /** Whether the container's readiness probe fails. */
  isUnready(pod: Pod, container: string): boolean;
  /** Whether the kubelet is to evict the pod. */
  eviction(pod: Pod): Blow | undefined;
  /** Whether the pod does not come to its end when it is deleted. */
  isStuck(pod: Pod): boolean;
  /** What is wrong with this pull of a container's image; `attempt` counts the pulls of this pod's container from 0. */
  pull(image: string, pod: Pod, container: string, attempt: number): BadPull | undefined;
  /** Whether no volume is made for the claim, nor bound to it; `attempt` counts the tries from 0. */
  pending(claim: PersistentVolumeClaim, attempt: number): Blow | undefined;
  /** Whether the claim's volume is gone. */
  isLost(claim: PersistentVolumeClaim): boolean;
  /** Whether nothing can be written to the PersistentVolume. */
  isFull(volume: string): boolean;
  /** The fault that made a call fail with this error, or with its cause; undefined where none did. */
  refusalOf(error: unknown): Blow | undefined;
  /** The blow has been suffered. */
  struck(blow: Blow): void;
}

/** A fault that began or ended for one object. */
export interface FaultChange {
  readonly target: 'pod' | 'image' | 'node' | 'claim' | 'volume' | 'api';
  /** Of what has one. */
  readonly namespace?: string;
  /** Of an image: its reference, or a pattern. */
  readonly name: string;
  /** Absent for one that began. Used: it has struck as often as it was to. */
  readonly ended?: 'healed' | 'over' | 'used';
}
