/** What happened to pods, claims, volumes and revisions, as `sim timeline` tells it. */

export type Transition = 'create' | 'ready' | 'unready' | 'terminate' | 'delete';

export interface TimelineEvent {
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  readonly event: Transition;
  readonly namespace: string;
  readonly pod: string;
  /** The revision that the pod wears; empty for a pod of no set. */
  readonly revision: string;
}

/**
 * Something beside the transitions. `pod`: `start` (containers run, not ready), `end` (phase Succeeded or Failed). `claim`: a phase
 * that came later than the second of its creation, or `delete`. `volume`: `released` and kept. `revision`: `delete`. `event`:
 * a warning whose Event has `expired`.
 */
export interface TimelineMark {
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  readonly kind: 'pod' | 'claim' | 'volume' | 'revision' | 'event';
  readonly event: 'start' | 'end' | 'bound' | 'pending' | 'lost' | 'released' | 'delete' | 'expired';
  /** Of a volume: its claim's. Of an Event: that of the object it is about, as is `name`. */
  readonly namespace: string;
  readonly name: string;
  /** Of a pod: how many transitions had been noted before. */
  readonly after?: number;
  /** Of what is deleted: when it was created. Of an Event: when it was first seen. */
  readonly since?: string;
  /** Of a claim that is deleted: its last phase, and when its deletion was asked for. Of a volume: its claim. */
  readonly phase?: string;
  readonly terminating?: string;
  readonly claim?: string;
  /** Of an Event: the object's kind, and what was said of it. */
  readonly object?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly source?: string;
}
