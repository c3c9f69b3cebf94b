/**
 * What a controller is to the engine: level-triggered and event-fed. `observe` only queues keys; `processNext` reads the
 * store and acts on one key. Nothing awaits, so the order of events is reproducible.
 */
import type { SimulationConfig } from './config';
import type { ContainerRun, RunOutcome, RuntimeFacts } from './container-runtime';
import type { EventRecorder } from './event-recorder';
import type { FaultChange, Faults } from './faults';
import type { Store } from './store';
import type { StoreEvent } from './watch';

export interface Controller {
  readonly name: string;
  /** Queues what the change concerns; must cost no more than a few look-ups. */
  observe(event: StoreEvent): void;
  /** Called once on a cluster that was loaded or made, before anything else. */
  start?(): void;
  /** Works on one queued key. False when nothing is queued. */
  processNext(): boolean;
  /** A timer of this controller (`kind` begins with `<name>/`) is due. */
  onTimer?(kind: string, key: string): void;
  /** A run that this controller asked for has been answered. */
  onRun?(run: ContainerRun, outcome: RunOutcome): void;
  /** A fault began or ended. */
  onFault?(change: FaultChange): void;
}

export interface ControllerContext {
  readonly store: Store;
  readonly recorder: EventRecorder;
  readonly config: SimulationConfig;
  /** The cluster's time, ms since 1970. */
  now(): number;
  /** Calls `onTimer(kind, key)` of the controller that `kind` names, at that instant (ms) or at once if it is past. */
  schedule(at: number, kind: string, key: string): void;
  /** Takes back what was scheduled for the key, at whatever instants. */
  cancel(kind: string, key: string): void;
  /** 0, 1, 2, … for each name, over the life of the cluster. */
  nextNumber(name: string): number;
  /** Whether a feature gate is on, with the defaults of 1.36.2. */
  gate(name: string): boolean;
  /** What can be run inside containers; absent where nothing is: then containers, probes and hooks are healthy. */
  readonly runtime?: RuntimeFacts;
  /** What a controller keeps beyond the objects, by key: plain JSON, saved with the cluster. Values are replaced, never changed. */
  readonly memory: Map<string, unknown>;
  /** What is broken just now. */
  readonly faults: Faults;
  /** Asks for a run inside a container. Its outcome comes through `onRun` before time moves on. */
  requestRun(run: ContainerRun): void;
  /** Lets a controller that keeps derived objects catch up, so that they can be asked; its name is `Controller.name`. */
  derive(controller: string): void;
}

/** A queue of keys in which a key waits at most once (as client-go's workqueue). */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  /** The keys in their order, from `head` on. A Set alone would pass by all that was taken before, again and again. */
  private order: string[] = [];
  private head = 0;

  add(key: string): void {
    if (this.waiting.has(key)) return;
    this.waiting.add(key);
    this.order.push(key);
  }

  /** The key that has waited longest. */
  take(): string | undefined {
    if (this.head === this.order.length) return undefined;
    const key = this.order[this.head++] as string;
    this.waiting.delete(key);
    if (this.head === this.order.length) {
      this.order = [];
      this.head = 0;
    }
    return key;
  }

  get size(): number {
    return this.waiting.size;
  }
}
