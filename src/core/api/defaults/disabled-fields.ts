/** Fields of pods that Kubernetes 1.36 knows but has switched off: they are dropped in silence (as dropDisabledFields). */
import { isSet, type Json, mapField, mapList } from '../json';

/** ContainerStopSignals, ClusterTrustBundleProjection, PodCertificateRequest and GenericWorkload are off. */
export function withoutDisabledFields(spec: Json): Json {
  let s = without(spec, ['schedulingGroup']);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) s = mapList(s, list, withoutStopSignal);
  return mapList(s, 'volumes', (volume) =>
    mapField(volume, 'projected', (projected) =>
      mapList(projected, 'sources', (source) => without(source, ['clusterTrustBundle', 'podCertificate'])),
    ),
  );
}

/** A life cycle that said nothing else goes with it. */
function withoutStopSignal(container: Json): Json {
  const changed = mapField(container, 'lifecycle', (lifecycle) => without(lifecycle, ['stopSignal']));
  if (changed === container || !isEmpty(changed.lifecycle)) return changed;
  return without(changed, ['lifecycle']);
}

const isEmpty = (value: unknown): boolean => Object.keys(value as object).length === 0;

function without(object: Json, fields: readonly string[]): Json {
  if (!fields.some((field) => isSet(object[field]))) return object;
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
