/** The revisions of StatefulSets, DaemonSets and Deployments, as rollout history and undo see them. */
import type { ControllerRevision, KubeObject, PodTemplate, StatefulSet } from '../../api/types';
import { goStringify } from '../../meta/gojson';
import { formatSelector, fromLabelSelector } from '../../meta/labels';
import type { Backend } from '../backend';
import { findResource, type Info } from '../builder';
import { CommandError } from '../errors';

/** Where the revisions of an object are; undefined for kinds that have none. */
export function historyOf({ resource }: Info): 'revisions' | 'replica sets' | undefined {
  if (resource.group !== 'apps') return undefined;
  if (resource.kind === 'Deployment') return 'replica sets';
  return resource.kind === 'StatefulSet' || resource.kind === 'DaemonSet' ? 'revisions' : undefined;
}

/** Kinds that kubectl knows to have pods; the others it does not even look at (as kindVisitor). */
const VISITED = ['Pod', 'ReplicationController', 'ReplicaSet.apps', 'Job.batch', 'CronJob.batch'];

/** The refusal for a kind that has no history. `tool` is what kubectl calls what is missing, `what` what it was made for. */
export function withoutHistory(info: Info, tool: string, what: string): CommandError {
  const { group, kind } = info.resource;
  const name = group ? `${kind}.${group}` : kind;
  return new CommandError(
    VISITED.includes(name)
      ? `no ${tool} has been implemented for "${name}"`
      : `error retrieving ${what} for "${name}", no visitor method exists for {${group} ${kind}}`,
  );
}

/** One revision as rollout history shows it. */
export interface PastTemplate {
  readonly revision: number;
  readonly changeCause: string;
  readonly template: PodTemplate;
}

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const REVISION = 'deployment.kubernetes.io/revision';

/** All revisions of an object that has a history, oldest first. */
export async function pastTemplates(backend: Backend, info: Info): Promise<readonly PastTemplate[]> {
  const owner = asSet(info.object as KubeObject);
  const causeOf = ({ metadata }: KubeObject): string => metadata.annotations?.[CHANGE_CAUSE] ?? '';
  if (historyOf(info) === 'revisions')
    return (await revisionsOf(backend, owner)).map((one) => ({
      revision: one.revision,
      changeCause: causeOf(one),
      template: templateOf(one),
    }));
  return (await replicaSetsOf(backend, owner))
    .map((one) => ({
      revision: Number(one.metadata.annotations?.[REVISION] ?? 0),
      changeCause: causeOf(one),
      template: asSet(one).spec.template,
    }))
    .sort((a, b) => a.revision - b.revision);
}

/** The set's own revisions, oldest first. */
export async function revisionsOf(backend: Backend, set: StatefulSet): Promise<readonly ControllerRevision[]> {
  const owned = (await ownedBy(backend, set, 'controllerrevisions.apps')) as readonly ControllerRevision[];
  return [...owned].sort((a, b) => a.revision - b.revision);
}

/** The ReplicaSets of a Deployment. */
export const replicaSetsOf = (backend: Backend, owner: StatefulSet): Promise<readonly KubeObject[]> =>
  ownedBy(backend, owner, 'replicasets.apps');

/** What the owner's selector matches and the owner controls. */
async function ownedBy(backend: Backend, owner: StatefulSet, kind: string): Promise<readonly KubeObject[]> {
  const resource = await findResource(backend, kind);
  if (!resource) return [];
  const selector = fromLabelSelector(owner.spec.selector);
  const labelSelector = selector === 'nothing' ? '' : formatSelector(selector);
  const { items } = await backend.list(resource, owner.metadata.namespace, { labelSelector });
  return items.filter((item) =>
    item.metadata.ownerReferences?.some((o) => o.controller && o.uid === owner.metadata.uid),
  );
}

/** The template that a revision holds, for showing it. */
export function templateOf(revision: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = revision.data.spec.template;
  return template;
}

/** The set as that revision makes it (as applyRevision). */
export const setAt = (set: StatefulSet, { template }: PastTemplate): StatefulSet => ({
  ...set,
  spec: { ...set.spec, template },
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
