/** What a namespace that is being deleted says about its content (as status_condition_utils.go). */
import type { KubeObject, NamespaceCondition } from '../../api/types';
import { compareText } from '../../meta/text';

/** What is left in the namespace: objects by kind (`configmaps.`, `statefulsets.apps`), and by finalizer. */
export class Remaining {
  readonly kinds = new Map<string, number>();
  readonly finalizers = new Map<string, number>();

  count(resource: { readonly group: string; readonly plural: string }, object: KubeObject): void {
    add(this.kinds, `${resource.plural}.${resource.group}`);
    for (const finalizer of object.metadata.finalizers ?? []) add(this.finalizers, finalizer);
  }
}

/** The five conditions; one that did not change keeps its time. */
export function deletionConditions(
  remaining: Remaining,
  before: readonly NamespaceCondition[],
  now: string,
): NamespaceCondition[] {
  const content = listing(remaining.kinds, (kind, count) => `${kind} has ${count} resource instances`);
  const finalizers = listing(remaining.finalizers, (name, count) => `${name} in ${count} resource instances`);
  const made = [
    no('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    no(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    no(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    content
      ? yes('NamespaceContentRemaining', 'SomeResourcesRemain', `Some resources are remaining: ${content}`)
      : no('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'),
    finalizers
      ? yes(
          'NamespaceFinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers}`,
        )
      : no('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ];
  return made.map((condition) => {
    const old = before.find((c) => c.type === condition.type);
    const same =
      old?.status === condition.status && old.reason === condition.reason && old.message === condition.message;
    return same ? old : { ...condition, lastTransitionTime: now };
  });
}

const yes = (type: string, reason: string, message: string): NamespaceCondition => ({
  type,
  status: 'True',
  reason,
  message,
});

const no = (type: string, reason: string, message: string): NamespaceCondition => ({
  ...yes(type, reason, message),
  status: 'False',
});

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const listing = (counts: ReadonlyMap<string, number>, line: (name: string, count: number) => string): string =>
  [...counts]
    .map(([name, count]) => line(name, count))
    .sort(compareText)
    .join(', ');
