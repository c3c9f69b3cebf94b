/** What happened to the store since the cluster was loaded, for watches that go on from a resource version. */
import type { StoreEvent } from '../../apiserver/watch';

/** More events than this are kept only while somebody reads them. */
const KEEP = 5_000;

export class EventLog {
  private events: StoreEvent[] = [];
  /** How many events were dropped before `events[0]`. */
  private dropped = 0;
  private readers = 0;

  /** `start` is the resource version at which the log begins. */
  constructor(private start: number) {}

  push(event: StoreEvent): void {
    this.events.push(event);
    if (this.readers === 0 && this.events.length > 2 * KEEP) this.drop(KEEP);
  }

  /** Where a reader of everything to come begins. */
  get end(): number {
    return this.dropped + this.events.length;
  }

  /** Where a reader of everything after a version begins; undefined when the log no longer or not yet reaches there. */
  after(resourceVersion: number): number | undefined {
    if (resourceVersion < this.start) return undefined;
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].resourceVersion <= resourceVersion) low = middle + 1;
      else high = middle;
    }
    return this.dropped + low;
  }

  at(position: number): StoreEvent | undefined {
    return this.events[position - this.dropped];
  }

  attach(): void {
    this.readers++;
  }

  detach(): void {
    this.readers--;
  }

  private drop(count: number): void {
    this.start = this.events[count - 1].resourceVersion;
    this.events.splice(0, count);
    this.dropped += count;
  }
}
