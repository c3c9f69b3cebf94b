/** Why an object is where it is: asks what the controllers decided, and tells it with what lies behind. */
import { findResources, resourceKey } from '../../api/resources';
import { ApiError, notFound } from '../../api/status';
import type { KubeObject, PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types';
import type { Explanation, Subject } from '../../reports/why';
import type { Cluster } from '../cluster';
import { explainClaim } from './claim';
import { explainFutureClaim, explainFuturePod } from './future';
import { explainOther } from './other';
import { explainPod } from './pod';
import { explainSet } from './statefulset';
import { World } from './world';

export type { Explanation, Reason, Subject } from '../../reports/why';

/**
 * What an object waits for at the cluster's present instant. The cluster is not changed: what needs a decision of a controller
 * is asked of a copy. Throws a NotFound ApiError where there is no such object.
 */
export const explain = (cluster: Cluster, subject: Subject): Explanation => tell(cluster, new World(cluster), subject);

/** The same of several, in their order; an error in the place of what does not exist. */
export function explainAll(cluster: Cluster, subjects: readonly Subject[]): readonly (Explanation | ApiError)[] {
  const world = new World(cluster);
  return subjects.map((subject) => {
    try {
      return tell(cluster, world, subject);
    } catch (e) {
      if (e instanceof ApiError) return e;
      throw e;
    }
  });
}

function tell(cluster: Cluster, world: World, subject: Subject): Explanation {
  const resource = findResources(subject.kind) ?? findResources(subject.kind, cluster.store.customResources());
  if (!resource) throw new Error(`no kind ${subject.kind}`);
  const object = world.get<KubeObject>(resourceKey(resource), subject.namespace, subject.name);
  if (!object) {
    const future = explainFuture(world, resource.kind, subject);
    if (future) return future;
    throw notFound(resource, subject.name);
  }
  switch (object.kind) {
    case 'StatefulSet':
      return explainSet(world, object as StatefulSet);
    case 'Pod':
      return explainPod(world, object as Pod);
    case 'PersistentVolumeClaim':
      return explainClaim(world, object as PersistentVolumeClaim);
  }
  return explainOther(world, object);
}

/** What is not there yet, but a set asks for it. */
function explainFuture(world: World, kind: string, { namespace = '', name }: Subject): Explanation | undefined {
  if (kind === 'Pod') return explainFuturePod(world, namespace, name);
  return kind === 'PersistentVolumeClaim' ? explainFutureClaim(world, namespace, name) : undefined;
}
