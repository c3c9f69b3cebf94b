/** What a plan tells: everything that would happen after a command, as plain data. Times are RFC 3339 with milliseconds. */
import type { StatusCause } from '../api/status';
import type { TimelineEvent } from './timeline';
import type { Reason, Subject } from './why';

/** A claim's part in what happens. */
export interface ClaimChange {
  readonly time: string;
  /** `reuse`: a new pod takes a claim that was there; `orphan`: the pod that used it goes for good, the claim stays. */
  readonly event: 'create' | 'reuse' | 'orphan' | 'delete';
  readonly namespace: string;
  readonly claim: string;
  /** The pod that it is made for, that takes it or that leaves it. */
  readonly pod?: string;
  /** The volume behind it, where there is one. */
  readonly volume?: string;
}

export interface VolumeChange {
  readonly time: string;
  /** `release`: its claim is gone, its data stays. */
  readonly event: 'create' | 'release' | 'delete';
  readonly volume: string;
  /** `namespace/name` */
  readonly claim?: string;
}

/** A Warning event, once however often it happens. */
export interface PlannedWarning {
  /** When it happened first. */
  readonly time: string;
  readonly object: Subject;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** A pod, by its name whoever bears it, that was there before and is not ready for a while. */
export interface Downtime {
  readonly namespace: string;
  readonly pod: string;
  /** How often it goes down. */
  readonly times: number;
  readonly seconds: number;
  /** From its first leaving. */
  readonly from: string;
  /** Whether it was down before anything happened: `from` is the start then. */
  readonly before?: boolean;
  /** When it is ready for good; absent where it is still down at the end. */
  readonly to?: string;
}

export interface Availability {
  /** The most pods down at once, of those that are wanted at the end. */
  readonly mostUnavailable: number;
  /** When that is so for the first time. */
  readonly mostUnavailableAt?: string;
  /** How long it is so in all. */
  readonly mostUnavailableSeconds: number;
  /** The sum over all pods. */
  readonly downtimeSeconds: number;
  /** In the order in which they first go down. */
  readonly pods: readonly Downtime[];
}

/** A disruption budget that does not hold for a while, having held before. */
export interface BudgetBreach {
  readonly namespace: string;
  readonly budget: string;
  readonly from: string;
  /** Absent where it does not hold at the end either. */
  readonly to?: string;
  /** The fewest healthy pods meanwhile. */
  readonly healthy: number;
  /** How many the budget asks for. */
  readonly desired: number;
}

/** A reason as `why` gives it, with its times as text. */
export interface PlannedReason extends Omit<Reason, 'since' | 'until' | 'because'> {
  readonly since?: string;
  readonly until?: string;
  readonly because?: readonly PlannedReason[];
}

/** Something that does not become what it should. */
export interface Stuck {
  readonly subject: Subject;
  readonly summary: string;
  readonly reasons: readonly PlannedReason[];
}

export interface EndState {
  readonly statefulSets: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly replicas: number;
    readonly ready: number;
    readonly updated: number;
    readonly currentRevision: string;
    readonly updateRevision: string;
  }[];
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly ready: boolean;
    /** As the STATUS column shows it. */
    readonly status: string;
    readonly revision: string;
    /** Empty where it has none. */
    readonly node: string;
  }[];
  readonly claims: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly status: string;
    readonly volume: string;
  }[];
}

/** `unfinished`: it was still going on when the plan was told to end. */
export type PlanResult = 'settled' | 'stuck' | 'unfinished';

export interface PlanReport {
  readonly start: string;
  /** When the last of it happens. */
  readonly end: string;
  readonly durationSeconds: number;
  readonly result: PlanResult;
  /** Why it is stuck, or what is still waited for when it is unfinished. */
  readonly stuck: readonly Stuck[];
  /** What is worth knowing and hinders nothing: an update that a partition holds back, a set that was stuck before. */
  readonly notes: readonly Stuck[];
  /** As `sim timeline -o json` has them. */
  readonly transitions: readonly TimelineEvent[];
  readonly claims: readonly ClaimChange[];
  readonly volumes: readonly VolumeChange[];
  readonly warnings: readonly PlannedWarning[];
  readonly availability: Availability;
  readonly budgets: readonly BudgetBreach[];
  readonly endState: EndState;
  /** The StatefulSets that it is about: changed, or with pods that come and go. */
  readonly sets: readonly { readonly namespace: string; readonly name: string }[];
}

/** What the API refused of what the command wrote. */
export interface RefusedWrite {
  readonly object?: Subject;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
  /** Fields of a StatefulSet that can't be changed, whose values are others. */
  readonly immutableFields?: readonly string[];
  /** Commands that get there all the same, without the program's name. */
  readonly recipe?: readonly string[];
  /** What one should know before following it. */
  readonly remarks?: readonly string[];
}

/** A plan as it is printed. What would happen is missing where the command failed before anything changed. */
export interface PlanAnswer extends Partial<Omit<PlanReport, 'result'>> {
  readonly apiVersion: 'stsctl.dev/v1';
  readonly kind: 'Plan';
  readonly command: readonly string[];
  /** What the command itself would print. */
  readonly output: string;
  readonly changes: boolean;
  readonly result: PlanResult | 'refused';
  readonly refusal?: {
    readonly message: string;
    readonly writes: readonly RefusedWrite[];
    /** How that ends which is changed all the same. */
    readonly rest?: PlanResult;
  };
}
