/** The book of faults: what is broken, for how long and how often it strikes. It answers the questions of Faults. */
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/types';
import type { BadPull, Blow, ContainerLife, Crash, FaultChange, Faults } from '../../apiserver/faults';
import type { Store, WriteCall } from '../../apiserver/store';
import { affectedBy } from './affected';
import { chance, seedOf } from './chance';
import { fits, isClaim, isContainer, isImage, isPod } from './match';
import { isCall, refusal } from './refusal';
import { type Fault, type FaultSpec, ONCE, type Target } from './types';

/** A fault ends; the key is its id. */
export const END_TIMER = 'faults/end';

export interface BookOptions {
  readonly store: Store;
  now(): number;
  schedule(at: number, kind: string, key: string): void;
  /** Takes a timer back. */
  cancel(kind: string, key: string): void;
  nextNumber(name: string): number;
  seed(): number;
  /** Told of every change of what is saved. */
  changed(): void;
}

export interface NewFault extends FaultSpec {
  /** How long it lasts, ms. */
  readonly forMs?: number;
  /** It lasts until somebody heals it, however often it strikes. */
  readonly untilHealed?: boolean;
}

export class FaultBook implements Faults {
  private readonly faults: Map<string, Fault>;
  /** Told of every call of a user that was refused. */
  onRefusal: (() => void) | undefined;
  private readonly news: FaultChange[] = [];
  private readonly refusals = new WeakMap<Error, Blow>();

  constructor(
    faults: readonly Fault[],
    private readonly options: BookOptions,
  ) {
    this.faults = new Map(faults.map((fault) => [fault.id, fault]));
    this.watchCalls();
  }

  /** All of them, oldest first. */
  list(): readonly Fault[] {
    return [...this.faults.values()];
  }

  add({ forMs, untilHealed = false, ...spec }: NewFault): Fault {
    const { now, nextNumber, seed, schedule } = this.options;
    const n = nextNumber('fault') + 1;
    const since = now();
    const isOnce =
      ONCE.includes(spec.what) && spec.left === undefined && spec.probability === undefined && forMs === undefined;
    const { probability, ...others } = spec;
    const fault: Fault = {
      id: `f${n}`,
      ...others,
      ...(probability !== undefined && probability < 1 && { probability }),
      ...(isOnce && !untilHealed && { left: this.onceEach(spec) }),
      since,
      ...(forMs !== undefined && { until: since + forMs }),
      struck: 0,
      seed: seedOf(seed(), n),
    };
    if (fault.until !== undefined) schedule(fault.until, END_TIMER, fault.id);
    this.put(fault);
    this.tell(fault);
    return fault;
  }

  /** Ends a fault; false when there is none of that id. */
  end(id: string, how: NonNullable<FaultChange['ended']>): boolean {
    const fault = this.faults.get(id);
    if (!fault) return false;
    this.faults.delete(id);
    if (fault.until !== undefined) this.options.cancel(END_TIMER, id);
    this.options.changed();
    this.watchCalls();
    this.tell(fault, how);
    return true;
  }

  /** What began or ended since the last call. */
  takeNews(): readonly FaultChange[] {
    return this.news.splice(0);
  }

  /** The objects that the fault concerns now: pods, nodes, claims or volumes. */
  affected(fault: FaultSpec): readonly FaultChange[] {
    return affectedBy(this.options.store, fault);
  }

  isNodeLost(node: string): boolean {
    return this.some('node', 'lost', (fault) => fits(fault.name ?? '*', node) && falls(fault, node));
  }

  crash({ pod, container, restart }: ContainerLife): Crash | undefined {
    for (const fault of this.faults.values()) {
      const { target, what } = fault;
      if (target !== 'pod' || (what !== 'crash' && what !== 'oom') || !isPod(fault, pod)) continue;
      if (!isContainer(fault, pod, container)) continue;
      if (falls(fault, `${pod.metadata.uid}/${container}/${restart}`)) return { ...blowOf(fault), how: what };
    }
    return undefined;
  }

  isUnready(pod: Pod, container: string): boolean {
    return this.some('pod', 'unready', (fault) => {
      const isMeant = fault.container === undefined || fault.container === container;
      return isMeant && isPod(fault, pod) && falls(fault, pod.metadata.uid);
    });
  }

  eviction(pod: Pod): Blow | undefined {
    const isMeant = (fault: Fault): boolean => isPod(fault, pod) && falls(fault, pod.metadata.uid);
    return this.blow('pod', 'evicted', isMeant);
  }

  isStuck(pod: Pod): boolean {
    return this.some('pod', 'stuck-terminating', (fault) => isPod(fault, pod) && falls(fault, pod.metadata.uid));
  }

  pull(image: string, pod: Pod, container: string, attempt: number): BadPull | undefined {
    for (const fault of this.faults.values()) {
      if (fault.target !== 'image' || !isImage(fault.name ?? '*', image)) continue;
      if (!falls(fault, `${pod.metadata.uid}/${container}/${attempt}`)) continue;
      return { ...blowOf(fault), ...(fault.what === 'slow' && { slowMs: fault.slowMs ?? 0 }) };
    }
    return undefined;
  }

  pending(claim: PersistentVolumeClaim, attempt: number): Blow | undefined {
    const key = `${claim.metadata.uid}/${attempt}`;
    return this.blow('claim', 'pending', (fault) => isClaim(fault, claim) && falls(fault, key));
  }

  isLost(claim: PersistentVolumeClaim): boolean {
    return this.some('claim', 'lost', (fault) => isClaim(fault, claim) && falls(fault, claim.metadata.uid));
  }

  isFull(volume: string): boolean {
    if (this.some('volume', 'full', (fault) => fits(fault.name ?? '*', volume) && falls(fault, volume))) return true;
    return this.some('claim', 'full', (fault) => {
      const ref = this.options.store.get<PersistentVolume>('persistentvolumes', '', volume)?.spec.claimRef;
      if (!ref?.name) return false;
      const metadata = { name: ref.name, namespace: ref.namespace } as PersistentVolumeClaim['metadata'];
      return isClaim(fault, { metadata }) && falls(fault, volume);
    });
  }

  refusalOf(error: unknown): Blow | undefined {
    if (!(error instanceof Error)) return undefined;
    return this.refusals.get(error) ?? (error.cause instanceof Error ? this.refusals.get(error.cause) : undefined);
  }

  get isEmpty(): boolean {
    return this.faults.size === 0;
  }

  struck({ fault: id }: Blow): void {
    const fault = this.faults.get(id);
    if (!fault) return;
    const left = fault.left === undefined ? undefined : fault.left - 1;
    this.put({ ...fault, struck: fault.struck + 1, ...(left !== undefined && { left }) });
    if (left === 0) this.end(id, 'used');
  }

  private put(fault: Fault): void {
    this.faults.set(fault.id, fault);
    this.options.changed();
    this.watchCalls();
  }

  /** What is meant for several pods at once strikes each of them once. */
  private onceEach(spec: FaultSpec): number {
    return spec.target === 'pod' ? Math.max(1, this.affected(spec).length) : 1;
  }

  private some(target: Target, what: string, isMeant: (fault: Fault) => boolean): boolean {
    return this.blow(target, what, isMeant) !== undefined;
  }

  private blow(target: Target, what: string, isMeant: (fault: Fault) => boolean): Blow | undefined {
    for (const fault of this.faults.values()) {
      if (fault.target === target && fault.what === what && isMeant(fault)) return blowOf(fault);
    }
    return undefined;
  }

  private tell(fault: Fault, ended?: FaultChange['ended']): void {
    for (const change of this.affected(fault)) this.news.push(ended ? { ...change, ended } : change);
  }

  /** The store asks only while there is something to ask for. */
  private watchCalls(): void {
    const { store } = this.options;
    const wanted = this.list().some((fault) => fault.target === 'api');
    if (wanted) store.beforeWrite = this.refuse;
    else if (store.beforeWrite === this.refuse) store.beforeWrite = undefined;
  }

  private readonly refuse = (call: WriteCall): void => {
    for (const fault of this.list()) {
      if (fault.target !== 'api' || !isCall(fault, call)) continue;
      if (fault.probability !== undefined) {
        const asked = (fault.asked ?? 0) + 1;
        this.put({ ...fault, asked });
        if (!falls(fault, String(asked))) continue;
      }
      const blow = blowOf(fault);
      this.struck(blow);
      const error = refusal(fault, this.options.store.resource(call.key), call.name);
      this.refusals.set(error, blow);
      if (call.actor === 'user') this.onRefusal?.();
      throw error;
    }
  };
}

const blowOf = ({ id, since, left, probability }: Fault): Blow => ({
  fault: id,
  since,
  passes: left !== undefined || probability !== undefined,
});

/** Whether chance lets the fault strike there. */
const falls = ({ probability, seed }: Fault, key: string): boolean =>
  probability === undefined || chance(seed, key) < probability;
