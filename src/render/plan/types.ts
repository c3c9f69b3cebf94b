/** What the printing of a plan reads of it. */

export interface PlanSubject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface PlanReason {
  readonly rule: string;
  readonly message: string;
  readonly source: string;
  readonly since?: string;
  readonly until?: string;
  readonly ends: string;
  readonly remedy?: readonly string[];
  readonly because?: readonly PlanReason[];
}

export interface PlanStuck {
  readonly subject: PlanSubject;
  readonly summary: string;
  readonly reasons: readonly PlanReason[];
}

export interface PlanView {
  readonly command: readonly string[];
  readonly output: string;
  readonly changes: boolean;
  readonly result: 'settled' | 'stuck' | 'unfinished' | 'refused';
  readonly refusal?: {
    readonly message: string;
    readonly writes: readonly {
      readonly object?: PlanSubject;
      readonly immutableFields?: readonly string[];
      readonly recipe?: readonly string[];
    }[];
  };
  readonly start?: string;
  readonly durationSeconds?: number;
  readonly stuck?: readonly PlanStuck[];
  readonly notes?: readonly PlanStuck[];
  readonly transitions?: readonly {
    readonly time: string;
    readonly event: string;
    readonly namespace: string;
    readonly pod: string;
    readonly revision: string;
  }[];
  readonly claims?: readonly {
    readonly time: string;
    readonly event: string;
    readonly namespace: string;
    readonly claim: string;
    readonly pod?: string;
  }[];
  readonly volumes?: readonly {
    readonly time: string;
    readonly event: string;
    readonly volume: string;
    readonly claim?: string;
  }[];
  readonly warnings?: readonly {
    readonly time: string;
    readonly object: PlanSubject;
    readonly reason: string;
    readonly message: string;
    readonly count: number;
  }[];
  readonly availability?: {
    readonly mostUnavailable: number;
    readonly mostUnavailableAt?: string;
    readonly mostUnavailableSeconds: number;
    readonly downtimeSeconds: number;
    readonly pods: readonly {
      readonly namespace: string;
      readonly pod: string;
      readonly times: number;
      readonly seconds: number;
      readonly from: string;
      readonly to?: string;
    }[];
  };
  readonly budgets?: readonly {
    readonly namespace: string;
    readonly budget: string;
    readonly from: string;
    readonly to?: string;
    readonly healthy: number;
    readonly desired: number;
  }[];
  readonly endState?: {
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
      readonly status: string;
      readonly revision: string;
    }[];
    readonly claims: readonly {
      readonly namespace: string;
      readonly name: string;
      readonly status: string;
      readonly volume: string;
    }[];
  };
}

/** How words are coloured; nothing for a pipe. */
export type PlanPaint = (kind: 'good' | 'bad' | 'faint' | 'title', text: string) => string;

export const PLAIN: PlanPaint = (_, text) => text;
