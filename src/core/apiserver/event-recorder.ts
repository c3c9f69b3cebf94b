/**
 * Records Events as client-go's recorder does: repetitions raise a count, more than ten similar ones within ten minutes
 * are combined, and one source may write about one object 25 times in a burst, then once in five minutes. What it
 * remembers is read off the stored Events, so nothing but them is saved.
 */
import type { Event, KubeObject, ObjectReference } from '../api/types';
import { toTime } from '../meta/time';
import type { Entropy } from './entropy';
import { alone, COMBINED, keyOf, lastSeen, Series } from './event-series';
import type { Storage } from './storage';

export interface EventRecorder {
  /**
   * `component` is the source: `statefulset-controller`, `kubelet`, `default-scheduler`. `fieldPath` is the part of the object that
   * it is about, `spec.containers{web}`: the same words about another part are another Event (as getEventKey has it).
   */
  event(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    component: string,
    fieldPath?: string,
  ): void;
}

/** A series of no more Events than these, each seen once, is made of them whenever it is needed: most pods come to four. */
const FEW = 8;

/** As the API server's default --event-ttl. */
export const EVENT_TTL_MS = 3_600_000;

type Source = NonNullable<Event['source']>;

export class StoredEventRecorder implements EventRecorder {
  /** By component and the object's uid: the series, or the names of the stored Events where these say as much. */
  private known: Map<string, Map<string, Series | readonly string[]>> | undefined;
  private readonly sources = new Map<string, Source>();
  /** Events about one version of an object, or of its part, share what they say of it. */
  private involved: { object: KubeObject; fieldPath: string | undefined; reference: ObjectReference } | undefined;

  constructor(
    private readonly storage: Storage,
    private readonly clock: { now(): number },
    private readonly entropy: Entropy,
  ) {}

  event(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    words: string,
    component: string,
    fieldPath?: string,
  ): void {
    const now = this.clock.now();
    const { uid } = object.metadata;
    const namespace = object.metadata.namespace ?? 'default';
    const [message] = alone(words);
    const objects = this.objectsOf(component);
    const known = objects.get(uid) ?? [];
    const series = known instanceof Series ? known : this.seriesOf(known, namespace, now);
    const combined = series.note(type, reason, message, now);
    if (!series.takeToken(now)) {
      objects.set(uid, series);
      return;
    }
    const text = combined ? COMBINED + message : message;
    const told = combined ? COMBINED : keyOf(message, fieldPath);
    const before = series.nameFor(type, reason, told);
    const seen =
      before === undefined ? undefined : (this.storage.get('events', namespace, before) as Event | undefined);
    if (seen) {
      const next: Event = { ...seen, message: text, count: (seen.count ?? 1) + 1, lastTimestamp: toTime(now) };
      this.storage.put('events', next);
      objects.set(uid, series);
      return;
    }
    const name = [object.metadata.name, this.stamp(now)].join('.');
    if (known instanceof Series || combined || known.length >= FEW) {
      series.store(type, reason, told, name);
      objects.set(uid, series);
    } else objects.set(uid, known.concat([name]));
    const about = { name, namespace, type, reason, message: text, component, fieldPath, now };
    this.storage.put('events', this.created(object, about));
  }

  private created(
    object: KubeObject,
    about: Pick<Event, 'type' | 'reason' | 'message'> & {
      readonly name: string;
      readonly namespace: string;
      readonly component: string;
      readonly fieldPath: string | undefined;
      readonly now: number;
    },
  ): Event {
    const { name, namespace, type, reason, message, component, fieldPath, now } = about;
    const time = toTime(now);
    const resourceVersion = String(this.storage.resourceVersion + 1);
    const source = this.sourceOf(component, component === 'kubelet' ? nodeOf(object) : undefined);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace, uid: this.entropy.uid(), resourceVersion, creationTimestamp: time },
      involvedObject: this.referenceTo(object, fieldPath),
      reason,
      message,
      source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: source.host ?? '',
    };
  }

  private sourceOf(component: string, host: string | undefined): Source {
    const key = host === undefined ? component : `${component}/${host}`;
    let source = this.sources.get(key);
    if (!source) {
      source = host === undefined ? { component } : { component, host };
      this.sources.set(key, source);
    }
    return source;
  }

  private referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
    if (this.involved?.object !== object || this.involved.fieldPath !== fieldPath)
      this.involved = { object, fieldPath, reference: referenceTo(object, fieldPath) };
    return this.involved.reference;
  }

  /** Upstream names events by the nanosecond; the resource version tells those of one millisecond apart. */
  private stamp(now: number): string {
    return (BigInt(Math.floor(now)) * 1_000_000n + BigInt(this.storage.resourceVersion % 1_000_000)).toString(16);
  }

  /** The series that stored Events tell of; a new one where there are none. */
  private seriesOf(names: readonly string[], namespace: string, now: number): Series {
    const events = names.flatMap((name) => (this.storage.get('events', namespace, name) as Event | undefined) ?? []);
    return events.length > 0 ? Series.of(events) : new Series(now);
  }

  private objectsOf(component: string): Map<string, Series | readonly string[]> {
    this.known ??= this.remember();
    let objects = this.known.get(component);
    if (!objects) {
      objects = new Map();
      this.known.set(component, objects);
    }
    return objects;
  }

  /** The names of the stored events, by what they are about. */
  private remember(): Map<string, Map<string, readonly string[]>> {
    const all = new Map<string, Map<string, string[]>>();
    for (const event of this.storage.list('events') as Iterable<Event>) {
      const component = event.source?.component ?? '';
      const uid = event.involvedObject.uid ?? '';
      let objects = all.get(component);
      if (!objects) {
        objects = new Map();
        all.set(component, objects);
      }
      const names = objects.get(uid);
      if (names) names.push(event.metadata.name);
      else objects.set(uid, [event.metadata.name]);
    }
    return all;
  }
}

const nodeOf = (object: KubeObject): string => (object.spec as { nodeName?: string } | undefined)?.nodeName ?? '';

function referenceTo(object: KubeObject, fieldPath: string | undefined): ObjectReference {
  return {
    kind: object.kind,
    ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
    name: object.metadata.name,
    uid: object.metadata.uid,
    apiVersion: object.apiVersion,
    resourceVersion: object.metadata.resourceVersion,
    ...(fieldPath !== undefined && { fieldPath }),
  };
}

/**
 * Removes Events past their time to live; `forget` hears of each before it goes. Returns when the oldest that is left was last
 * seen, ms; `now` where none is.
 */
export function expireEvents(storage: Storage, now: number, forget?: (event: Event) => void): number {
  const expired: Event[] = [];
  let oldest = now;
  for (const event of storage.list('events') as Iterable<Event>) {
    const seen = lastSeen(event);
    if (now - seen > EVENT_TTL_MS) expired.push(event);
    else oldest = Math.min(oldest, seen);
  }
  for (const event of expired) {
    forget?.(event);
    storage.remove('events', event);
  }
  return oldest;
}
