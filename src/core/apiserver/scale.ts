/** The scale subresource: a set's replicas as an autoscaling/v1 Scale, and back. */

import { valueAt } from '../api/custom-resources';
import type { ResourceInfo, ScalePaths } from '../api/resources';
import { conflict, forbidden, invalid, OPTIMISTIC_LOCK } from '../api/status';
import type { KubeObject, LabelSelector } from '../api/types';
import { formatSelector, fromLabelSelector } from '../meta/labels';

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector?: LabelSelector };
  readonly status?: { readonly replicas?: number };
}

/** `paths`: where a custom resource keeps the numbers. */
export function toScale(object: KubeObject, paths?: ScalePaths): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { spec, status, selector } = paths ? customCounts(object, paths) : countsOf(object as Scalable);
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { ...(spec.replicas !== undefined && spec.replicas !== 0 && { replicas: spec.replicas }) },
    status: { replicas: status?.replicas ?? 0, ...(selector !== '' && { selector }) },
  };
}

interface Counts extends Pick<Scalable, 'status'> {
  readonly spec: { readonly replicas?: number };
  readonly selector: string;
}

const countsOf = ({ spec, status }: Scalable): Counts => ({
  spec,
  ...(status && { status }),
  selector: formatSelector(fromLabelSelector(spec.selector)),
});

/** As scaleFromCustomResource: what is not there counts as none. */
function customCounts(object: KubeObject, paths: ScalePaths): Counts {
  const count = (path: string): number => {
    const { value } = valueAt(object, path);
    return typeof value === 'number' ? value : 0;
  };
  const selector = paths.labelSelectorPath ? valueAt(object, paths.labelSelectorPath).value : '';
  return {
    spec: { replicas: count(paths.specReplicasPath) },
    status: { replicas: count(paths.statusReplicasPath) },
    selector: typeof selector === 'string' ? selector : '',
  };
}

/** The object with the scale's replicas. Throws Conflict for a scale of another version, Invalid for a bad number. */
export function withScale(resource: ResourceInfo, object: KubeObject, scale: KubeObject): KubeObject {
  const { uid, resourceVersion } = scale.metadata;
  const { name } = object.metadata;
  if (uid && uid !== object.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion && resourceVersion !== object.metadata.resourceVersion)
    throw conflict(resource, name, OPTIMISTIC_LOCK);
  if (scale.kind !== 'Scale') throw forbidden(resource, name, 'cannot parse submitted resource into a Scale');
  const replicas = replicasOf(scale);
  if (replicas < 0) {
    const detail = 'must be greater than or equal to 0';
    throw invalid('autoscaling', 'Scale', name, [
      { type: 'Invalid value', field: 'spec.replicas', value: replicas, detail },
    ]);
  }
  if (resource.scalePaths) return withValue(object, resource.scalePaths.specReplicasPath, replicas) as KubeObject;
  return { ...object, spec: { ...(object as Scalable).spec, replicas } };
}

/** The object with a value put at `.spec.replicas`. */
function withValue(object: object, path: string, value: unknown): object {
  const [head = '', ...rest] = path.replace(/^\./, '').split('.');
  const inner = (object as Record<string, unknown>)[head];
  const next =
    rest.length === 0 ? value : withValue(typeof inner === 'object' && inner ? inner : {}, rest.join('.'), value);
  return { ...object, [head]: next };
}

function replicasOf(scale: KubeObject): number {
  const { spec } = scale;
  if (typeof spec !== 'object' || spec === null || !('replicas' in spec)) return 0;
  return typeof spec.replicas === 'number' ? spec.replicas : 0;
}
