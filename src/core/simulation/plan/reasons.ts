/** Reasons why something is where it is, as a plan tells them: with times as text. */

import type { PlannedReason, Stuck } from '../../reports/plan';
import type { Explanation, Reason, Subject } from '../../reports/why';
import type { Cluster } from '../cluster';

/** Explains one object of a cluster. */
export type Explain = (cluster: Cluster, subject: Subject) => Explanation;

/** What keeps the subject from being what it is to be; `short` says in a few words what that is. */
export function stuckOn(cluster: Cluster, subject: Subject, short: string, explain: Explain): Stuck {
  const { summary, reasons } = explain(cluster, subject);
  return { subject, summary: reasons.length > 0 ? summary : short, reasons: reasons.map(planned) };
}

export function planned({ since, until, because, ...reason }: Reason): PlannedReason {
  return {
    ...reason,
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(because && { because: because.map(planned) }),
  };
}
