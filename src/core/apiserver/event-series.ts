/**
 * What the recorder remembers about one source's events on one object. Every pod has two or three of these, so they are
 * arrays of just what there is: neither maps, nor arrays with room to grow as push and spread make them.
 */
import type { Event } from '../api/types';
import { fromTime } from '../meta/time';

const MAX_SIMILAR = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;
export const COMBINED = '(combined from similar events): ';

/** Events of one type and reason. */
interface Kind {
  readonly type: string;
  readonly reason: string;
  /** The distinct messages of late, oldest first. */
  messages: readonly string[];
  /** When the last one came, ms. */
  last: number;
  /** Keys (see `keyOf`) and the names of the Events that were stored for them, by turns; COMBINED stands for all combined ones. */
  stored: readonly string[];
}

export class Series {
  private kinds: readonly Kind[] = [];
  private tokens = BURST;

  constructor(private refilledAt: number) {}

  /** The series that stored Events tell of. */
  static of(events: readonly Event[]): Series {
    const sorted = events.map((event) => ({ event, last: lastSeen(event) })).sort((a, b) => a.last - b.last);
    const series = new Series(sorted[0]?.last ?? 0);
    for (const { event, last } of sorted) series.replay(event, last);
    return series;
  }

  /** Notes that something happened at `now` (ms). True when it is one of too many similar ones. */
  note(type: string, reason: string, message: string, now: number): boolean {
    const kind = this.kindOf(type, reason, now);
    if (now - kind.last > SIMILAR_WINDOW_MS) kind.messages = [];
    return notice(kind, message, now);
  }

  /** Whether one more Event may be written at `now` (ms). */
  takeToken(now: number): boolean {
    this.refill(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** The name of the Event that was stored for a key, or for COMBINED. */
  nameFor(type: string, reason: string, key: string): string | undefined {
    const stored = this.kinds.find((kind) => kind.type === type && kind.reason === reason)?.stored;
    const at = stored ? place(stored, key) : -1;
    return stored?.[at + 1];
  }

  store(type: string, reason: string, key: string, name: string): void {
    put(this.kindOf(type, reason, this.refilledAt), key, name);
  }

  private replay(event: Event, last: number): void {
    this.refill(last);
    this.tokens = Math.max(0, this.tokens - (event.count ?? 1));
    const kind = this.kindOf(event.type ?? '', event.reason ?? '', last);
    const combined = event.message?.startsWith(COMBINED) ?? false;
    const message = event.message ?? '';
    put(kind, combined ? COMBINED : keyOf(message, event.involvedObject.fieldPath), event.metadata.name);
    notice(kind, combined ? message.slice(COMBINED.length) : message, last);
  }

  private kindOf(type: string, reason: string, now: number): Kind {
    for (const kind of this.kinds) if (kind.reason === reason && kind.type === type) return kind;
    const kind: Kind = { type, reason, messages: [], last: now, stored: [] };
    this.kinds = this.kinds.concat([kind]);
    return kind;
  }

  private refill(now: number): void {
    if (now <= this.refilledAt) return;
    this.tokens = Math.min(BURST, this.tokens + (now - this.refilledAt) / REFILL_MS);
    this.refilledAt = now;
  }
}

const known = new Map<string, readonly [string]>();
const MAX_KNOWN = 500;

/** A list of this message only: the same one for all pods of which the same is said. */
export function alone(message: string): readonly [string] {
  let list = known.get(message);
  if (!list) {
    if (known.size >= MAX_KNOWN) known.clear();
    list = [message];
    known.set(message, list);
  }
  return list;
}

/** By which Events of one type and reason are told apart: the message, and the part of the object that it is about. */
export const keyOf = (message: string, fieldPath: string | undefined): string =>
  fieldPath === undefined ? message : alone(`${fieldPath}\n${message}`)[0];

/** True when there are too many. */
function notice(kind: Kind, message: string, now: number): boolean {
  if (kind.messages.length === 0) kind.messages = alone(message);
  else if (!kind.messages.includes(message)) kind.messages = kind.messages.concat([message]);
  kind.last = now;
  if (kind.messages.length < MAX_SIMILAR) return false;
  kind.messages = kind.messages.slice(1);
  return true;
}

/** Where the key stands; the last ones are the likely ones. Negative: nowhere. */
function place(stored: readonly string[], key: string): number {
  for (let at = stored.length - 2; at >= 0; at -= 2) if (stored[at] === key) return at;
  return -2;
}

function put(kind: Kind, key: string, name: string): void {
  const at = place(kind.stored, key);
  kind.stored = at < 0 ? kind.stored.concat([key, name]) : kind.stored.with(at + 1, name);
}

/** When an Event was last seen, ms. */
export const lastSeen = (event: Event): number =>
  fromTime(event.lastTimestamp ?? event.firstTimestamp ?? event.metadata.creationTimestamp);
