/** Why a StatefulSet is not what its spec says: what its controller stopped at, in words, with what lies behind it. */
import type { StatefulSet } from '../../api/types';
import type { Explanation, Reason } from '../../reports/why';
import { deletionReasons } from './deletion';
import { SetView } from './set';
import { blockedReason } from './set-blocked';
import { failureReason } from './set-failed';
import { setNotes } from './set-notes';
import { notReady } from './set-pods';
import { RETRY_KINDS, retryReason } from './set-retry';
import { plural, subjectOf } from './words';
import type { World } from './world';

/** At most so many unready pods are explained one by one. */
const PODS_SHOWN = 5;

export function explainSet(world: World, set: StatefulSet): Explanation {
  const view = new SetView(world, set);
  const reasons = setReasons(world, view);
  return {
    subject: subjectOf(set),
    summary: summaryOf(view, reasons),
    reasons,
    notes: set.metadata.deletionTimestamp === undefined ? notesOf(world, view, reasons) : [],
  };
}

/** What a reason says already is no note. */
const notesOf = (world: World, view: SetView, reasons: readonly Reason[]): readonly Reason[] =>
  setNotes(world, view).filter(
    ({ on }) => on?.kind !== 'Pod' || reasons.every((reason) => reason.on?.name !== on.name),
  );

function setReasons(world: World, view: SetView): readonly Reason[] {
  const { set } = view;
  if (set.metadata.deletionTimestamp !== undefined) return deletionReasons(world, set);
  return world.within(subjectOf(set), () => {
    const { failure, waiting } = world.decision(view.namespace, view.name);
    if (failure !== undefined) return [failureReason(world, view, failure)];
    if (waiting && RETRY_KINDS.has(waiting.rule)) return [retryReason(world, view, waiting)];
    if (waiting) return [blockedReason(world, view, waiting)];
    return view.unready.slice(0, PODS_SHOWN).map((pod) => notReady(world, view, pod));
  });
}

function summaryOf(view: SetView, reasons: readonly Reason[]): string {
  const { set } = view;
  if (set.metadata.deletionTimestamp !== undefined)
    return `it is being deleted, ${plural(view.pods.length, 'pod')} left`;
  const { replicas } = set.spec;
  const ready = view.ready.length;
  const updated = view.inRange.length - view.outdated.length;
  if (reasons.length > 0) {
    const update = view.outdated.length > 0 ? `, ${updated} at the latest revision ${view.update}` : '';
    const surplus = view.condemned.length > 0 ? `, ${view.condemned.length} still to be scaled away` : '';
    return `${ready} of ${replicas} replicas ${ready === 1 ? 'is' : 'are'} ready${update}${surplus}`;
  }
  if (replicas === 0) return 'nothing: it asks for 0 replicas and has none';
  const all =
    replicas === 1 ? 'its only replica is ready' : `${replicas === 2 ? 'both' : `all ${replicas}`} replicas are ready`;
  if (view.outdated.length > 0) return `nothing: ${all}, ${updated} of them at the latest revision ${view.update}`;
  return `nothing: ${all} at revision ${view.update}, the update is complete`;
}
