/**
 * What happened to pods, read off the store's events: every transition, and beside them the marks that a drawing needs.
 * What a living object still tells of itself (when it was made, that it is bound) is not noted; it is when the object goes.
 */
import { isPodReady } from '../api/pod';
import type { ControllerRevision, Event, KubeObject, PersistentVolume, PersistentVolumeClaim, Pod } from '../api/types';
import { resourceKey } from '../apiserver/storage';
import type { StoreEvent } from '../apiserver/watch';
import { fromTime } from '../meta/time';
import type { TimelineEvent, TimelineMark, Transition } from '../reports/timeline';

/** Of what a drawing shows warnings. */
const KEPT: ReadonlySet<string> = new Set(['Pod', 'StatefulSet', 'PersistentVolumeClaim']);

export class Timeline {
  private latest = { ms: Number.NaN, text: '' };

  constructor(
    private readonly now: () => number,
    readonly events: TimelineEvent[] = [],
    readonly marks: TimelineMark[] = [],
  ) {}

  observe(event: StoreEvent): void {
    const key = resourceKey(event.resource);
    if (key === 'pods') this.observePod(event);
    else if (key === 'persistentvolumeclaims') this.observeClaim(event);
    else if (key === 'persistentvolumes') this.observeVolume(event);
    else if (key === 'controllerrevisions.apps') this.observeRevision(event);
  }

  /** Warnings outlive their Events: what went wrong is asked for later than an hour after. */
  keep(event: Event): void {
    const { kind, namespace, name } = event.involvedObject;
    if (event.type !== 'Warning' || !KEPT.has(kind ?? '')) return;
    const first = event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
    const source = event.source?.component || event.reportingComponent;
    this.marks.push({
      time: event.lastTimestamp ?? first,
      kind: 'event',
      event: 'expired',
      namespace: namespace ?? event.metadata.namespace ?? '',
      name: name ?? '',
      since: first,
      object: kind ?? '',
      reason: event.reason,
      message: event.message,
      ...((event.count ?? 1) > 1 && { count: event.count }),
      ...(source && { source }),
    });
  }

  private observePod(event: StoreEvent): void {
    const pod = event.object as Pod;
    const old = event.old as Pod | undefined;
    if (event.type === 'ADDED') this.add('create', pod);
    if (event.type !== 'DELETED') {
      const ready = isPodReady(pod);
      if (ready !== (old ? isPodReady(old) : false)) this.add(ready ? 'ready' : 'unready', pod);
      this.observePhase(pod, old, ready);
    }
    const terminating = event.type === 'DELETED' || pod.metadata.deletionTimestamp !== undefined;
    if (terminating && old?.metadata.deletionTimestamp === undefined) this.add('terminate', pod);
    if (event.type === 'DELETED') this.add('delete', pod);
  }

  /** A pod that is ready the moment it runs needs no mark. */
  private observePhase(pod: Pod, old: Pod | undefined, ready: boolean): void {
    const phase = pod.status?.phase;
    if (phase === old?.status?.phase) return;
    const after = this.events.length;
    if (phase === 'Running' && !ready) this.mark('pod', 'start', pod, { after });
    if (phase === 'Succeeded' || phase === 'Failed') this.mark('pod', 'end', pod, { after });
  }

  private observeClaim(event: StoreEvent): void {
    const claim = event.object as PersistentVolumeClaim;
    const { creationTimestamp, deletionTimestamp } = claim.metadata;
    const phase = claim.status?.phase ?? 'Pending';
    if (event.type === 'DELETED') {
      this.mark('claim', 'delete', claim, {
        since: creationTimestamp ?? '',
        phase,
        ...(deletionTimestamp && this.isEarlier(deletionTimestamp) && { terminating: deletionTimestamp }),
      });
      return;
    }
    const before = (event.old as PersistentVolumeClaim | undefined)?.status?.phase ?? 'Pending';
    if (phase === before || (phase === 'Bound' && !this.isEarlier(creationTimestamp))) return;
    this.mark('claim', phase === 'Bound' ? 'bound' : phase === 'Lost' ? 'lost' : 'pending', claim);
  }

  /** A volume that goes with its claim needs no mark. */
  private observeVolume(event: StoreEvent): void {
    const volume = event.object as PersistentVolume;
    if (event.type !== 'MODIFIED' || volume.status?.phase !== 'Released') return;
    if ((event.old as PersistentVolume | undefined)?.status?.phase === 'Released') return;
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    if (!claimRef?.name || persistentVolumeReclaimPolicy === 'Delete') return;
    this.mark('volume', 'released', volume, { namespace: claimRef.namespace ?? '', claim: claimRef.name });
  }

  private observeRevision(event: StoreEvent): void {
    if (event.type !== 'DELETED') return;
    const revision = event.object as ControllerRevision;
    this.mark('revision', 'delete', revision, { since: revision.metadata.creationTimestamp ?? '' });
  }

  private isEarlier(time: string | undefined): boolean {
    return time !== undefined && fromTime(time) < Math.floor(this.now() / 1000) * 1000;
  }

  private mark(
    kind: TimelineMark['kind'],
    event: TimelineMark['event'],
    { metadata }: KubeObject,
    more: Partial<TimelineMark> = {},
  ): void {
    this.marks.push({
      time: this.time(),
      kind,
      event,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      ...more,
    });
  }

  /** The present instant; most of what happens, happens at the same as what happened before. */
  private time(): string {
    const ms = this.now();
    if (ms !== this.latest.ms) this.latest = { ms, text: new Date(ms).toISOString() };
    return this.latest.text;
  }

  private add(event: Transition, pod: Pod): void {
    this.events.push({
      time: this.time(),
      event,
      namespace: pod.metadata.namespace ?? '',
      pod: pod.metadata.name,
      revision: pod.metadata.labels?.['controller-revision-hash'] ?? '',
    });
  }
}
