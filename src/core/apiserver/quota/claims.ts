/**
 * Claims against quotas: their number and the storage that they request, in all and by storage class (as
 * evaluator/core/persistent_volume_claims.go).
 */
import { asObject, asString } from '../../api/json';
import { type ResourceList, resourceList } from '../../api/resource-list';
import type { KubeObject, PersistentVolumeClaim, ResourceRequirements } from '../../api/types';
import { Quantity } from '../../meta/quantity';
import { type Evaluator, one } from './evaluator';
import { requires } from './scopes';
import { shared } from './sharing';

const RESOURCES = ['persistentvolumeclaims', 'requests.storage'];
const BY_CLASS = '.storageclass.storage.k8s.io/';
const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

export const claimEvaluator: Evaluator = {
  concerns: (resource) =>
    resource === 'count/persistentvolumeclaims' ||
    RESOURCES.includes(resource) ||
    RESOURCES.some((name) => resource.endsWith(BY_CLASS + name)),
  usage(object: KubeObject) {
    const { metadata, spec, status } = object as PersistentVolumeClaim;
    const name = metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? '';
    const allocated = asObject(status).allocatedResources;
    const { resources } = spec;
    const found = resources && known.get(resources);
    if (found && found.name === name && found.allocated === allocated) return found.usage;
    const usage = usageOf(name, storageOf(resources, allocated));
    if (resources) known.set(resources, { name, allocated, usage });
    return usage;
  },
  inScope(requirement, object) {
    if (requirement.scopeName !== 'VolumeAttributesClass') return false;
    const { spec, status } = object as PersistentVolumeClaim;
    const classes = [
      asString(asObject(spec).volumeAttributesClassName),
      asString(asObject(status).currentVolumeAttributesClassName),
      asString(asObject(asObject(status).modifyVolumeStatus).targetVolumeAttributesClassName),
    ].filter(Boolean);
    return classes.length === 0
      ? requires(requirement, undefined)
      : classes.some((name) => requires(requirement, name));
  },
  countsUpdates: true,
};

/** Claims of one template share what they request: what they use is worked out once. */
const known = new WeakMap<object, { name: string; allocated: unknown; usage: ResourceList }>();

function usageOf(name: string, storage: Quantity | undefined): ResourceList {
  const used = new Map([
    ['persistentvolumeclaims', one()],
    ['count/persistentvolumeclaims', one()],
  ]);
  if (name) used.set(`${name}${BY_CLASS}persistentvolumeclaims`, one());
  if (storage) used.set('requests.storage', storage);
  if (name && storage) used.set(`${name}${BY_CLASS}requests.storage`, storage);
  return shared(used);
}

/** In whole bytes; what is allocated counts while it is more than what is requested. */
function storageOf(resources: ResourceRequirements | undefined, allocated: unknown): Quantity | undefined {
  const requested = resourceList(resources?.requests).get('storage');
  const given = resourceList(allocated).get('storage');
  const more = requested && given && given.compare(requested) > 0 ? given : requested;
  if (!more) return undefined;
  const whole = Quantity.parse(more.value());
  return whole.compare(more) === 0 ? more : whole.inFormatOf(more);
}
