/** A server-side apply, as the local API server answers it: create what is missing, merge into what is there. */
import { decode } from '../../api/decode';
import { gvOf, type ResourceInfo, resourceKey } from '../../api/resources';
import { badRequest, invalid } from '../../api/status';
import type { KubeObject, Manifest } from '../../api/types';
import { appliedObject } from '../../apiserver/managed-fields/apply';
import type { Store } from '../../apiserver/store';
import type { WriteOptions } from '../../client/backend';

export interface ApplyCall {
  readonly resource: ResourceInfo;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The configuration, at the version that is stored. */
  readonly config: unknown;
  readonly options: WriteOptions;
}

/** Throws Invalid without a manager, Conflict over fields of others or a stale version, and what a write throws. */
export function serverSideApply(store: Store, call: ApplyCall): { object: KubeObject; old: KubeObject | undefined } {
  const { resource, namespace, name, options } = call;
  const { fieldManager, force = false, dryRun = false, subresource } = options;
  if (!fieldManager) {
    const detail = 'is required for apply patch';
    throw invalid('meta.k8s.io', 'PatchOptions', '', [{ type: 'Required value', field: 'fieldManager', detail }]);
  }
  const config = checked(call);
  const key = resourceKey(resource);
  const old = store.get(key, namespace ?? '', name);
  const write = store.writeOf(key, fieldManager, subresource);
  const { object, managedFields } = appliedObject(old, config, write, force);
  const manifest = decode(object, options.fieldValidation ?? 'Warn', (apiVersion, kind) =>
    store.customVersion(apiVersion, kind),
  ).manifest;
  const books = { manager: fieldManager, ...(managedFields && { managedFields }), ...(dryRun && { dryRun }) };
  if (!old) return { object: store.create(manifest, books), old };
  return { object: store.update(manifest as KubeObject, { ...books, ...(subresource && { subresource }) }), old };
}

function checked({ resource, namespace, name, config }: ApplyCall): Manifest {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw badRequest('error decoding YAML: the configuration is no object');
  const { apiVersion, kind, metadata } = config as Partial<Manifest>;
  if (apiVersion !== gvOf(resource) || kind !== resource.kind)
    throw badRequest(`invalid object type: ${apiVersion ?? ''}, Kind=${kind ?? ''}`);
  if (metadata?.name !== undefined && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (metadata?.namespace && resource.namespaced && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const named = { ...metadata, name, ...(resource.namespaced && namespace !== undefined && { namespace }) };
  return { ...(config as Manifest), metadata: named };
}
