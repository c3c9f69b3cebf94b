/** The event queue: timers as data, earliest first; equal instants in the order in which they were asked for. */

export interface Timer {
  /** ms since 1970 */
  readonly at: number;
  readonly seq: number;
  /** `<controller>/<what>` */
  readonly kind: string;
  readonly key: string;
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);

export class EventQueue {
  private readonly heap: Timer[] = [];
  /** What is queued, so that the same wake-up is not queued twice. */
  private readonly known = new Set<string>();

  constructor(
    timers: readonly Timer[] = [],
    private seq = 0,
  ) {
    for (const timer of timers) this.push(timer);
  }

  schedule(at: number, kind: string, key: string): void {
    if (this.known.has(identity(at, kind, key))) return;
    this.seq += 1;
    this.push({ at, seq: this.seq, kind, key });
  }

  peek(): Timer | undefined {
    return this.heap[0];
  }

  pop(): Timer | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return undefined;
    this.known.delete(identity(first.at, first.kind, first.key));
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return first;
  }

  /** In the order in which they will fire. */
  timers(): Timer[] {
    return [...this.heap].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  some(matches: (timer: Timer) => boolean): boolean {
    return this.heap.some(matches);
  }

  /** Moves timers of a kind that are due before an instant (ms) to it. */
  postpone(kind: string, until: number): void {
    const moved = this.heap.filter((timer) => timer.kind === kind && timer.at < until);
    if (moved.length === 0) return;
    const rest = this.heap.filter((timer) => timer.kind !== kind || timer.at >= until);
    this.heap.length = 0;
    this.known.clear();
    for (const timer of rest) this.push(timer);
    for (const timer of moved.sort((a, b) => a.seq - b.seq)) {
      if (!this.known.has(identity(until, timer.kind, timer.key))) this.push({ ...timer, at: until });
    }
  }

  /** Takes back what was asked for under this kind and key. */
  cancel(kind: string, key: string): void {
    const rest = this.heap.filter((timer) => timer.kind !== kind || timer.key !== key);
    if (rest.length === this.heap.length) return;
    this.heap.length = 0;
    this.known.clear();
    for (const timer of rest) this.push(timer);
  }

  get lastSeq(): number {
    return this.seq;
  }

  private push(timer: Timer): void {
    const { heap } = this;
    this.known.add(identity(timer.at, timer.kind, timer.key));
    heap.push(timer);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent] as Timer)) break;
      heap[at] = heap[parent] as Timer;
      at = parent;
    }
    heap[at] = timer;
  }

  private sink(): void {
    const { heap } = this;
    const timer = heap[0] as Timer;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      if (!isBefore(heap[child] as Timer, timer)) break;
      heap[at] = heap[child] as Timer;
      at = child;
    }
    heap[at] = timer;
  }
}

const identity = (at: number, kind: string, key: string): string => `${at} ${kind} ${key}`;
