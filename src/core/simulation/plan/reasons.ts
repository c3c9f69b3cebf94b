/** Reasons why something is where it is, as a plan tells them: with times as text. */

import type { PlannedReason, Stuck } from '../../reports/plan';
import type { Explanation, Reason, Subject } from '../../reports/why';
import type { Cluster } from '../cluster';

/** Explains one object of a cluster. */
export type Explain = (cluster: Cluster, subject: Subject) => Explanation;

/** What keeps the subject from being what it is to be; `short` says in a few words what that is. */
export function stuckOn(cluster: Cluster, subject: Subject, short: string, explain: Explain): Stuck {
  const { summary, reasons } = explain(cluster, subject);
  return { subject, summary: reasons.length > 0 ? summary : short, reasons: reasons.map((reason) => planned(reason)) };
}

/** @param behind since when that is so which it is the reason of, ms */
export function planned({ since: told, until, because, ...reason }: Reason, behind?: number): PlannedReason {
  const since = exactly(told, behind);
  return {
    ...reason,
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(because && { because: because.map((each) => planned(each, since)) }),
  };
}

/** Times of objects have whole seconds: what seems to begin in the same second, but before what it brought about, began with it. */
const exactly = (since: number | undefined, behind = 0): number | undefined =>
  since !== undefined && since % 1000 === 0 && since < behind && behind < since + 1000 ? behind : since;
