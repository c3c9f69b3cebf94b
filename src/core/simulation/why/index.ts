/** Why an object is where it is: asks what the controllers decided, and tells it with what lies behind. */
import { findResources, resourceKey } from '../../api/resources';
import { notFound } from '../../api/status';
import type { KubeObject, PersistentVolumeClaim, Pod, StatefulSet } from '../../api/types';
import type { Explanation, Subject } from '../../reports/why';
import type { Cluster } from '../cluster';
import { explainClaim } from './claim';
import { explainOther } from './other';
import { explainPod } from './pod';
import { explainSet } from './statefulset';
import { World } from './world';

export type { Explanation, Reason, Subject } from '../../reports/why';

/**
 * What an object waits for at the cluster's present instant. The cluster is not changed: what needs a decision of a controller
 * is asked of a copy. Throws a NotFound ApiError where there is no such object.
 */
export function explain(cluster: Cluster, subject: Subject): Explanation {
  const world = new World(cluster);
  const object = find(cluster, subject);
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

function find(cluster: Cluster, { kind, namespace, name }: Subject): KubeObject {
  const { store } = cluster;
  const resource = findResources(kind) ?? findResources(kind, store.customResources());
  if (!resource) throw new Error(`no kind ${kind}`);
  const object = store.get<KubeObject>(resourceKey(resource), namespace ?? '', name);
  if (!object) throw notFound(resource, name);
  return object;
}
