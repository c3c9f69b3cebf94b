/**
 * A pod that its own template keeps from becoming ready. Under OrderedReady the controller waits for it before it replaces it,
 * even when the template is right again (kubernetes#67250): somebody must delete the pod.
 */
import type { ControllerRevision, Pod } from '../../api/types';
import { revisionOf } from '../../controllers/statefulset/utils';
import { READY_ANNOTATION } from '../../kubelet/lifecycle';
import type { Reason } from '../../reports/why';
import { deletePod } from './deleting';
import { podReasons } from './pod';
import type { SetView } from './set';
import { unreadySince } from './set-pods';
import { command, listed, reason, subjectOf } from './words';
import type { World } from './world';

const SOURCE = 'kubernetes#67250; kubernetes.io/docs: Forced rollback';
/** Nothing but another template helps against these. */
const SPEC_RULES = ['image-pull', 'crash-loop'];
/** Something else may help too: they count where an update brought them. */
const SUSPECT_RULES = ['mount', 'container-config', 'container-ended', 'readiness-probe', 'startup-probe'];
/** The scheduler's: they count where the revisions differ in what they ask of a node. */
const PLACEMENT_RULES = [
  'insufficient-resources',
  'node-selector',
  'node-taint',
  'host-port',
  'topology-spread',
  'pod-affinity',
  'pod-anti-affinity',
];

/** Undefined where the pod's trouble is of another kind, ends by itself, or a new pod would be the same again. */
export function brokenRevision(world: World, view: SetView, pod: Pod, because: readonly Reason[]): Reason | undefined {
  if (because.length === 0 || because.every(({ endsAlone }) => endsAlone)) return undefined;
  if (pod.metadata.deletionTimestamp !== undefined || !hasOwnTrouble(view, pod, because)) return undefined;
  const isFixed = revisionOf(pod) !== view.update;
  if (isFixed)
    return view.isOnDelete || !view.isReached(pod) || !view.isMonotonic
      ? undefined
      : leftBehind(world, view, pod, because);
  const neverReady = world.transition(pod, 'ready') === undefined;
  // A container that crashes is ready for a moment each time, and the update may have passed over it.
  const crashes =
    because.some(({ rule }) => rule === 'crash-loop') &&
    (view.current !== view.update || (view.ready.length === 0 && lastGood(world, view) !== undefined));
  return neverReady || crashes ? broken(world, view, pod, because) : undefined;
}

function hasOwnTrouble(view: SetView, pod: Pod, because: readonly Reason[]): boolean {
  const isOwn = ({ rule, because: deeper = [] }: Reason): boolean =>
    // What somebody broke on purpose is no fault of the template, but for an image that is not found.
    (rule === 'image-pull' || deeper.every((other) => other.rule !== 'fault')) && isOwnRule(rule, deeper);
  const isOwnRule = (rule: string, deeper: readonly Reason[]): boolean =>
    SPEC_RULES.includes(rule) ||
    (PLACEMENT_RULES.includes(rule) && asksOtherwise(view, pod)) ||
    (view.current !== view.update && SUSPECT_RULES.includes(rule)) ||
    (view.current !== view.update && rule === 'held-unready' && isHeldByTemplate(view, pod)) ||
    deeper.some(isOwn);
  return because.some(isOwn);
}

/** Whether the revision asks something else of a node than the one that it is to replace, or that is to replace it. */
function asksOtherwise(view: SetView, pod: Pod): boolean {
  const worn = revisionOf(pod);
  const other = worn === view.update ? view.current : view.update;
  const asks = (name: string): string => {
    const spec = view.revisions.find(({ metadata }) => metadata.name === name)?.data.spec.template.spec as
      | Pod['spec']
      | undefined;
    if (!spec) return '';
    const { nodeSelector, affinity, tolerations, topologySpreadConstraints, containers, initContainers = [] } = spec;
    const ofContainers = [...containers, ...initContainers].map(({ resources, ports }) => [
      resources?.requests,
      ports?.map(({ hostPort }) => hostPort),
    ]);
    return JSON.stringify([nodeSelector, affinity, tolerations, topologySpreadConstraints, ofContainers]);
  };
  return worn !== other && asks(worn) !== asks(other);
}

function isHeldByTemplate(view: SetView, pod: Pod): boolean {
  const worn = view.revisions.find(({ metadata }) => metadata.name === revisionOf(pod));
  return worn?.data.spec.template.metadata?.annotations?.[READY_ANNOTATION] === 'false';
}

/** The template has moved on; the pod has not. */
function leftBehind(world: World, view: SetView, pod: Pod, because: readonly Reason[]): Reason {
  const stuck = stuckPods(world, view, (other) => revisionOf(other) !== view.update && view.isReached(other));
  const names = stuck.map(({ metadata }) => metadata.name);
  return reason({
    rule: 'broken-revision',
    on: subjectOf(pod),
    message:
      `${pod.metadata.name} is stuck at revision ${revisionOf(pod)}; the template is at ${view.update} by now, ` +
      'but under OrderedReady a pod is replaced only when it is ready',
    source: SOURCE,
    since: unreadySince(world, pod),
    endsAlone: false,
    ends: `${listed(names)} ${names.length > 1 ? 'are' : 'is'} deleted: then it comes back at revision ${view.update}`,
    remedy: stuck.map((one) => deletePod(world, one)),
    because,
  });
}

/** The template itself is the trouble. */
function broken(world: World, view: SetView, pod: Pod, because: readonly Reason[]): Reason {
  const stuck = stuckPods(world, view, (other) => revisionOf(other) === view.update);
  const names = stuck.map(({ metadata }) => metadata.name);
  const good = lastGood(world, view);
  // Without order an unready pod is replaced at once; within the budget of the gate it is not.
  const mustGo = view.isMonotonic || view.isOnDelete || world.config.gates.MaxUnavailableStatefulSet === true;
  const undo =
    good && `rollout undo statefulset/${view.name}${good.isPrevious ? '' : ` --to-revision=${good.revision.revision}`}`;
  const right = good
    ? `the template is put right (revision ${good.revision.revision} was good)`
    : 'the template is put right';
  const pods = names.length > 1 ? `${listed(names)} are` : `${listed(names)} is`;
  return reason({
    rule: 'broken-revision',
    on: subjectOf(pod),
    message:
      `${listed(names)} ${names.length > 1 ? 'do' : 'does'} not become ready at revision ${view.update}, the latest one` +
      (view.isMonotonic && !view.isOnDelete ? ', and under OrderedReady the controller waits for it' : ''),
    source: SOURCE,
    since: troubledSince(world, pod, because),
    endsAlone: false,
    ends:
      (mustGo ? `${right} and ${pods} deleted: the template alone does not replace a pod that is not ready` : right) +
      otherwise(because),
    ...(undo && {
      remedy: [command(view.namespace, undo), ...(mustGo ? stuck.map((one) => deletePod(world, one)) : [])],
    }),
    because,
  });
}

/** Between two crashes a pod may have been ready for a moment: the trouble is older than that. */
function troubledSince(world: World, pod: Pod, because: readonly Reason[]): number | undefined {
  const crashing = because.flatMap(({ rule, since }) => (rule === 'crash-loop' && since !== undefined ? [since] : []));
  const unready = unreadySince(world, pod);
  return crashing.length > 0 ? Math.min(...crashing, unready ?? Number.POSITIVE_INFINITY) : unready;
}

/** What else would help. */
function otherwise(because: readonly Reason[]): string {
  const helps = (reasons: readonly Reason[]): readonly string[] =>
    reasons.flatMap(({ rule, ends, because: deeper }) =>
      deeper && rule !== 'unschedulable' ? helps(deeper) : SPEC_RULES.includes(rule) ? [] : [ends],
    );
  const ends = helps(because);
  return ends.length > 0 ? `; or when ${listed(ends)}` : '';
}

function stuckPods(world: World, view: SetView, concerns: (pod: Pod) => boolean): readonly Pod[] {
  return view.unready.filter((pod) => {
    if (!concerns(pod) || pod.metadata.deletionTimestamp !== undefined) return false;
    const because = podReasons(world, pod);
    // A pod that is being explained already has told its reasons to whoever asks.
    return because.length === 0 || hasOwnTrouble(view, pod, because);
  });
}

interface Good {
  readonly revision: ControllerRevision;
  /** `rollout undo` goes there of itself. */
  readonly isPrevious: boolean;
}

/** The newest other revision at which a pod of the set has ever been ready. */
function lastGood(world: World, view: SetView): Good | undefined {
  const wasReady = new Set(
    world.timeline
      .filter(({ event, namespace }) => event === 'ready' && namespace === view.namespace)
      .map(({ revision }) => revision),
  );
  for (let i = view.revisions.length - 1; i >= 0; i--) {
    const revision = view.revisions[i] as ControllerRevision;
    if (revision.metadata.name === view.update || !wasReady.has(revision.metadata.name)) continue;
    return { revision, isPrevious: i === view.revisions.length - 2 };
  }
  return undefined;
}
