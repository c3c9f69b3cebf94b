/** Why an object is where it is: what it waits for, the rule that says so, and what would end it. */

/** An object that an explanation is about. */
export interface Subject {
  /** `StatefulSet`, `Pod`, `PersistentVolumeClaim`, … */
  readonly kind: string;
  /** Absent for what has none. */
  readonly namespace?: string;
  readonly name: string;
}

/** One thing that is waited for. */
export interface Reason {
  /** A stable name of the rule, for scripts: `predecessor-not-ready`, `broken-revision`, `claim-pending`, … */
  readonly rule: string;
  /** What is waited for. */
  readonly on?: Subject;
  /** One sentence that says what is so. */
  readonly message: string;
  /** Where the rule comes from: the upstream function, issue or document. */
  readonly source: string;
  /** Since when it is so, ms since 1970; absent where nobody can know. */
  readonly since?: number;
  /** When it will end by itself, ms since 1970, where that is known. */
  readonly until?: number;
  /** Whether it ends without anybody doing something. */
  readonly endsAlone: boolean;
  /** One sentence that says what would end it. */
  readonly ends: string;
  /** Commands (without the program's name) that get out of it, in order: `rollout undo statefulset/web`, `delete pod web-2`. */
  readonly remedy?: readonly string[];
  /** Why that, in turn. */
  readonly because?: readonly Reason[];
}

export interface Explanation {
  readonly subject: Subject;
  /** False for a pod or a claim that a set has yet to make; absent otherwise. */
  readonly exists?: false;
  /** One sentence: what state it is in. */
  readonly summary: string;
  /** What it waits for; empty when for nothing. */
  readonly reasons: readonly Reason[];
  /** What is no wait but easily mistaken for one: an update held back by a partition, pods under OnDelete. */
  readonly notes: readonly Reason[];
}
