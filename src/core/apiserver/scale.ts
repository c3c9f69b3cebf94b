/** The scale subresource of sets of pods: autoscaling/v1 Scale, read from and written to the object behind it. */
import { badRequest, noSuchPath, type ResourceName } from '../api/status';
import type { KubeObject, LabelSelector } from '../api/types';
import { formatSelector, fromLabelSelector } from '../meta/labels';

const SCALABLE = new Set(['statefulsets.apps', 'deployments.apps', 'replicasets.apps', 'replicationcontrollers']);

export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

/** Throws NotFound (`the server could not find the requested resource`) for kinds without the subresource. */
export function assertScalable(resource: ResourceName): void {
  const key = resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
  if (!SCALABLE.has(key)) throw noSuchPath();
}

export function scaleOf(object: KubeObject): Scale {
  const spec = object.spec as { replicas?: number; selector?: LabelSelector };
  const status = object.status as { replicas?: number } | undefined;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = spec.selector ? fromLabelSelector(spec.selector) : undefined;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: spec.replicas ? { replicas: spec.replicas } : {},
    status: {
      replicas: status?.replicas ?? 0,
      ...(selector !== undefined && selector !== 'nothing' && { selector: formatSelector(selector) }),
    },
  };
}

/** The object with the replicas of a Scale. Throws BadRequest when it is for another object. */
export function withScale(
  object: KubeObject,
  scale: { metadata?: { name?: string }; spec?: { replicas?: number } },
): KubeObject {
  const name = scale.metadata?.name;
  if (name !== undefined && name !== '' && name !== object.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${object.metadata.name})`);
  }
  return { ...object, spec: { ...(object.spec as object), replicas: scale.spec?.replicas ?? 0 } };
}
