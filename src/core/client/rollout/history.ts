/** The revisions of a StatefulSet, DaemonSet or Deployment-like owner, as rollout history and undo see them. */
import { findResources } from '../../api/resources';
import type { ControllerRevision, KubeObject, PodTemplate, StatefulSet } from '../../api/types';
import { goStringify } from '../../meta/gojson';
import { formatSelector, fromLabelSelector } from '../../meta/labels';
import type { Backend } from '../backend';
import type { Info } from '../builder';
import { CommandError } from '../errors';

/** What has a rollout that can be undone here. */
export const hasHistory = (info: Info): boolean =>
  info.resource.group === 'apps' && info.resource.kind === 'StatefulSet';

/** The set's own revisions, oldest first. */
export async function revisionsOf(backend: Backend, set: StatefulSet): Promise<readonly ControllerRevision[]> {
  const resource = findResources('controllerrevisions.apps');
  if (!resource) return [];
  const selector = fromLabelSelector(set.spec.selector);
  const labelSelector = selector === 'nothing' ? '' : formatSelector(selector);
  const { items } = await backend.list(resource, set.metadata.namespace, { labelSelector });
  return items
    .filter((item) => item.metadata.ownerReferences?.some((o) => o.controller && o.uid === set.metadata.uid))
    .map((item) => item as ControllerRevision)
    .sort((a, b) => a.revision - b.revision);
}

/** The template that a revision holds, for showing it. */
export function templateOf(revision: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = revision.data.spec.template;
  return template;
}

/** The set as that revision makes it (as applyRevision). */
export const setAt = (set: StatefulSet, revision: ControllerRevision): StatefulSet => ({
  ...set,
  spec: { ...set.spec, template: templateOf(revision) },
});

/**
 * The revision to go back to: number `to`, or for 0 the one before the newest.
 * @throws CommandError when there is none
 */
export function findRevision(revisions: readonly ControllerRevision[], to: number): ControllerRevision {
  if (to === 0 && revisions.length < 2) throw new CommandError('no last revision to roll back to');
  const found = to === 0 ? revisions[revisions.length - 2] : revisions.find((r) => r.revision === to);
  if (!found) throw new CommandError(`unable to find specified revision ${to} in history`);
  return found;
}

/** Whether the set's template is the revision's already. */
export const matchesRevision = (set: StatefulSet, revision: ControllerRevision): boolean =>
  goStringify({ ...set.spec.template, $patch: 'replace' }) === goStringify(revision.data.spec.template);

export const asSet = (object: KubeObject): StatefulSet => object as StatefulSet;
