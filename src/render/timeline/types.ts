/** What a timeline is drawn from, and the model that every drawing of it shares. Instants are ms since 1970. */
import type { TimelineEvent, TimelineMark } from '../../core/reports/timeline';

/** A claim that is there now. Times are RFC 3339. */
export interface LivingClaim {
  readonly namespace: string;
  readonly name: string;
  readonly created: string;
  readonly phase: string;
  readonly terminating?: string;
}

/** A revision that is there now. */
export interface LivingRevision {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
  readonly created: string;
  readonly images: readonly string[];
  readonly cause?: string;
}

/** An Event object. */
export interface EventRow {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly source: string;
}

export interface History {
  readonly now: number;
  readonly transitions: readonly TimelineEvent[];
  readonly marks: readonly TimelineMark[];
  readonly claims: readonly LivingClaim[];
  readonly revisions: readonly LivingRevision[];
  readonly events: readonly EventRow[];
}

export interface ModelOptions {
  /** The part of the time to draw; everything unless told. */
  readonly since?: number;
  readonly until?: number;
  /** Which pods to draw; `set` is empty for a pod of none. */
  selects?(namespace: string, set: string, pod: string): boolean;
}

export type PodPhase = 'creating' | 'unready' | 'ready' | 'terminating' | 'ended';
export type ClaimPhase = 'pending' | 'bound' | 'lost' | 'terminating' | 'released';

export interface Span<P extends string = PodPhase> {
  readonly phase: P;
  readonly from: number;
  readonly to: number;
  /** It goes on. */
  readonly open?: true;
}

export interface PodSpan extends Span {
  /** Which of the group's revisions the pod wears; -1 for none. */
  readonly revision: number;
  /** A pod's life begins, or what can be seen of it. */
  readonly first?: true;
  /** The pod was ready at the instant at which this begins, too briefly for it to be seen. */
  readonly afterReady?: true;
}

/** Something that was said of an object. */
export interface Note {
  readonly at: number;
  readonly last: number;
  readonly warning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly source: string;
}

export interface ClaimLine {
  readonly name: string;
  readonly spans: readonly Span<ClaimPhase>[];
  readonly notes: readonly Note[];
}

/** One identity: every pod of this name, one after the other. */
export interface PodLine {
  readonly pod: string;
  readonly spans: readonly PodSpan[];
  readonly claims: readonly ClaimLine[];
  readonly notes: readonly Note[];
}

export interface Revision {
  /** A, B, … in the order of their making. */
  readonly letter: string;
  readonly name: string;
  /** Of a revision that is still there. */
  readonly number?: number;
  readonly images: readonly string[];
  readonly cause?: string;
  /** When it was made; without it, when it was first seen. */
  readonly made: number;
}

/** A StatefulSet's pods, or those of a namespace that belong to none. */
export interface Group {
  readonly namespace: string;
  /** Empty for pods of no set. */
  readonly set: string;
  readonly revisions: readonly Revision[];
  readonly lines: readonly PodLine[];
  readonly notes: readonly Note[];
}

export interface Model {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  /** By namespace and name; pods of no set last. */
  readonly groups: readonly Group[];
}
