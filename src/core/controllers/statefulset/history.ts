/**
 * Revision history: the set's templates as ControllerRevisions (as pkg/controller/history and the revision half of
 * stateful_set_control.go).
 */
import { decode } from '../../api/decode';
import { withDefaults } from '../../api/defaults';
import { ApiError, isAlreadyExists } from '../../api/status';
import type { ControllerRevision, Manifest, PodTemplate, StatefulSet } from '../../api/types';
import type { Store } from '../../apiserver/store';
import { goStringify } from '../../meta/gojson';
import { revisionHash } from '../../meta/hash';
import { newControllerRef } from './utils';

const HASH_LABEL = 'controller.kubernetes.io/hash';

/** The data of a template's revision, byte for byte as upstream stores it; remembered per template object. */
const serialised = new WeakMap<object, string>();

function revisionData(template: object): string {
  let data = serialised.get(template);
  if (data === undefined) {
    data = goStringify({ spec: { template: { ...template, $patch: 'replace' } } });
    serialised.set(template, data);
  }
  return data;
}

/** The template that a revision restores. */
export function templateOf(revision: ControllerRevision): PodTemplate {
  const { $patch: _directive, ...template } = revision.data.spec.template;
  return template;
}

const sameData = (revision: ControllerRevision, data: string): boolean => {
  const template = revision.data.spec.template;
  let stored = serialised.get(template);
  if (stored === undefined) {
    stored = goStringify(revision.data);
    serialised.set(template, stored);
  }
  return stored === data;
};

/**
 * The newest revision that a server of another version wrote differently: without a field that has a default now, or with an
 * empty one that is left out now (as StatefulSetSemanticRevisionComparison, which is on since 1.34).
 */
function sameMeaning(revisions: readonly ControllerRevision[], template: PodTemplate): ControllerRevision | undefined {
  if (revisions.length === 0) return undefined;
  const meant = meaning(template);
  return revisions.findLast((revision) => meaning(templateOf(revision)) === meant);
}

function meaning(template: PodTemplate): string {
  const object = { apiVersion: 'v1', kind: 'PodTemplate', metadata: {}, template };
  try {
    return goStringify(withDefaults(decode(object, 'Ignore').manifest));
  } catch (error) {
    // What can't be read as a template means nothing but itself.
    if (error instanceof ApiError) return goStringify(template);
    throw error;
  }
}

/** By revision number; equal numbers by age, then by name (as history.SortControllerRevisions). */
export function sortRevisions(revisions: ControllerRevision[]): ControllerRevision[] {
  return revisions.sort(
    (a, b) =>
      a.revision - b.revision ||
      compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
      compare(a.metadata.name, b.metadata.name),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export interface SetRevisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/**
 * The current and the update revision of a set. The update revision is an equal one of the history, renumbered unless it
 * is the newest, or else a new one. `revisions` must be sorted. Throws what the store throws.
 */
export function resolveRevisions(
  store: Store,
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
): SetRevisions {
  let collisionCount = set.status.collisionCount ?? 0;
  const data = revisionData(set.spec.template);
  const newest = revisions[revisions.length - 1];
  const lastEqual =
    revisions.findLast((revision) => sameData(revision, data)) ?? sameMeaning(revisions, set.spec.template);
  let update: ControllerRevision;
  if (lastEqual && lastEqual === newest) {
    update = newest;
  } else if (lastEqual) {
    update = store.update({ ...lastEqual, revision: (newest?.revision ?? 0) + 1 });
  } else {
    const created = createRevision(store, set, data, (newest?.revision ?? 0) + 1, collisionCount);
    update = created.revision;
    collisionCount = created.collisionCount;
  }
  const current =
    update.metadata.name === set.status.currentRevision
      ? update
      : revisions.find((revision) => revision.metadata.name === set.status.currentRevision);
  return { current: current ?? update, update, collisionCount };
}

/** A name taken by other data raises the collision count, which the hash includes. */
function createRevision(
  store: Store,
  set: StatefulSet,
  data: string,
  number: number,
  collisions: number,
): { revision: ControllerRevision; collisionCount: number } {
  let collisionCount = collisions;
  for (;;) {
    const hash = revisionHash(data, collisionCount);
    const manifest: Manifest = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${set.metadata.name}-${hash}`,
        namespace: set.metadata.namespace,
        labels: { ...set.spec.template.metadata?.labels, [HASH_LABEL]: hash },
        ...(set.metadata.annotations && { annotations: set.metadata.annotations }),
        ownerReferences: [newControllerRef(set)],
      },
      // In the order of the bytes too: who compares a template with what is stored compares bytes (statefulsetMatch).
      data: JSON.parse(data) as ControllerRevision['data'],
      revision: number,
    };
    try {
      const revision = store.create<ControllerRevision>(manifest);
      serialised.set(revision.data.spec.template, data);
      return { revision, collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const existing = store.get<ControllerRevision>(
        'controllerrevisions.apps',
        set.metadata.namespace ?? '',
        manifest.metadata.name as string,
      );
      if (existing && sameData(existing, data)) return { revision: existing, collisionCount };
      collisionCount += 1;
    }
  }
}

/** The revisions past the limit that nothing wears, oldest first (as truncateHistory). A negative limit keeps all. */
export function surplusRevisions(
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
  live: (name: string) => boolean,
): ControllerRevision[] {
  const limit = set.spec.revisionHistoryLimit ?? 10;
  const history = revisions.filter((revision) => !live(revision.metadata.name));
  if (limit < 0 || history.length <= limit) return [];
  return history.slice(0, history.length - limit);
}
