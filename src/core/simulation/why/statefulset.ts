/** Why a StatefulSet is not what its spec says: what its controller stopped at, in words, with what lies behind it. */
import { isTerminating } from '../../api/pod';
import type { StatefulSet } from '../../api/types';
import type { Waiting } from '../../controllers/statefulset/control';
import type { Explanation, Reason } from '../../reports/why';
import { alike } from './alike';
import { deletionReasons } from './deletion';
import { SetView } from './set';
import { blockedReason } from './set-blocked';
import { failureReason } from './set-failed';
import { setNotes } from './set-notes';
import { notReady, scaledAway } from './set-pods';
import { RETRY_KINDS, retryReason } from './set-retry';
import { command, labelList, plural, reason, subjectOf } from './words';
import type { World } from './world';

/** At most so many troubles of pods are told. */
const REASONS_SHOWN = 5;
/** Of more unready pods not each is looked at. */
const PODS_LOOKED_AT = 100;

/** What a sync says of pods that are there. */
const NEEDS_POD: ReadonlySet<Waiting['rule']> = new Set([
  'not-ready',
  'not-available',
  'update-unavailable',
  'max-unavailable',
]);

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
    // What was asked made the pod: here it is made at the next try.
    const [absent] = view.missing;
    if (absent !== undefined && (!waiting || (NEEDS_POD.has(waiting.rule) && view.missing.includes(waiting.pod ?? ''))))
      return [retryReason(world, view, { rule: 'pod-created', pod: absent })];
    const first = waiting ? [blockedReason(world, view, waiting)] : [];
    const rule = first[0]?.rule;
    // Where something is held back by it, one pod is what matters; otherwise each is a trouble of its own.
    if (waiting && rule !== 'pod-not-ready') return first;
    return severalReasons(world, view, first);
  });
}

/** Pods that hold back nothing but themselves; `first` is what the controller waits for. */
function severalReasons(world: World, view: SetView, first: readonly Reason[]): readonly Reason[] {
  const told = first[0]?.on?.name;
  const beyond = view.unready.slice(PODS_LOOKED_AT).filter(({ metadata }) => metadata.name === told);
  const looked = [...view.unready.slice(0, PODS_LOOKED_AT), ...beyond];
  const troubles = looked.map((pod) => ({
    pod,
    reason: (pod.metadata.name === told ? first[0] : undefined) ?? notReady(world, view, pod),
  }));
  const leaving = view.condemned.filter(isTerminating).slice(0, PODS_LOOKED_AT);
  troubles.push(...leaving.map((pod) => ({ pod, reason: scaledAway(world, pod) })));
  const all = [
    ...first.filter(({ on }) => looked.every(({ metadata }) => metadata.name !== on?.name)),
    ...alike(troubles),
  ];
  const reasons = all.slice(0, REASONS_SHOWN);
  const rest = view.unready.length - looked.length;
  const isCut = all.length > reasons.length || (rest > 0 && all.every(({ rule }) => rule !== 'broken-revision'));
  return isCut ? [...reasons, more(view)] : reasons;
}

/** There are more pods in trouble than are told of. */
function more({ set, namespace, name, unready }: SetView): Reason {
  const labels = labelList(set.spec.selector.matchLabels ?? {});
  const ask = labels ? `why pods -l ${labels}` : `why pod ${name}-N`;
  return reason({
    rule: 'pod-not-ready',
    on: subjectOf(set),
    message: `${plural(unready.length, 'pod')} in all ${unready.length === 1 ? 'is' : 'are'} not ready`,
    source: 'kubelet: GeneratePodReadyCondition',
    endsAlone: false,
    ends: `each is running and ready; "${command(namespace, ask)}" tells of each`,
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
