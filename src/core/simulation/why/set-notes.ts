/** What is no wait of a StatefulSet but easily mistaken for one: pods that an update leaves alone, and pods that are not its own. */
import { isTerminating } from '../../api/pod';
import type { Pod, StatefulSet } from '../../api/types';
import { controllerOf } from '../../controllers/statefulset/adoption';
import { isMemberOf, revisionOf, startOrdinal } from '../../controllers/statefulset/utils';
import { fromLabelSelector, matches } from '../../meta/labels';
import type { Reason } from '../../reports/why';
import { budgetNotes } from './budget-notes';
import { claimNotes } from './claim-notes';
import { deletePod } from './deleting';
import { serviceNotes } from './service-notes';
import type { SetView } from './set';
import { command, labelList, listed, quoted, reason, subjectOf } from './words';
import type { World } from './world';

/** Beyond so many pods one command names them all. */
const ONE_BY_ONE = 10;

export const setNotes = (world: World, view: SetView): readonly Reason[] => [
  ...partition(view),
  ...onDelete(view),
  ...strangers(world, view),
  ...claimNotes(world, view.pods),
  ...budgetNotes(world, view.pods),
  ...serviceNotes(world, view),
];

/** For one pod: why an update leaves it where it is. */
export const oldRevision = (view: SetView, pod: Pod): readonly Reason[] =>
  revisionOf(pod) === view.update || isTerminating(pod) ? [] : [...partition(view, [pod]), ...onDelete(view, [pod])];

/** A partition hides an update from the pods below it. */
function partition(view: SetView, outdated = view.outdated): readonly Reason[] {
  const { set } = view;
  const below = view.isOnDelete ? [] : outdated.filter((pod) => !view.isReached(pod));
  if (view.partition === 0 || below.length === 0) return [];
  const names = below.map((pod) => pod.metadata.name);
  const patch = JSON.stringify({ spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
  return [
    reason({
      rule: 'partition',
      on: subjectOf(set),
      message:
        `the update to revision ${view.update} stops at ordinal ${startOrdinal(set) + view.partition} (partition ${view.partition}): ` +
        `${listed(names)} ${names.length > 1 ? 'stay' : 'stays'} at ${listed([...new Set(below.map(revisionOf))])}, also when deleted`,
      source: 'kubernetes.io/docs: Partitioned rolling updates',
      endsAlone: false,
      ends: 'the partition is lowered',
      remedy: [command(view.namespace, `patch statefulset ${view.name} -p ${quoted(patch)}`)],
    }),
  ];
}

/** Under OnDelete nobody but the user replaces a pod. */
function onDelete(view: SetView, outdated = view.outdated): readonly Reason[] {
  const old = view.isOnDelete ? outdated.filter((pod) => pod.metadata.deletionTimestamp === undefined) : [];
  if (old.length === 0) return [];
  const names = old.map((pod) => pod.metadata.name);
  const highestFirst = [...names].reverse();
  return [
    reason({
      rule: 'on-delete',
      on: subjectOf(view.set),
      message: `the update strategy is OnDelete: ${listed(names)} ${names.length > 1 ? 'stay' : 'stays'} at ${listed([
        ...new Set(old.map(revisionOf)),
      ])} until somebody deletes ${names.length > 1 ? 'them' : 'it'}`,
      source: 'StatefulSet controller: updateStatefulSet, OnDelete',
      endsAlone: false,
      ends: `${names.length > 1 ? 'each is' : 'it is'} deleted: then it comes back at revision ${view.update}`,
      remedy:
        names.length > ONE_BY_ONE
          ? [command(view.namespace, `delete pod ${highestFirst.join(' ')}`)]
          : [...old].reverse().map((pod) => deletePod(view.world, pod)),
    }),
  ];
}

/** Pods with a name of the set that nobody controls: their labels keep them from being adopted. */
const strangers = (world: World, view: SetView): readonly Reason[] =>
  labelMismatches(view.set, world.list<Pod>('pods', view.namespace));

/** Those of the pods that would belong to the set by their name, but not by their labels. */
export function labelMismatches(set: StatefulSet, pods: readonly Pod[]): readonly Reason[] {
  const selector = fromLabelSelector(set.spec.selector);
  return pods
    .filter((pod) => isMemberOf(set, pod) && !controllerOf(pod) && !matches(selector, pod.metadata.labels))
    .map((pod) => {
      const wanted = labelList(set.spec.selector.matchLabels ?? {});
      return reason({
        rule: 'label-mismatch',
        on: subjectOf(pod),
        message: `pod ${pod.metadata.name} has a name of StatefulSet ${set.metadata.name} but is not its own: its labels (${labelList(
          pod.metadata.labels ?? {},
        )}) do not match the selector${wanted ? ` (${wanted})` : ''}`,
        source: 'StatefulSet controller: ClaimPods',
        endsAlone: false,
        ends: 'its labels match, and it is adopted',
        ...(wanted && {
          remedy: [
            command(
              set.metadata.namespace,
              `label pod ${pod.metadata.name} ${wanted.replaceAll(',', ' ')} --overwrite`,
            ),
          ],
        }),
      });
    });
}
