/**
 * Records Events as client-go's recorder does: repetitions raise a count, more than ten similar ones within ten minutes
 * are combined, and one source may write about one object 25 times in a burst, then once in five minutes. What it
 * remembers is read off the stored Events, so nothing but them is saved.
 */
import type { Event, KubeObject, ObjectReference } from '../api/types';
import { fromTime, toTime } from '../meta/time';
import type { Entropy } from './entropy';
import type { Storage } from './storage';

export interface EventRecorder {
  /** `component` is the source: `statefulset-controller`, `kubelet`, `default-scheduler`. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, component: string): void;
}

const MAX_SIMILAR = 10;
const SIMILAR_WINDOW_MS = 600_000;
const BURST = 25;
const REFILL_MS = 300_000;
const COMBINED = '(combined from similar events): ';
/** As the API server's default --event-ttl. */
export const EVENT_TTL_MS = 3_600_000;

/** What is remembered about one source's events on one object. */
interface Series {
  tokens: number;
  refilledAt: number;
  /** By type and reason: the distinct messages and when the last came. */
  readonly similar: Map<string, { messages: Set<string>; last: number }>;
  /** By type, reason and message (or the combined series' key): the stored Event's name. */
  readonly stored: Map<string, string>;
}

export class StoredEventRecorder implements EventRecorder {
  private series: Map<string, Series> | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly clock: { now(): number },
    private readonly entropy: Entropy,
  ) {}

  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, component: string): void {
    const now = this.clock.now();
    const series = this.seriesOf(object.metadata.uid, component, now);
    const kind = `${type}/${reason}`;
    const similar = series.similar.get(kind);
    const group =
      similar && now - similar.last <= SIMILAR_WINDOW_MS ? similar : { messages: new Set<string>(), last: now };
    group.messages.add(message);
    group.last = now;
    series.similar.set(kind, group);
    const combined = group.messages.size >= MAX_SIMILAR;
    if (combined) group.messages.delete(group.messages.values().next().value as string);
    if (!takeToken(series, now)) return;
    const key = combined ? `${kind}/*` : `${kind}/${message}`;
    this.write(object, type, reason, combined ? COMBINED + message : message, component, series, key, now);
  }

  private write(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    component: string,
    series: Series,
    key: string,
    now: number,
  ): void {
    const namespace = object.metadata.namespace ?? 'default';
    const name = series.stored.get(key);
    const seen = name === undefined ? undefined : (this.storage.get('events', namespace, name) as Event | undefined);
    if (seen) {
      this.storage.put('events', { ...seen, message, count: (seen.count ?? 1) + 1, lastTimestamp: toTime(now) });
      return;
    }
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${object.metadata.name}.${this.stamp(now)}`,
        namespace,
        uid: this.entropy.uid(),
        resourceVersion: '',
        creationTimestamp: toTime(now),
      },
      involvedObject: referenceTo(object),
      reason,
      message,
      source: component === 'kubelet' ? { component, host: nodeOf(object) } : { component },
      firstTimestamp: toTime(now),
      lastTimestamp: toTime(now),
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: component === 'kubelet' ? nodeOf(object) : '',
    };
    series.stored.set(key, event.metadata.name);
    this.storage.put('events', event);
  }

  /** Upstream names events by the nanosecond; the resource version tells those of one millisecond apart. */
  private stamp(now: number): string {
    return (BigInt(Math.floor(now)) * 1_000_000n + BigInt(this.storage.resourceVersion % 1_000_000)).toString(16);
  }

  private seriesOf(uid: string, component: string, now: number): Series {
    this.series ??= this.remember();
    const key = `${component}/${uid}`;
    let series = this.series.get(key);
    if (!series) {
      series = { tokens: BURST, refilledAt: now, similar: new Map(), stored: new Map() };
      this.series.set(key, series);
    }
    return series;
  }

  /** Rebuilds the memory from the stored events, oldest first. */
  private remember(): Map<string, Series> {
    const all = new Map<string, Series>();
    const events = [...(this.storage.list('events') as Iterable<Event>)].sort((a, b) => lastSeen(a) - lastSeen(b));
    for (const event of events) {
      const key = `${event.source?.component ?? ''}/${event.involvedObject.uid ?? ''}`;
      const last = lastSeen(event);
      let series = all.get(key);
      if (!series) {
        series = { tokens: BURST, refilledAt: last, similar: new Map(), stored: new Map() };
        all.set(key, series);
      }
      refill(series, last);
      series.tokens = Math.max(0, series.tokens - (event.count ?? 1));
      const kind = `${event.type}/${event.reason}`;
      const combined = event.message.startsWith(COMBINED);
      series.stored.set(combined ? `${kind}/*` : `${kind}/${event.message}`, event.metadata.name);
      const group = series.similar.get(kind) ?? { messages: new Set<string>(), last };
      group.messages.add(combined ? event.message.slice(COMBINED.length) : event.message);
      group.last = last;
      if (group.messages.size >= MAX_SIMILAR) group.messages.delete(group.messages.values().next().value as string);
      series.similar.set(kind, group);
    }
    return all;
  }
}

function refill(series: Series, now: number): void {
  if (now <= series.refilledAt) return;
  series.tokens = Math.min(BURST, series.tokens + (now - series.refilledAt) / REFILL_MS);
  series.refilledAt = now;
}

function takeToken(series: Series, now: number): boolean {
  refill(series, now);
  if (series.tokens < 1) return false;
  series.tokens -= 1;
  return true;
}

const lastSeen = (event: Event): number =>
  fromTime(event.lastTimestamp ?? event.firstTimestamp ?? event.metadata.creationTimestamp);

const nodeOf = (object: KubeObject): string => (object.spec as { nodeName?: string } | undefined)?.nodeName ?? '';

function referenceTo(object: KubeObject): ObjectReference {
  return {
    kind: object.kind,
    ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
    name: object.metadata.name,
    uid: object.metadata.uid,
    apiVersion: object.apiVersion,
    resourceVersion: object.metadata.resourceVersion,
  };
}

/** Removes Events past their time to live. */
export function expireEvents(storage: Storage, now: number): void {
  const expired = [...(storage.list('events') as Iterable<Event>)].filter(
    (event) => now - lastSeen(event) > EVENT_TTL_MS,
  );
  for (const event of expired) storage.remove('events', event);
}
