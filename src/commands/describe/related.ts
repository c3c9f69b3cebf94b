/** Looks up what a description shows besides its object. */
import { isNotFound } from '../../core/api/status';
import type { EndpointSlice, Event, KubeObject, Pod } from '../../core/api/types';
import type { Backend, ListOptions } from '../../core/client/backend';
import { findResource } from '../../core/client/builder';
import { type Related, relatedNeeds } from '../../render/describe';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export async function lookUp(backend: Backend, object: KubeObject, showEvents: boolean): Promise<Related> {
  const related: Mutable<Related> = {};
  const { namespace, name } = object.metadata;
  for (const need of relatedNeeds(object.kind)) {
    if (need === 'events' && showEvents) related.events = await eventsOf(backend, object);
    if (need === 'pods') {
      const options = object.kind === 'Node' ? { fieldSelector: `spec.nodeName=${name}` } : {};
      related.pods = (await list(
        backend,
        'pods',
        object.kind === 'Node' ? undefined : namespace,
        options,
      )) as readonly Pod[];
    }
    if (need === 'endpointSlices')
      related.endpointSlices = (await list(
        backend,
        'endpointslices.discovery.k8s.io',
        namespace,
        object.kind === 'Service' ? { labelSelector: `kubernetes.io/service-name=${name}` } : {},
      )) as readonly EndpointSlice[];
    if (need === 'services') related.services = await list(backend, 'services', namespace);
    if (need === 'lease') related.lease = await leaseOf(backend, name);
    if (need === 'quotas') related.quotas = await list(backend, 'resourcequotas', name);
    if (need === 'limitRanges') related.limitRanges = await list(backend, 'limitranges', name);
  }
  return related;
}

/** Events about the object itself: a namesake that came before it had another uid. */
async function eventsOf(backend: Backend, object: KubeObject): Promise<readonly Event[]> {
  const { name, uid, namespace } = object.metadata;
  const about = [`involvedObject.name=${name}`, `involvedObject.kind=${object.kind}`];
  // A node's events carry its name as uid.
  if (object.kind !== 'Node') about.push(`involvedObject.uid=${uid}`);
  if (namespace) about.push(`involvedObject.namespace=${namespace}`);
  return (await list(backend, 'events', namespace, { fieldSelector: about.join(',') })) as readonly Event[];
}

async function leaseOf(backend: Backend, name: string): Promise<KubeObject | undefined> {
  const resource = await findResource(backend, 'leases.coordination.k8s.io');
  if (!resource) return undefined;
  try {
    return await backend.get(resource, 'kube-node-lease', name);
  } catch (e) {
    if (isNotFound(e)) return undefined;
    throw e;
  }
}

async function list(
  backend: Backend,
  type: string,
  namespace: string | undefined,
  options: ListOptions = {},
): Promise<readonly KubeObject[]> {
  const resource = await findResource(backend, type);
  return resource ? (await backend.list(resource, namespace, options)).items : [];
}
